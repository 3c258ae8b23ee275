import { randomBytes } from "node:crypto";
import { once } from "node:events";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { Emulator, EmulatorOptions } from "../../../emulator";
import { type Clock, systemClock } from "../../../emulator/core/clock";
import type { Log } from "../../../emulator/core/log";
import { functions, handlers } from "../../azure";
import type { Lock } from "../../engine/lock";
import { removeContact, sessionService, unlimitedMessages, writeContact } from "../contact";
import { isAllowed, refusal } from "./calls";
import { providerCalls } from "./provider";
import { openStore } from "./store";

export interface ServerOptions {
    /** Where the stack's data are kept, and the address of this server. */
    folder: string;
    /** The folder's, released at the end. */
    lock: Lock;
    startEmulator(options: EmulatorOptions): Promise<Emulator>;
    log: Log;
    /** Defaults to the system's clock. */
    clock?: Clock;
}

export interface Server {
    /** Resolves when the server has ended by itself or by `close`. */
    ended: Promise<void>;
    close(): Promise<void>;
}

/** Between the preview and the update of a first `pulumi up` no plugin runs while the user thinks. */
const idleMilliseconds = 60_000;

/**
 * Holds the local Azure of one stack for any number of CLI commands.
 * It ends by itself with the command that deletes the last resource, and a minute after one that made none.
 */
export async function startServer(options: ServerOptions): Promise<Server> {
    const clock = options.clock ?? systemClock;
    const secret = randomBytes(32).toString("hex");
    const byToken = new Map(handlers.map((handler) => [handler.token, handler]));
    const store = openStore({ ...options, handlers: byToken });
    const grpcServer = new grpc.Server(unlimitedMessages);
    const ending = new AbortController();
    const ended = once(ending.signal, "abort").then(closeAll);
    let sessions = 0;
    let cancelEnd = () => {};

    async function closeAll(): Promise<void> {
        // First of all, so that nobody is sent to a server that is about to end.
        removeContact(options.folder);
        grpcServer.forceShutdown();
        await store.close();
        options.lock.release();
    }

    function endWhenUnused(): void {
        cancelEnd();
        if (store.isEmptied()) {
            ending.abort();
            return;
        }
        cancelEnd = clock.after(idleMilliseconds, () => {
            // A command that was killed may have left work under way.
            if (store.isEmpty()) {
                ending.abort();
            }
        });
    }

    function openSession(call: grpc.ServerWritableStream<Buffer, Buffer>): void {
        if (!isAllowed(call.metadata, secret)) {
            return void call.emit("error", refusal);
        }
        sessions++;
        cancelEnd();
        call.sendMetadata(new grpc.Metadata());
        call.once("cancelled", () => {
            sessions--;
            if (sessions === 0) {
                endWhenUnused();
            }
        });
    }

    grpcServer.addService(
        ResourceProviderService as unknown as grpc.ServiceDefinition,
        providerCalls({ store, handlers: byToken, functions: new Map(functions.map((f) => [f.token, f])), secret }),
    );
    grpcServer.addService(sessionService, { open: openSession });
    try {
        const port = await new Promise<number>((resolve, reject) =>
            grpcServer.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
                error ? reject(error) : resolve(bound),
            ),
        );
        // What ran before a restart of the machine runs again, even if the command at hand does not ask for it.
        if (!store.isEmpty()) {
            await store.world();
        }
        writeContact(options.folder, { address: `127.0.0.1:${port}`, secret, pid: process.pid });
        endWhenUnused();
    } catch (error) {
        await closeAll();
        throw error;
    }
    return {
        ended,
        close() {
            ending.abort();
            return ended;
        },
    };
}
