import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { acquireLock } from "../../local/engine/lock";
import { callMetadata, readContact, sessionService } from "../../local/plugin/contact";
import { type Server, type ServerOptions, startServer } from "../../local/plugin/server";
import { FakeClock } from "./clock";
import { createFakeEmulator, type FakeEmulator } from "./fakeEmulator";
import { createProviderClient, type ProviderClient } from "./providerClient";

export interface RunningServer {
    server: Server;
    client: ProviderClient;
    /** Connects a plugin that stays until the test closes it. Resolves when the server has registered the plugin. */
    openSession(secret?: string): Promise<{ close(): void }>;
    close(): Promise<void>;
}

/** Starts servers over a fake emulator, one after another in the same folder. */
export function createServerBench() {
    const folder = mkdtempSync(join(tmpdir(), "plugin-server-"));
    const clock = new FakeClock();
    const running = new Set<RunningServer>();
    return {
        folder,
        clock,
        async start(
            emulator: FakeEmulator = createFakeEmulator(),
            more: Partial<ServerOptions> = {},
        ): Promise<RunningServer> {
            const lock = acquireLock(folder, "test");
            const server = await startServer({
                folder,
                lock,
                clock,
                log() {},
                startEmulator: async () => emulator,
                ...more,
            });
            const { address, secret } = readContact(folder)!;
            const client = createProviderClient(address, callMetadata({ secret, location: "northeurope" }));
            const started: RunningServer = {
                server,
                client,
                openSession(given = secret) {
                    const channel = new grpc.Client(address, grpc.credentials.createInsecure());
                    const { path, requestSerialize, responseDeserialize } = sessionService.open;
                    const metadata = callMetadata({ secret: given });
                    const session = channel.makeServerStreamRequest(
                        path,
                        requestSerialize,
                        responseDeserialize,
                        Buffer.alloc(0),
                        metadata,
                    );
                    return new Promise((resolve, reject) => {
                        session.once("metadata", () => resolve({ close: () => session.cancel() }));
                        session.on("error", reject);
                    });
                },
                async close() {
                    client.close();
                    await server.close();
                    running.delete(started);
                },
            };
            running.add(started);
            return started;
        },
        async close() {
            for (const { close } of running) {
                await close();
            }
            rmSync(folder, { recursive: true, force: true });
        },
    };
}
