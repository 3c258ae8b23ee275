import { randomBytes } from "node:crypto";
import { once } from "node:events";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { Emulator, EmulatorOptions } from "../../../emulator";
import { type Clock, systemClock } from "../../../emulator/core/clock";
import type { Log } from "../../../emulator/core/log";
import type { AzureTiming } from "../../../emulator/core/timing";
import type { FunctionsHost } from "../../../emulator/functions/options";
import { functions, handlers } from "../../azure";
import { withAnyAnswers } from "../../engine/answer";
import { createHandlers } from "../../engine/handlers";
import type { Lock } from "../../engine/lock";
import { removeContact, sessionService, unlimitedMessages, writeContact } from "../contact";
import { requireSecret } from "./calls";
import { providerCalls } from "./provider";
import { Store } from "./store";
import { watchLock } from "./watchLock";

export interface ServerOptions {
    /** Folder for the stack's data and the address of this server. */
    folder: string;
    /** Lock of the folder. The server releases it at the end. */
    lock: Lock;
    startEmulator(options: EmulatorOptions): Promise<Emulator>;
    log: Log;
    /** Defaults to the system's clock. */
    clock?: Clock;
    azureTiming?: AzureTiming;
    /** Host of the function apps. Defaults to `auto`. */
    functionsHost?: FunctionsHost;
}

export interface Server {
    /** Resolves when the server has ended, on its own or through `close`. */
    ended: Promise<void>;
    close(): Promise<void>;
}

/** Bridges the pause between preview and update of a first `pulumi up`: no plugin runs until the user confirms. */
const idleMilliseconds = 60_000;

/**
 * Holds the local Azure of one stack for any number of CLI commands.
 * The server ends with the command that deletes the last resource, a minute after a command that created none, and when
 * somebody deletes its folder, because the next command would start another server there.
 */
export async function startServer(options: ServerOptions): Promise<Server> {
    const clock = options.clock ?? systemClock;
    const secret = randomBytes(32).toString("hex");
    const byToken = createHandlers(handlers);
    const byFunctionToken = new Map(functions.map((one) => [one.token, one]));
    const store = new Store({ ...options, handlers: byToken });
    const grpcServer = new grpc.Server({ ...unlimitedMessages, interceptors: [requireSecret(secret)] });
    const ending = new AbortController();
    const ended = once(ending.signal, "abort").then(closeAll);
    let sessions = 0;
    let cancelEnd = () => {};
    const stopWatching = watchLock({ ...options, onLost: () => ending.abort() });

    async function closeAll(): Promise<void> {
        // Removed first, so that no plugin connects to a server that is about to end.
        cancelEnd();
        stopWatching();
        if (options.lock.isHeld()) {
            removeContact(options.folder);
        }
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
            // Checked again, because a command that was killed may still have had calls in progress.
            if (store.isEmpty()) {
                ending.abort();
            }
        });
    }

    function openSession(call: grpc.ServerWritableStream<Buffer, Buffer>): void {
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
        withAnyAnswers(ResourceProviderService),
        providerCalls({ store, handlers: byToken, functions: byFunctionToken }),
    );
    grpcServer.addService(sessionService, { open: openSession });
    try {
        const port = await new Promise<number>((resolve, reject) =>
            grpcServer.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
                error ? reject(error) : resolve(bound),
            ),
        );
        // Reopened at once, so that after a restart of the machine the chat runs even if no command asks for it.
        if (!store.isEmpty()) {
            await store.world();
        }
        const { functionsHost = "auto" } = options;
        writeContact(options.folder, { address: `127.0.0.1:${port}`, secret, pid: process.pid, functionsHost });
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
