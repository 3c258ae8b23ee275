import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openTestInspector, type TestInspector } from "../../support/inspector";

/** Sends headers that fetch would not let through. */
function ask(
    test: TestInspector,
    path: string,
    headers: Record<string, string>,
): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
        const sent = request(`${test.origin}${path}`, { headers }, (response) => {
            let text = "";
            response.on("data", (chunk) => {
                text += chunk;
                // The stream of events has no end.
                resolve({ status: response.statusCode ?? 0, text });
            });
            response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
        });
        sent.once("error", reject);
        sent.end();
    });
}

const apiPaths = ["/api/state", "/api/events", "/api/export", "/api/secret?resource=a&setting=b", "/api/nothing"];

describe("the inspector's server", () => {
    let test: TestInspector;
    beforeEach(async () => {
        test = await openTestInspector();
        test.inspection.recorder.note("log", { name: "log", message: "private words" });
    });
    afterEach(() => test.close());

    for (const path of apiPaths) {
        it(`gives nothing at ${path} without the token, or with another one`, async () => {
            for (const authorization of ["", "Bearer ", `Bearer ${test.token}x`]) {
                const { status, text } = await ask(test, path, { authorization });
                assert.equal(status, 401);
                assert.doesNotMatch(text, /private words|services/);
            }
        });

        it(`gives nothing at ${path} to a page of another origin, although it has the token`, async () => {
            const authorization = `Bearer ${test.token}`;
            const foreign: Record<string, string>[] = [
                { origin: "https://evil.example" },
                { origin: "null" },
                { origin: test.origin.replace("127.0.0.1", "localhost") },
                { origin: `http://127.0.0.1:${Number(new URL(test.origin).port) - 1}` },
                { "sec-fetch-site": "cross-site" },
                { "sec-fetch-site": "same-site" },
            ];
            for (const headers of foreign) {
                const { status, text } = await ask(test, path, { authorization, ...headers });
                assert.equal(status, 403);
                assert.doesNotMatch(text, /private words|services/);
            }
        });

        it(`gives nothing at ${path} under a name that was rebound to this machine`, async () => {
            const { status, text } = await ask(test, path, {
                authorization: `Bearer ${test.token}`,
                host: "evil.example",
            });
            assert.equal(status, 421);
            assert.doesNotMatch(text, /private words|services/);
        });
    }

    it("takes no action without the token", async () => {
        const response = await fetch(`${test.origin}/api/act`, { method: "POST", body: '{"do":"send"}' });
        assert.equal(response.status, 401);
    });

    it("serves the page with the token in its address only", async () => {
        for (const path of ["/", "/?token=", "/?token=wrong", `/?token=${test.token.slice(1)}`, "/index.html"]) {
            const { status } = await ask(test, path, {});
            assert.ok(status === 403 || status === 404, `${path} answered ${status}`);
        }
    });

    it("sends no header that lets another origin read, and lets nothing be stored", async () => {
        const { headers } = await test.call("/api/state");
        assert.equal(headers.get("cache-control"), "no-store");
        assert.equal(headers.get("access-control-allow-origin"), null);
        assert.equal(headers.get("referrer-policy"), "no-referrer");
        assert.equal(headers.get("set-cookie"), null);
    });

    it("answers the page's own calls", async () => {
        const authorization = `Bearer ${test.token}`;
        const own = { authorization, origin: test.origin, "sec-fetch-site": "same-origin" };
        const { status, text } = await ask(test, "/api/state", own);
        assert.equal(status, 200);
        assert.equal((JSON.parse(text) as { recording: boolean }).recording, true);
        assert.match(JSON.stringify(await test.events()), /private words/);
    });

    it("names what is wrong with an action", async () => {
        const response = await test.call("/api/act", { method: "POST", body: "{" });
        assert.equal(response.status, 400);
        assert.deepEqual(await response.json(), { error: "The body is not valid JSON." });
        assert.match(String((await test.act({ do: "dance" })).body.error), /do.*dance.*send/);
    });

    it("records while a stream is open, and not before or after", async () => {
        const quiet = await openTestInspector({ record: false });
        try {
            const { recorder } = quiet.inspection;
            assert.equal(recorder.on, false);
            const stop = new AbortController();
            const response = await quiet.call("/api/events", { signal: stop.signal });
            assert.equal(recorder.on, true);
            stop.abort();
            await response.text().catch(() => undefined);
            while (recorder.on) {
                await new Promise((resolve) => setImmediate(resolve));
            }
        } finally {
            await quiet.close();
        }
    });

    it("keeps its address for the next start", async () => {
        const folder = mkdtempSync(join(tmpdir(), "inspector-"));
        try {
            const first = await openTestInspector({ folder });
            const { url } = first.inspector;
            await first.close();
            const second = await openTestInspector({ folder });
            assert.equal(second.inspector.url, url);
            await second.close();
        } finally {
            rmSync(folder, { recursive: true });
        }
    });
});
