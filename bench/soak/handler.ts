import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { DialectName } from "../load/dialects";

/** A function app that answers every event, and goes away for a while. */
export interface SoakHandler {
    url: string;
    goAway(): Promise<void>;
    comeBack(): Promise<void>;
}

const answers: Record<DialectName, (body: string) => string> = {
    socketio: (body) => `43${/^42(\d*)/.exec(body)?.[1] ?? ""}["ok"]`,
    webpubsub: () => "",
    signalr: (body) => `{"type":3,"invocationId":"${JSON.parse(body).invocationId}","result":"ok"}\u001e`,
};

function createHandler(name: DialectName): Server {
    return createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on("data", (chunk: Buffer) => chunks.push(chunk));
        request.on("end", () => {
            const isHandshake = request.method === "OPTIONS";
            const answer = isHandshake ? "" : answers[name](Buffer.concat(chunks).toString("utf8"));
            const type = name === "signalr" ? "application/json" : "text/plain";
            response.writeHead(200, { "WebHook-Allowed-Origin": "*", "Content-Type": type }).end(answer);
        });
    });
}

export async function openHandler(name: DialectName): Promise<SoakHandler> {
    let server = createHandler(name);
    const listen = (port: number) =>
        new Promise<void>((resolve, reject) => {
            server.once("error", reject);
            server.listen(port, "127.0.0.1", resolve);
        });
    await listen(0);
    const { port } = server.address() as AddressInfo;
    return {
        url: `http://127.0.0.1:${port}/`,
        async goAway() {
            const closed = new Promise((resolve) => server.close(resolve));
            server.closeAllConnections();
            await closed;
        },
        async comeBack() {
            server = createHandler(name);
            await listen(port);
        },
    };
}
