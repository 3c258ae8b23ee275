import type { Dialect } from "./dialects";
import { openRawSocket, type RawSocket } from "./rawSocket";

const utf8 = (payload: Buffer): string => payload.toString("utf8");

/** Opens a client and waits until the server has accepted it. */
export async function openClient(options: { url: string; dialect: Dialect }): Promise<RawSocket> {
    const { dialect } = options;
    let ready: () => void;
    const isIn = new Promise<void>((resolve) => {
        ready = resolve;
    });
    const socket = await openRawSocket({
        url: options.url,
        protocol: dialect.protocol,
        onFrame(payload) {
            const frame = utf8(payload);
            const answer = dialect.handshake(frame);
            if (answer !== undefined) {
                socket.send(answer);
            } else if (dialect.isReady(frame)) {
                ready();
            }
        },
    });
    if (dialect.greeting !== undefined) {
        socket.send(dialect.greeting);
    }
    await isIn;
    return socket;
}

/** Opens a client at each URL, at most `atOnce` at a time. */
export async function openClients(options: {
    urls: readonly string[];
    dialect: Dialect;
    atOnce: number;
}): Promise<RawSocket[]> {
    const clients: RawSocket[] = [];
    const waiting = options.urls.values();
    const openSome = async (): Promise<void> => {
        for (const url of waiting) {
            clients.push(await openClient({ url, dialect: options.dialect }));
        }
    };
    await Promise.all(Array.from({ length: options.atOnce }, openSome));
    return clients;
}
