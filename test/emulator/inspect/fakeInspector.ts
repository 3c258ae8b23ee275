import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { InspectMessage } from "../../../emulator/inspect/page/types";
import { pageFolder } from "../../../emulator/inspect/pageFolder";

const types: Record<string, string> = {
    "index.html": "text/html; charset=utf-8",
    "page.css": "text/css; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
};

// The policy of the real server, so that these tests notice what it forbids.
const policy =
    "default-src 'self'; connect-src 'self' ws://127.0.0.1:* ws://localhost:*; img-src 'self' data:; base-uri 'none'; " +
    "form-action 'none'; frame-ancestors 'none'; object-src 'none'";

export interface FakeInspector {
    url: string;
    /** Actions that the page asked for. */
    actions: unknown[];
    /** The `after` of each stream that the page opened. */
    streams: number[];
    /** Writes messages to every open stream, and first of all to those that open later. */
    say(messages: InspectMessage[]): void;
    /** Breaks every open stream. */
    breakStreams(): void;
    /** Breaks every open stream, and knows the token no longer. */
    end(): void;
    /** What the next actions answer: a result, or an error's text. */
    answer: { result?: unknown } | { error: string };
    close(): Promise<void>;
}

/** A server that speaks as the inspector does, with messages that a test writes. */
export async function openFakeInspector(): Promise<FakeInspector> {
    let token = "secret";
    const open = new Set<ServerResponse>();
    const said: InspectMessage[] = [];
    const server = createServer((request, response) => void serve(request, response));
    const lines = (messages: InspectMessage[]) => messages.map((message) => `${JSON.stringify(message)}\n`).join("");

    async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
        const url = new URL(request.url ?? "/", "http://inspector");
        const name = url.pathname === "/" ? "index.html" : url.pathname.slice(1);
        const type = types[name];
        if (type !== undefined) {
            const allowed = name !== "index.html" || url.searchParams.get("token") === token;
            response.writeHead(allowed ? 200 : 403, { "Content-Type": type, "Content-Security-Policy": policy });
            response.end(allowed ? readFileSync(join(pageFolder(), name)) : "403");
        } else if (request.headers.authorization !== `Bearer ${token}`) {
            response.writeHead(401).end();
        } else if (url.pathname === "/api/events") {
            fake.streams.push(Number(url.searchParams.get("after")));
            response.writeHead(200, { "Content-Type": "application/x-ndjson" });
            const after = Number(url.searchParams.get("after"));
            response.write(lines(said.filter((message) => message.type !== "event" || message.event.id > after)));
            open.add(response);
            response.once("close", () => open.delete(response));
        } else if (url.pathname === "/api/secret") {
            response.end(JSON.stringify({ value: `value of ${url.searchParams.get("setting")}` }));
        } else if (url.pathname === "/api/act") {
            fake.actions.push(JSON.parse(await text(request)));
            response.statusCode = "error" in fake.answer ? 400 : 200;
            response.end(JSON.stringify({ ok: true, ...fake.answer }));
        } else {
            response.writeHead(404).end();
        }
    }

    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const fake: FakeInspector = {
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/?token=${token}`,
        actions: [],
        streams: [],
        answer: {},
        say(messages) {
            said.push(...messages);
            for (const response of open) {
                response.write(lines(messages));
            }
        },
        breakStreams() {
            for (const response of open) {
                response.destroy();
            }
        },
        end() {
            token = "another";
            fake.breakStreams();
        },
        async close() {
            server.closeAllConnections();
            await new Promise((resolve) => server.close(resolve));
        },
    };
    return fake;
}
