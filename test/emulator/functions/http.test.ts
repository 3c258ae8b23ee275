import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import path from "node:path";
import { currentApp } from "../../support/appFolder";
import { fixtures, openTestApp, type TestApp } from "../../support/functionApp";

const connection =
    "Endpoint=http://localhost;Port=8080;AccessKey=ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEFGH;Version=1.0;";

describe("functions: HTTP triggers of the v4 model", () => {
    let test: TestApp;
    before(async () => {
        test = await openTestApp({
            codeFolder: path.join(fixtures, "v4"),
            settings: {
                WebPubSubForSocketIOConnectionString: connection,
                "AzureWebJobs.hooked.Disabled": "0",
                "AzureWebJobs.seen.Disabled": "true",
            },
        });
        await test.app.ready();
    });
    after(() => test.close());

    it("hands over method, url, query, headers and body, and sends status, headers and cookies", async () => {
        const response = await fetch(test.url("/api/echo?a=1&a=2&b="), {
            method: "POST",
            headers: { "x-test": "yes" },
            body: "grüße",
        });
        assert.equal(response.status, 201);
        assert.equal(response.headers.get("x-one"), "1");
        assert.deepEqual(response.headers.getSetCookie(), [
            "visit=a%20b; max-age=60; path=/here; samesite=strict; httponly",
        ]);
        assert.deepEqual(await response.json(), {
            method: "POST",
            url: test.url("/api/echo?a=1&a=2&b="),
            query: { a: "1,2", b: "" },
            header: "yes",
            text: "grüße",
            functionName: "echo",
        });
    });

    it("reads forms of both kinds", async () => {
        const form = new FormData();
        form.set("one", "1");
        const multipart = await fetch(test.url("/api/form"), { method: "POST", body: form });
        const encoded = await fetch(test.url("/api/form"), { method: "POST", body: new URLSearchParams({ two: "2" }) });
        assert.deepEqual([await multipart.json(), await encoded.json()], [{ one: "1" }, { two: "2" }]);
    });

    it("takes large binary bodies", async () => {
        const response = await fetch(test.url("/api/size"), { method: "POST", body: Buffer.alloc(3_000_000, 255) });
        assert.equal(await response.json(), 3_000_000);
    });

    // Source: HttpRequestBodySizeMiddleware.cs of azure-functions-host.
    for (const [limit, status] of [
        ["4", 413],
        [" +5 ", 200],
        ["many", 200],
        ["1e0", 200],
    ] as const) {
        it(`answers a body of 5 bytes with ${status} where FUNCTIONS_REQUEST_BODY_SIZE_LIMIT is '${limit}'`, async () => {
            const app = await openTestApp({
                codeFolder: currentApp([
                    {
                        name: "take",
                        bindings: [
                            { name: "req", type: "httpTrigger", direction: "in", authLevel: "anonymous" },
                            { name: "$return", type: "http", direction: "out" },
                        ],
                        handler: "async () => ({})",
                    },
                ]),
                settings: { FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: limit },
            });
            try {
                assert.equal((await fetch(app.url("/api/take"), { method: "POST", body: "12345" })).status, status);
            } finally {
                await app.close();
            }
        });
    }

    it("refuses a body over the limit with 413", async () => {
        const status = await new Promise((resolve, reject) => {
            const request = httpRequest(test.url("/api/size"), {
                method: "POST",
                headers: { "content-length": 104_857_601 },
            });
            request.on("response", (response) => resolve(response.statusCode)).on("error", reject);
            request.flushHeaders();
        });
        assert.equal(status, 413);
    });

    const routes: [method: string, path: string, status: number, body?: unknown][] = [
        ["GET", "/api/products/abc/5", 200, { category: "abc", id: "5" }],
        ["GET", "/api/products/abc", 200, { category: "abc" }],
        ["GET", "/api/products/a1", 404],
        ["POST", "/api/products/abc", 404],
        ["GET", "/api/files/a/b%20c", 200, { path: "a/b c" }],
        ["GET", "/api/nothing", 204],
        ["GET", "/api/throws", 500],
        ["GET", "/api/rubbish", 500],
        ["GET", "/api/nosuch", 404],
        ["GET", "/api/seen", 404],
        ["GET", "/", 200],
    ];
    for (const [method, target, status, body] of routes) {
        it(`answers ${method} ${target} with ${status}`, async () => {
            const response = await fetch(test.url(target), { method });
            assert.equal(response.status, status);
            if (body !== undefined) {
                assert.deepEqual(await response.json(), body);
            }
        });
    }

    it("tells the caller of a function that throws nothing, and the log what and where", async () => {
        const response = await fetch(test.url("/api/throws"));
        assert.equal(await response.text(), "");
        const entry = await test.logged(/Functions\.throws.*this is what went wrong/);
        assert.equal(entry.level, "error");
        assert.match(entry.message, /src\/functions\/http\.js:\d+/);
    });

    it("runs the hooks, which can change inputs and results", async () => {
        const response = await fetch(test.url("/api/hooked"));
        assert.deepEqual(await response.json(), { input: { replaced: true }, began: "yes" });
    });

    it("writes what the app logs, with its level", async () => {
        await fetch(test.url("/api/logs"));
        const levels = [];
        for (const text of [/an information/, /a warning/, /an error/, /from the console/]) {
            levels.push((await test.logged(text)).level);
        }
        assert.deepEqual(levels, ["info", "warning", "error", "info"]);
    });

    it("gives the app its settings and the platform's, and nothing of this process's environment", async () => {
        process.env.LEAK_OF_THIS_PROCESS = "seen";
        const environment = (await (await fetch(test.url("/api/environment"))).json()) as Record<string, string>;
        delete process.env.LEAK_OF_THIS_PROCESS;
        assert.deepEqual(Object.keys(environment).sort(), [
            "AZURE_FUNCTIONS_ENVIRONMENT",
            "AzureWebJobs.hooked.Disabled",
            "AzureWebJobs.seen.Disabled",
            "AzureWebJobsSecretStorageType",
            "FUNCTIONS_EXTENSION_VERSION",
            "FUNCTIONS_WORKER_RUNTIME",
            "HOME",
            "PATH",
            "TZ",
            "WEBSITE_HOSTNAME",
            "WEBSITE_INSTANCE_ID",
            "WEBSITE_OWNER_NAME",
            "WEBSITE_SITE_NAME",
            "WebPubSubForSocketIOConnectionString",
        ]);
        assert.equal(environment.WEBSITE_HOSTNAME, test.app.hostName);
    });

    describe("keys", () => {
        const cases: [path: string, key: "none" | "wrong" | "function" | "master" | "system", status: number][] = [
            ["/api/guarded", "none", 401],
            ["/api/guarded", "wrong", 401],
            ["/api/guarded", "function", 200],
            ["/api/guarded", "master", 200],
            ["/api/guarded", "system", 401],
            ["/api/onlyAdmin", "function", 401],
            ["/api/onlyAdmin", "master", 200],
            ["/api/seen", "master", 200],
            ["/admin/host/status", "none", 401],
            ["/admin/host/status", "function", 403],
            ["/admin/host/status", "master", 200],
        ];
        for (const [target, key, status] of cases) {
            it(`answer ${target} with ${status} for ${key}`, async () => {
                const { masterKey, functionKeys, systemKeys } = await test.app.hostKeys();
                const values = {
                    none: undefined,
                    wrong: "x",
                    function: functionKeys.default,
                    master: masterKey,
                    system: systemKeys.socketio_extension,
                };
                const value = values[key];
                const query = value === undefined ? "" : `?code=${encodeURIComponent(value)}`;
                assert.equal((await fetch(test.url(target + query))).status, status);
                if (value !== undefined) {
                    const header = await fetch(test.url(target), { headers: { "x-functions-key": value } });
                    assert.equal(header.status, status);
                }
            });
        }

        it("prefer the header, even when it is wrong", async () => {
            const { masterKey } = await test.app.hostKeys();
            const response = await fetch(test.url(`/api/guarded?code=${masterKey}`), {
                headers: { "x-functions-key": "wrong" },
            });
            assert.equal(response.status, 401);
        });

        it("are made, changed and deleted over the admin API", async () => {
            const headers = { "x-functions-key": (await test.app.hostKeys()).masterKey };
            const target = test.url("/admin/host/systemkeys/custom_extension");
            const put = (value: string) =>
                fetch(target, { method: "PUT", headers, body: JSON.stringify({ name: "custom_extension", value }) });
            assert.equal((await put("one")).status, 201);
            assert.equal((await put("two")).status, 200);
            const read = (await (await fetch(target, { headers })).json()) as { value: string };
            assert.equal(read.value, "two");
            const made = await fetch(target, { method: "POST", headers });
            assert.match(((await made.json()) as { value: string }).value, /^[\w-]{44}AzFu[\w-]{6}==$/);
            assert.equal((await fetch(target, { method: "DELETE", headers })).status, 204);
            assert.equal((await fetch(target, { method: "DELETE", headers })).status, 404);
        });

        it("of one function open that function only", async () => {
            const headers = { "x-functions-key": (await test.app.hostKeys()).masterKey };
            const target = test.url("/admin/functions/guarded/keys/mine");
            await fetch(target, { method: "PUT", headers, body: JSON.stringify({ value: "own-key" }) });
            assert.equal((await fetch(test.url("/api/guarded?code=own-key"))).status, 200);
            assert.equal((await fetch(test.url("/api/onlyAdmin?code=own-key"))).status, 401);
        });
    });

    it("runs any function by name over the admin API", async () => {
        const headers = { "x-functions-key": (await test.app.hostKeys()).masterKey };
        const response = await fetch(test.url("/admin/functions/disconnected"), {
            method: "POST",
            headers,
            body: JSON.stringify({ input: JSON.stringify({ reason: "by hand" }) }),
        });
        assert.equal(response.status, 202);
        await test.logged(/gone: by hand/);
    });
});

describe("functions: apps of other shapes", () => {
    it("streams requests and answers when the app asks for HTTP streams", async () => {
        const test = await openTestApp({ codeFolder: path.join(fixtures, "streams") });
        try {
            const response = await fetch(test.url("/api/upper/x?q=1"), {
                method: "POST",
                body: "abc",
                headers: { "x-a": "b" },
            });
            assert.equal(response.status, 202);
            assert.equal(await response.text(), "name=x q=1 a=b ABC");
            const reader = (await fetch(test.url("/api/ticks"))).body!.getReader();
            const first = await reader.read();
            assert.equal(Buffer.from(first.value!).toString(), "first");
            // The app sends the second part only after it has answered this request, which follows the first part.
            await fetch(test.url("/api/release"));
            const second = await reader.read();
            assert.equal(Buffer.from(second.value!).toString(), "second");
            assert.equal((await fetch(test.url("/api/fails"))).status, 500);
        } finally {
            await test.close();
        }
    });

    it("loads ES modules", async () => {
        const test = await openTestApp({ codeFolder: path.join(fixtures, "esm") });
        try {
            assert.equal(await (await fetch(test.url("/api/esm"))).text(), "from a module");
        } finally {
            await test.close();
        }
    });

    it("runs without any function, and says so", async () => {
        const test = await openTestApp({});
        try {
            assert.deepEqual([test.app.status().state, test.app.functions()], ["Running", []]);
            await test.logged(/No job functions found/);
            assert.equal((await fetch(test.url("/api/any"))).status, 404);
            assert.equal((await fetch(test.url("/"))).status, 200);
        } finally {
            await test.close();
        }
    });

    it("fires timers at start and on schedule, and continues after a failure", async () => {
        const test = await openTestApp({
            codeFolder: path.join(fixtures, "timers"),
            settings: { Schedule: "* * * * * *" },
        });
        try {
            await test.logged(/atStart: past due false, schedule {"adjustForDST":true}/);
            await test.logged(/everySecond 1/);
            await test.logged(/everySecond 2/);
        } finally {
            await test.close();
        }
    });

    it("leaves out what it does not support, by name, and runs the rest", async () => {
        const test = await openTestApp({
            codeFolder: path.join(fixtures, "legacy"),
            settings: { WebPubSubForSocketIOConnectionString: connection },
        });
        try {
            const entry = await test.logged(/'broken' function is in error/);
            assert.match(entry.message, /'queueTrigger'.*This host does not support: queueTrigger/);
            assert.ok(test.app.functions().includes("hello"));
        } finally {
            await test.close();
        }
    });
});
