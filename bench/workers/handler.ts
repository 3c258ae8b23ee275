import { createServer } from "node:http";
import { answerCalls } from "../runner/answerCalls";
import { listen } from "./listen";

/** The simplest function app: reads the body and answers at once. */
const answers: Record<string, (body: string) => string> = {
    "/echo": (body) => body,
    // The answer to an Engine.IO message with an ack id is its ack.
    "/socketio": (body) => `43${/^42(\d*)/.exec(body)?.[1] ?? ""}["ok"]`,
    "/signalr": (body) => `{"type":3,"invocationId":"${JSON.parse(body).invocationId}","result":"ok"}\u001e`,
};

const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) {
        chunks.push(chunk);
    }
    if (request.method === "OPTIONS") {
        response.writeHead(200, { "WebHook-Allowed-Origin": "*", "Content-Length": 0 }).end();
        return;
    }
    const body = Buffer.concat(chunks).toString("utf8");
    const answer = answers[request.url ?? ""]?.(body) ?? "";
    response.writeHead(200, { "Content-Type": "text/plain", "Content-Length": Buffer.byteLength(answer) }).end(answer);
});

answerCalls({ open: () => listen(server) });
