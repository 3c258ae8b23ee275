import { once } from "node:events";
import type { Server } from "node:http";
import { type AddressInfo, createServer, type Server as NetServer } from "node:net";

/** All that the emulator serves, it serves to this machine only. */
export const loopback = "127.0.0.1";

export interface ListenOptions {
    /** The port wanted. Defaults to a free one; one that is taken is answered with a free one. */
    port?: number;
}

/** Makes a TCP or HTTP server listen on loopback, and resolves with the port it has. */
export async function listen(server: NetServer, options: ListenOptions = {}): Promise<number> {
    const wanted = options.port ?? 0;
    try {
        return await listenOn(server, wanted);
    } catch (error) {
        if (wanted === 0 || !isPortUnavailable(error)) {
            throw error;
        }
        return listenOn(server, 0);
    }
}

/** Stops an HTTP server: no new connections, and those that are open end now. Resolves at once when it never listened. */
export async function closeServer(server: Server): Promise<void> {
    if (!server.listening) {
        return;
    }
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
}

/** A port that nobody had a moment ago. */
export async function freePort(): Promise<number> {
    const server = createServer();
    const port = await listenOn(server, 0);
    server.close();
    await once(server, "close");
    return port;
}

async function listenOn(server: NetServer, port: number): Promise<number> {
    const listening = once(server, "listening");
    server.listen(port, loopback);
    await listening;
    return (server.address() as AddressInfo).port;
}

function isPortUnavailable(error: unknown): boolean {
    const code = (error as NodeJS.ErrnoException).code;
    return code === "EADDRINUSE" || code === "EACCES";
}
