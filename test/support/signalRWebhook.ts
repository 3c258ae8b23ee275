import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import path from "node:path";
import { type FakeService, openFakeService } from "./fakeService";
import { fixtures, openTestApp, type TestApp } from "./functionApp";

export const key = "7aab239577fd4f24bc919802fb629f5f";
export const connectionId = "0f9c97a2f0bf4706afe87a14e0797b11";
export const signatures = [
    "sha256=7767effcb3946f3e1de039df4b986ef02c110b1469d02c0a06f41b3b727ab561",
    "sha256=d4aefb65547a00a9881fa8ac8bd03d0faf77af9da5205d45c6e57cbda4377760",
] as const;

export type Headers = Record<string, string | undefined>;

export const connected: Headers = {
    "X-ASRS-Connection-Id": connectionId,
    "X-ASRS-Hub": "testhub",
    "X-ASRS-Category": "connections",
    "X-ASRS-Event": "connected",
    "X-ASRS-Signature": signatures.join(","),
    "Content-Type": "application/json",
};
export const message = (event: string, more: Headers = {}): Headers => ({
    ...connected,
    "X-ASRS-Category": "messages",
    "X-ASRS-Event": event,
    ...more,
});
export const invocation = (target: string, list: unknown[] = [], id: string | undefined = "1"): string =>
    JSON.stringify({ type: 1, invocationId: id, target, arguments: list });

interface Answer {
    status: number;
    type: string | undefined;
    body: Buffer;
}

/** Calls the app's webhook with exactly these headers. */
export async function callWebhook(
    test: TestApp,
    { headers, body = '{"type":10}', method = "POST" }: { headers: Headers; body?: string | Buffer; method?: string },
): Promise<Answer> {
    const code = (await test.app.hostKeys()).systemKeys.signalr_extension ?? "";
    return new Promise((resolve, reject) => {
        const given = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined);
        const url = test.url(`/runtime/webhooks/signalr?code=${encodeURIComponent(code)}`);
        const request = httpRequest(url, { method, headers: Object.fromEntries(given) }, async (response) => {
            const chunks: Buffer[] = [];
            for await (const chunk of response) {
                chunks.push(chunk as Buffer);
            }
            const type = response.headers["content-type"];
            resolve({ status: response.statusCode ?? 0, type, body: Buffer.concat(chunks) });
        });
        // A buffer, because Node would write a text body in the encoding of the headers.
        request.on("error", reject).end(Buffer.from(body));
    });
}

export interface SignalRApp {
    test: TestApp;
    /** Stand-in for the service that the app calls. */
    service: FakeService;
    close(): Promise<void>;
}

/** Opens the fixture app with a connection string for the fake service. */
export async function openSignalRApp(): Promise<SignalRApp> {
    const service = await openFakeService();
    const test = await openTestApp({
        codeFolder: path.join(fixtures, "signalr"),
        settings: {
            HubName: "TestHub",
            AzureSignalRConnectionString: `Endpoint=http://localhost;Port=${service.port};AccessKey=${key};Version=1.0;`,
        },
    });
    return {
        test,
        service,
        async close() {
            await test.close();
            await service.close();
        },
    };
}

/** Invokes a function as a client does that waits for the result. Resolves with the completion. */
export async function invoke(
    test: TestApp,
    call: { target: string; list?: unknown[] },
): Promise<Record<string, unknown>> {
    const { status, body } = await callWebhook(test, {
        headers: message(call.target),
        body: invocation(call.target, call.list),
    });
    assert.equal(status, 200);
    assert.equal(body.at(-1), 0x1e);
    return JSON.parse(body.subarray(0, -1).toString()) as Record<string, unknown>;
}
