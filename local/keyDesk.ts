import { randomBytes } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../emulator/core/errors";
import { fetchOnce } from "../emulator/core/fetchOnce";
import { bearerToken, sendJson } from "../emulator/core/http";
import { parseJson } from "../emulator/core/json";
import type { LogLevel } from "../emulator/core/log";
import { isRecord, writePrivateFile } from "../emulator/core/persistence";
import { isSameSecret } from "../emulator/core/secrets";
import { openServer } from "../emulator/core/server";
import type { FunctionAddress, FunctionApp, HostKeys } from "../emulator/functions";

/** The keys of one running app. */
export interface AppKeys {
    name: string;
    hostName: string;
    functions: FunctionAddress[];
    host?: HostKeys;
    /** Keys of single functions, by name of the function. */
    own?: Record<string, Record<string, string>>;
    /** Why there are no keys. */
    reason?: string;
}

export interface KeyDesk {
    close(): Promise<void>;
}

const fileName = "keys.json";

/**
 * Tells the keys of the running apps to the command `keys`, which is another process: on a port of this machine, to whoever presents
 * the secret that stands in a file of the stack's folder. Only the owner of the folder can read the file.
 */
export async function openKeyDesk(options: {
    folder: string;
    apps(): FunctionApp[];
    log(level: LogLevel, message: string): void;
}): Promise<KeyDesk> {
    const secret = randomBytes(32).toString("base64url");
    const server = await openServer({
        log: options.log,
        async request(request, response) {
            if (!isSameSecret(secret, bearerToken(request) ?? "")) {
                response.writeHead(401).end();
                return;
            }
            const keys = await Promise.all(options.apps().map(keysOf));
            sendJson(response, { status: 200, body: keys, headers: { "Cache-Control": "no-store" } });
        },
    });
    const file = join(options.folder, fileName);
    writePrivateFile(file, JSON.stringify({ port: server.port, secret }));
    return {
        async close() {
            rmSync(file, { force: true });
            await server.close();
        },
    };
}

async function keysOf(app: FunctionApp): Promise<AppKeys> {
    const about = { name: app.name, hostName: app.hostName, functions: app.addresses() };
    try {
        const guarded = about.functions.filter(({ authLevel }) => authLevel === "function");
        const own = await Promise.all(
            guarded.map(
                async ({ name }): Promise<[string, Record<string, string>]> => [name, await app.functionKeys(name)],
            ),
        );
        return { ...about, host: await app.hostKeys(), own: Object.fromEntries(own) };
    } catch (error) {
        return { ...about, reason: messageOf(error) };
    }
}

/** Asks a running stack for its keys. Throws when it does not run. */
export async function askForKeys({ folder, stack }: { folder: string; stack: string }): Promise<AppKeys[]> {
    const idle = new Error(`Stack "${stack}" does not run. Start it with azure-realtime start --stack ${stack} first.`);
    let desk: { port: number; secret: string };
    try {
        desk = JSON.parse(readFileSync(join(folder, fileName), "utf8"));
    } catch {
        throw idle;
    }
    try {
        const { status, text } = await fetchOnce({
            fetch,
            url: `http://127.0.0.1:${desk.port}/`,
            init: {
                headers: { authorization: `Bearer ${desk.secret}` },
                signal: AbortSignal.timeout(30_000),
            },
        });
        const keys: unknown = parseJson(text);
        if (status === 200 && Array.isArray(keys) && keys.every(isAppKeys)) {
            return keys;
        }
    } catch {
        // Nobody listens there, or not the stack: its run was killed, and another program has the port.
    }
    throw idle;
}

function isAppKeys(value: unknown): value is AppKeys {
    if (!isRecord(value) || !Array.isArray(value.functions) || !value.functions.every(isNamed)) {
        return false;
    }
    const { name, hostName, host, own, reason } = value;
    return (
        typeof name === "string" &&
        typeof hostName === "string" &&
        (reason === undefined || typeof reason === "string") &&
        (own === undefined || (isRecord(own) && Object.values(own).every(isTexts))) &&
        (host === undefined ||
            (isRecord(host) &&
                typeof host.masterKey === "string" &&
                isTexts(host.functionKeys) &&
                isTexts(host.systemKeys)))
    );
}

const isNamed = (value: unknown) => isRecord(value) && typeof value.name === "string";
const isTexts = (value: unknown) => isRecord(value) && Object.values(value).every((text) => typeof text === "string");
