import { randomBytes } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { messageOf } from "../emulator/core/errors";
import { listen } from "../emulator/core/http";
import { replaceFile } from "../emulator/core/replaceFile";
import { isSameSecret } from "../emulator/core/secrets";
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
export async function openKeyDesk(options: { folder: string; apps(): FunctionApp[] }): Promise<KeyDesk> {
    const secret = randomBytes(32).toString("base64url");
    const server = createServer(async (request, response) => {
        const presented = request.headers.authorization?.replace(/^Bearer /, "") ?? "";
        if (!isSameSecret(secret, presented)) {
            response.writeHead(401).end();
            return;
        }
        const keys = await Promise.all(options.apps().map(keysOf));
        response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" });
        response.end(JSON.stringify(keys));
    });
    const port = await listen(server, {});
    const file = join(options.folder, fileName);
    writeFileSync(`${file}.next`, JSON.stringify({ port, secret }), { mode: 0o600 });
    replaceFile(`${file}.next`, file);
    return {
        close: () =>
            new Promise((resolve) => {
                rmSync(file, { force: true });
                server.close(() => resolve());
                server.closeAllConnections();
            }),
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
    let response: Response;
    try {
        response = await fetch(`http://127.0.0.1:${desk.port}/`, {
            headers: { authorization: `Bearer ${desk.secret}` },
            redirect: "error",
            signal: AbortSignal.timeout(30_000),
        });
    } catch {
        throw idle;
    }
    if (response.status !== 200) {
        throw idle;
    }
    return (await response.json()) as AppKeys[];
}
