import { WebSocket } from "ws";

/** Opens a WebSocket and sends each of these frames when the one before is answered. Errors of the socket are left to the test. */
export async function openSocket(
    url: string,
    frames: readonly string[],
    protocols: readonly string[] = [],
): Promise<WebSocket> {
    const socket = new WebSocket(url, [...protocols]);
    socket.on("error", () => undefined);
    await new Promise((resolve) => socket.once("open", resolve));
    for (const frame of frames) {
        const answered = new Promise((resolve) => socket.once("message", resolve));
        socket.send(frame);
        await answered;
    }
    return socket;
}
