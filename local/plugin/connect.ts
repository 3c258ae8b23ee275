import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import {
    type Contact,
    callMetadata,
    heldExitCode,
    logFileIn,
    readContact,
    sessionService,
    unlimitedMessages,
} from "./contact";

export interface Connection {
    client: grpc.Client;
    contact: Contact;
    /** Whether the server was started for this connection. */
    started: boolean;
}

// Opening everything that existed before takes a few seconds on a slow machine.
const startMilliseconds = 60_000;
const retryMilliseconds = 100;
const heldMilliseconds = 3_000;

/** Opens a session, which lasts until this process ends; undefined when nobody answers. */
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
        // Heard for as long as the session lasts: a server that ends is no fault of this process.
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
    /** Exit code, once it has ended. */
    code: number | null | undefined;
}

/** The server outlives this process, the CLI and the terminal. */
function startServer({ folder, stack }: { folder: string; stack: string }): Started {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const log = openSync(logFileIn(folder), "a", 0o600);
    const child = spawn(process.execPath, [join(__dirname, "start.cjs"), folder, stack], {
        detached: true,
        stdio: ["ignore", log, log],
    });
    closeSync(log);
    child.unref();
    const started: Started = { pid: child.pid, since: Date.now(), code: undefined };
    child.once("error", () => {
        started.code = null;
    });
    child.once("exit", (code) => {
        started.code = code;
    });
    return started;
}

function lastLines(file: string): string {
    try {
        return readFileSync(file, "utf8").trim().split("\n").slice(-5).join("\n");
    } catch {
        return "";
    }
}

/** Finds the process that holds the stack's local Azure, or starts it. Throws with the end of its log when it does not start. */
export async function connect(options: { folder: string; stack: string }): Promise<Connection> {
    const deadline = Date.now() + startMilliseconds;
    let server: Started | undefined;
    while (Date.now() < deadline) {
        const contact = readContact(options.folder);
        const client = contact && (await tryContact(contact));
        if (client) {
            return { client, contact, started: server?.pid === contact.pid };
        }
        if (server?.code !== undefined && server.code !== heldExitCode) {
            break;
        }
        // Another server holds the stack. It may be about to answer, or about to end: this one is tried again later.
        if (server?.code === heldExitCode && Date.now() > server.since + heldMilliseconds) {
            server = undefined;
        }
        server ??= startServer(options);
        await new Promise((resolve) => setTimeout(resolve, retryMilliseconds));
    }
    const log = logFileIn(options.folder);
    throw new Error(
        `The local Azure of stack "${options.stack}" did not start. The end of its log ${log}:\n${lastLines(log)}`,
    );
}
