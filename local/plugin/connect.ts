import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { readTextIfAny } from "../../emulator/core/persistence";
import type { FunctionsHost } from "../../emulator/functions/options";
import {
    type Contact,
    callMetadata,
    heldExitCode,
    logFileIn,
    readContact,
    sessionService,
    unlimitedMessages,
    wantedFunctionsHost,
} from "./contact";

export interface Connection {
    client: grpc.Client;
    contact: Contact;
    /** Whether the server was started for this connection. */
    started: boolean;
}

// Reopening every resource of the last run takes a few seconds on a slow machine.
const startMilliseconds = 60_000;
const retryMilliseconds = 100;
const heldMilliseconds = 3_000;

/** Opens a session, which lasts until this process ends. Returns undefined when no server answers. */
async function tryContact(contact: Contact): Promise<grpc.Client | undefined> {
    const client = new grpc.Client(contact.address, grpc.credentials.createInsecure(), unlimitedMessages);
    const { path, requestSerialize, responseDeserialize } = sessionService.open;
    const session = client.makeServerStreamRequest(
        path,
        requestSerialize,
        responseDeserialize,
        Buffer.alloc(0),
        callMetadata(contact),
    );
    const answered = await new Promise<boolean>((resolve) => {
        session.once("metadata", () => resolve(true));
        // The listener stays for the whole session, because an unhandled error would end this process with the server.
        session.on("error", () => resolve(false));
    });
    if (answered) {
        return client;
    }
    client.close();
    return undefined;
}

interface Started {
    pid: number | undefined;
    since: number;
    /** Exit code; undefined while the server runs. */
    code: number | null | undefined;
}

/** Starts the server as a background process that outlives this process, the CLI and the terminal. */
function startServer({ folder, stack }: { folder: string; stack: string }): Started {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const log = openSync(logFileIn(folder), "a", 0o600);
    // The sources have the first of these files, the build the second.
    const starter = ["server/start.js", "server.js"].map((name) => join(__dirname, name)).find(existsSync) ?? "";
    const child = spawn(process.execPath, [starter, folder, stack], {
        detached: true,
        windowsHide: true,
        stdio: ["ignore", log, log],
    });
    closeSync(log);
    child.unref();
    const started: Started = { pid: child.pid, since: performance.now(), code: undefined };
    child.once("error", () => {
        started.code = null;
    });
    child.once("exit", (code) => {
        started.code = code;
    });
    return started;
}

function lastLines(file: string): string {
    return (readTextIfAny(file) ?? "").trim().split("\n").slice(-5).join("\n");
}

/** Why a command is refused that asks for another host of the function apps than the one that a running local Azure has. */
function describeOtherHost(refused: { contact: Contact; stack: string; wanted: FunctionsHost }): string {
    const { contact, stack, wanted } = refused;
    return (
        `--functions-host is ${wanted}, and the local Azure of stack "${stack}" runs in process ${contact.pid} with ` +
        `${contact.functionsHost}. End it with kill ${contact.pid}, and run the command again.`
    );
}

/** Connects to the server of the stack's local Azure, and starts it if needed. An error contains the end of the server's log. */
export async function connect({ folder, stack }: { folder: string; stack: string }): Promise<Connection> {
    const wanted = wantedFunctionsHost(process.env);
    const deadline = performance.now() + startMilliseconds;
    let server: Started | undefined;
    while (performance.now() < deadline) {
        const contact = readContact(folder);
        const client = contact && (await tryContact(contact));
        if (client) {
            if (wanted !== undefined && wanted !== contact.functionsHost) {
                client.close();
                throw new Error(describeOtherHost({ contact, stack, wanted }));
            }
            return { client, contact, started: server?.pid === contact.pid };
        }
        if (server?.code !== undefined && server.code !== heldExitCode) {
            break;
        }
        // Another server holds the stack. It may be starting or ending, so after a while this process starts a server again.
        if (server?.code === heldExitCode && performance.now() > server.since + heldMilliseconds) {
            server = undefined;
        }
        server ??= startServer({ folder, stack });
        await new Promise((resolve) => setTimeout(resolve, retryMilliseconds));
    }
    const log = logFileIn(folder);
    throw new Error(`The local Azure of stack "${stack}" did not start. The end of its log ${log}:\n${lastLines(log)}`);
}
