import type { Socket } from "node:net";

/** Answers a connection with 503 and the reason after its first bytes, because an answer before a request confuses clients. */
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
        // Drops the rest of the request instead of resetting the connection, because a reset would lose the answer.
        socket.resume();
    });
    socket.setTimeout(10_000, () => socket.destroy());
    socket.resume();
}
