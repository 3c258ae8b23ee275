import type { Socket } from "node:net";

/** Answers a connection 503 in plain words, once it has sent something: an answer before the question confuses clients. */
export function answerUnavailable({ socket, reason }: { socket: Socket; reason: string }): void {
    const body = Buffer.from(`Function host is not running.\n${reason}\n`);
    const head = [
        "HTTP/1.1 503 Service Unavailable",
        "Content-Type: text/plain; charset=utf-8",
        `Content-Length: ${body.length}`,
        "Retry-After: 1",
        "Connection: close",
        "",
        "",
    ].join("\r\n");
    socket.on("error", () => undefined);
    socket.once("data", () => {
        socket.end(Buffer.concat([Buffer.from(head), body]));
        // What the client still sends is read and dropped, so that the answer is not lost to a reset.
        socket.resume();
    });
    socket.setTimeout(10_000, () => socket.destroy());
    socket.resume();
}
