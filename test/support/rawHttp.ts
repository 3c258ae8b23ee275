import { connect } from "node:net";

export interface RawAnswer {
    /** Undefined when the server closed the connection without an answer. */
    status: number | undefined;
    text: string;
}

/** Sends bytes as they are to a port of this machine, and resolves with the first answer once the server has closed. */
export function sendRaw(port: number, text: string): Promise<RawAnswer> {
    return new Promise((resolve, reject) => {
        const chunks: Buffer[] = [];
        const socket = connect({ port, host: "127.0.0.1" }, () => socket.write(text, "latin1"));
        socket.setTimeout(5000, () => socket.destroy(new Error(`No answer within 5 s to ${JSON.stringify(text)}`)));
        socket.on("data", (chunk: Buffer) => chunks.push(chunk));
        socket.on("error", reject);
        socket.on("close", () => {
            const answer = Buffer.concat(chunks).toString("latin1");
            const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1];
            resolve({ status: status === undefined ? undefined : Number(status), text: answer });
        });
    });
}

/** The text of a request that ends its connection. */
export function requestText({
    target = "/",
    hosts,
    version = "1.1",
    method = "GET",
    headers = [],
}: {
    target?: string;
    hosts: readonly string[];
    version?: string;
    method?: string;
    headers?: readonly string[];
}): string {
    const lines = [`${method} ${target} HTTP/${version}`, ...hosts.map((host) => `Host: ${host}`), ...headers];
    return `${[...lines, "Connection: close"].join("\r\n")}\r\n\r\n`;
}

const upgradeHeaders = [
    "Upgrade: websocket",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
];

/** The text of a WebSocket's upgrade request. */
export function upgradeText(target: string, hosts: readonly string[]): string {
    return requestText({ target, hosts, headers: upgradeHeaders }).replace("Connection: close", "Connection: Upgrade");
}
