import { createServer } from "node:http";
import { closeServer, listen } from "../../emulator/core/http";

export interface RecordedCall {
    method: string;
    /** Path without the query. */
    path: string;
    query: Record<string, string>;
    headers: Record<string, string | string[] | undefined>;
    body: string;
}

export interface FakeAnswer {
    status: number;
    body?: string | Buffer;
    headers?: Record<string, string>;
}

/** An HTTP server that records its requests and gives prepared answers. */
export interface FakeService {
    port: number;
    origin: string;
    calls: RecordedCall[];
    answer: (call: RecordedCall) => FakeAnswer | Promise<FakeAnswer>;
    close(): Promise<void>;
}

export async function openFakeService(answer: FakeService["answer"] = () => ({ status: 202 })): Promise<FakeService> {
    const server = createServer(async (request, response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) {
            chunks.push(chunk as Buffer);
        }
        const url = new URL(request.url ?? "/", "http://localhost");
        const call: RecordedCall = {
            method: request.method ?? "",
            path: decodeURIComponent(url.pathname),
            query: Object.fromEntries(url.searchParams),
            headers: request.headers,
            body: Buffer.concat(chunks).toString("latin1"),
        };
        service.calls.push(call);
        const { status, body, headers } = await service.answer(call);
        response.writeHead(status, headers).end(body);
    });
    const port = await listen(server);
    const service: FakeService = {
        port,
        origin: `http://localhost:${port}`,
        calls: [],
        answer,
        close: () => closeServer(server),
    };
    return service;
}
