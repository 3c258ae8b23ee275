import { createServer, type IncomingHttpHeaders, request } from "node:http";
import type { AddressInfo } from "node:net";

interface Answer {
    status: number;
    headers: IncomingHttpHeaders;
    body: Buffer;
}

export interface RepeatingProxy {
    /** The same URL template, through this proxy. */
    through(urlTemplate: string): string;
    /** Paths of the events that were delivered twice. */
    repeated: string[];
    close(): Promise<void>;
}

/**
 * Stands between a service and a function app and delivers each event twice, byte for byte: same id, same signature, same state.
 * The service gets the second answer, as it does when the first one is lost, or else the first.
 */
export async function openRepeatingProxy({ passesOn }: { passesOn: "first" | "second" }): Promise<RepeatingProxy> {
    const repeated: string[] = [];
    let target = "";
    const server = createServer(async (incoming, outgoing) => {
        const chunks: Buffer[] = [];
        for await (const chunk of incoming) {
            chunks.push(chunk as Buffer);
        }
        const { method = "GET", url = "/", headers } = incoming;
        const deliver = () => send(`${target}${url}`, { method, headers, body: Buffer.concat(chunks) });
        try {
            const answers = [await deliver()];
            if (method === "POST") {
                repeated.push(url);
                answers.push(await deliver());
            }
            const answer = (passesOn === "first" ? answers[0] : answers.at(-1)) as Answer;
            outgoing.writeHead(answer.status, answer.headers).end(answer.body);
        } catch (error) {
            outgoing.writeHead(502).end(String(error));
        }
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    return {
        repeated,
        through(urlTemplate) {
            const [origin = ""] = /^https?:\/\/[^/]+/.exec(urlTemplate) ?? [];
            target = origin;
            return urlTemplate.replace(origin, `http://127.0.0.1:${port}`);
        },
        close: () => {
            server.closeAllConnections();
            return new Promise((resolve) => server.close(() => resolve()));
        },
    };
}

function send(url: string, { method, headers, body }: { method: string; headers: IncomingHttpHeaders; body: Buffer }) {
    return new Promise<Answer>((resolve, reject) => {
        const outgoing = request(
            url,
            { method, headers: { ...headers, host: new URL(url).host } },
            async (incoming) => {
                const chunks: Buffer[] = [];
                for await (const chunk of incoming) {
                    chunks.push(chunk as Buffer);
                }
                resolve({ status: incoming.statusCode ?? 502, headers: incoming.headers, body: Buffer.concat(chunks) });
            },
        );
        outgoing.on("error", reject);
        outgoing.end(body);
    });
}
