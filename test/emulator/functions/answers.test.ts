import assert from "node:assert/strict";
import { currentApp, legacyApp, type TestFunction } from "../../support/appFolder";
import { openTestApp, type TestApp } from "../../support/functionApp";

// Sources, all of azure-functions-host: HttpBinding.cs, RawScriptResult.cs and RawScriptResultTests.cs, ScriptObjectResult.cs, ByteArrayOutputFormatter.cs,
// CustomHttpHeadersMiddleware.cs, HttpThrottleMiddleware.cs.

interface Expected {
    status?: number;
    body?: string;
    /** Null for a header that must not be there. */
    headers?: Record<string, string | null>;
    cookies?: string[];
}

type Case = [name: string, source: string, expected: Expected];

const text = "text/plain; charset=utf-8";

const bothModels: Case[] = [
    [
        "both",
        `{ headers: { "Set-Cookie": "a=1" }, cookies: [{ name: "b", value: "2" }] }`,
        { cookies: ["a=1", "b=2; path=/"] },
    ],
    [
        "cookies",
        `{ cookies: [{ name: "b", value: "2" }, { name: "c", value: "ü" }] }`,
        { cookies: ["b=2; path=/", "c=%C3%BC; path=/"] },
    ],
    ["buffer", `{ body: Buffer.from([0, 255, 1]) }`, { body: "\u0000\ufffd\u0001", headers: { "content-type": null } }],
    ["view", `{ body: new Uint8Array([65, 66]) }`, { body: "AB" }],
    [
        "typed",
        `{ body: Buffer.from("x"), headers: { "content-type": "image/png" } }`,
        { body: "x", headers: { "content-type": "image/png" } },
    ],
    ["none", `{ status: 201 }`, { status: 201, body: "" }],
    ["null", `{ body: null }`, { body: "" }],
    ["empty", `{ body: "" }`, { body: "" }],
    ["teapot", `{ status: 418, body: "ü" }`, { status: 418, body: "ü" }],
    ["noContent", `{ status: 204 }`, { status: 204, body: "", headers: { "content-length": null } }],
    ["notModified", `{ status: 304, headers: { etag: "x" } }`, { status: 304, body: "", headers: { etag: "x" } }],
    [
        "connection",
        `{ headers: { connection: "x", "content-length": "4", "transfer-encoding": "y" }, body: "body" }`,
        { body: "body", headers: { "content-length": "4", "transfer-encoding": null } },
    ],
    [
        "tooShort",
        `{ headers: { "content-length": "3", "x-left": "1" }, cookies: [{ name: "b", value: "2" }], body: "body" }`,
        { status: 500, body: "", headers: { "x-left": null }, cookies: [] },
    ],
    ["noLength", `{ headers: { "Content-Length": "many" }, body: "body" }`, { status: 500, body: "" }],
];

const deep = (levels: number) => `Array.from({ length: ${levels} }).reduce((inner) => [inner], 0)`;

const legacyOnly: Case[] = [
    // ToObject of GrpcMessageConversionExtensions.cs: the host's reader goes 64 levels deep.
    ["deep", `{ body: ${deep(64)} }`, { status: 200 }],
    [
        "tooDeep",
        `{ body: ${deep(65)}, headers: { "x-left": "1" } }`,
        { status: 500, body: "", headers: { "x-left": null } },
    ],
    ["object", `{ body: { a: [1] } }`, { body: '{\n  "a": [\n    1\n  ]\n}', headers: { "content-type": text } }],
    [
        "declared",
        `{ body: { a: 1 }, headers: { "Content-Type": "application/json" } }`,
        { body: '{\n  "a": 1\n}', headers: { "content-type": "application/json; charset=utf-8" } },
    ],
    [
        "html",
        `{ body: "<p>", headers: { "content-type": "text/html" } }`,
        { body: "<p>", headers: { "content-type": "text/html; charset=utf-8" } },
    ],
    [
        "latin",
        `{ body: "ü", headers: { "content-type": "text/x; charset=\\"iso-8859-1\\"; a=charset" } }`,
        { body: "ü", headers: { "content-type": 'text/x; charset="utf-8"; a=charset' } },
    ],
    [
        "upper",
        `{ body: "ü", headers: { "content-type": "text/plain;charset=UTF-8" } }`,
        { body: "ü", headers: { "content-type": "text/plain;charset=UTF-8" } },
    ],
    [
        "wide",
        `{ body: "ü", headers: { "content-type": "text/plain; charset=utf-16" } }`,
        { body: "\ufffd\0", headers: { "content-type": "text/plain; charset=utf-16", "content-length": "2" } },
    ],
    [
        "bytesAsText",
        `{ body: Buffer.from("x"), headers: { "content-type": "text/html" } }`,
        { body: "x", headers: { "content-type": "text/html" } },
    ],
    [
        "noBody",
        `{ status: 202, headers: { "x-a": "1" } }`,
        { status: 202, headers: { "x-a": "1", "content-type": text } },
    ],
    ["small", `{ body: 0.000001 }`, { body: "1E-06" }],
    ["zero", `{ body: 0 }`, { body: "0", headers: { "content-type": text } }],
    ["false", `{ body: false }`, { body: "False" }],
    ["list", `{ body: [] }`, { body: "[]" }],
    ["number", `{ body: 7 }`, { body: "7", headers: { "content-type": text } }],
    ["part", `{ body: 1.5 }`, { body: "1.5" }],
    ["true", `{ body: true }`, { body: "True" }],
    ["string", `{ body: "x" }`, { body: "x", headers: { "content-type": text } }],
    ["lists", `{ headers: { "x-list": ["a", "b"] } }`, { headers: { "x-list": "a,b" } }],
    ["nothing", `{ headers: { "x-none": null, "x-empty": "" } }`, { headers: { "x-none": null, "x-empty": "" } }],
    ["twice", `{ headers: { "X-One": "1", "x-one": "2" } }`, { headers: { "x-one": "1" } }],
    ["statusText", `{ status: "abc" }`, { status: 200 }],
    ["statusNumber", `{ status: " 202 " }`, { status: 202 }],
    [
        "wrongStatus",
        `{ status: 1000, headers: { "x-left": "1" }, cookies: [{ name: "b", value: "2" }] }`,
        { status: 500, body: "", headers: { "x-left": null }, cookies: [] },
    ],
    [
        "wrongHeader",
        `{ status: 202, headers: { "x-left": "1", "x-bad": "é" }, cookies: [{ name: "b", value: "2" }] }`,
        { status: 500, body: "", headers: { "x-left": null }, cookies: [] },
    ],
    ["wrongName", `{ headers: { "x-left": "1", "x bad": "1" } }`, { status: 500, headers: { "x-left": null } }],
    [
        "lineBreak",
        `{ headers: { "x-left": "1", "x-bad": "1\\r\\nx-injected: 1" } }`,
        { status: 500, headers: { "x-left": null, "x-injected": null } },
    ],
    [
        "wrongCookie",
        `{ headers: { "x-left": "1" }, cookies: [{ name: "b", value: "2", path: "/é" }] }`,
        { status: 500, headers: { "x-left": null }, cookies: [] },
    ],
    [
        "negotiated",
        `{ body: { a: 1 }, enableContentNegotiation: true, cookies: [{ name: "b", value: "2" }] }`,
        { body: '{"a":1}', headers: { "content-type": "application/json; charset=utf-8" }, cookies: [] },
    ],
    [
        "negotiatedJson",
        `{ body: "x", enableContentNegotiation: true, headers: { "content-type": "application/json" } }`,
        { body: '"x"', headers: { "content-type": "application/json; charset=utf-8" } },
    ],
    [
        "negotiatedText",
        `{ body: "x", enableContentNegotiation: true, headers: { "content-type": "text/plain" } }`,
        { body: "x", headers: { "content-type": text } },
    ],
    [
        "unknownType",
        `{ body: { a: 1 }, status: 201, enableContentNegotiation: true, headers: { "content-type": "text/csv" } }`,
        { status: 406, body: "" },
    ],
    ["informational", `{ status: 101, body: "x" }`, { status: 500, body: "" }],
    ["negotiatedNull", `{ body: null, enableContentNegotiation: true }`, { status: 204, body: "" }],
];

const currentOnly: Case[] = [
    ["deep", `{ jsonBody: ${deep(65)} }`, { status: 200 }],
    ["string", `{ body: "x" }`, { body: "x", headers: { "content-type": "text/plain;charset=UTF-8" } }],
    ["json", `{ jsonBody: { a: [1] } }`, { body: '{"a":[1]}', headers: { "content-type": "application/json" } }],
    ["arrayBuffer", `{ body: new Uint8Array([65]).buffer }`, { body: "A" }],
    [
        "stream",
        `{ body: require("node:stream").Readable.from([Buffer.from("st"), Buffer.from("ream")]) }`,
        { body: "stream" },
    ],
    ["lists", `{ headers: [["x-list", "a"], ["x-list", "b"]] }`, { headers: { "x-list": "a, b" } }],
    ["throws", `(() => { throw new Error("no"); })()`, { status: 500, body: "" }],
    [
        "wrongHeader",
        `{ status: 202, headers: { "x-left": "1", "x-bad": "\\u00e9" }, cookies: [{ name: "b", value: "2" }] }`,
        { status: 500, body: "", headers: { "x-left": null }, cookies: [] },
    ],
];

const functionOf = ([name, source]: Case): TestFunction => ({
    name,
    bindings: [
        { name: "req", type: "httpTrigger", direction: "in", authLevel: "anonymous" },
        { name: "$return", type: "http", direction: "out" },
    ],
    handler: `async () => (${source})`,
});

for (const { model, makeApp, cases } of [
    { model: "function.json", makeApp: legacyApp, cases: [...bothModels, ...legacyOnly] },
    { model: "v4", makeApp: currentApp, cases: [...bothModels, ...currentOnly] },
]) {
    describe(`functions: answers in the ${model} model`, () => {
        let test: TestApp;
        before(async () => {
            test = await openTestApp({ codeFolder: makeApp(cases.map(functionOf)) });
        });
        after(() => test.close());

        for (const [name, source, expected] of cases) {
            it(`sends ${source}`, async () => {
                const response = await fetch(test.url(`/api/${name}`));
                assert.equal(response.status, expected.status ?? 200);
                const body = await response.text();
                if (expected.body !== undefined) {
                    assert.equal(body, expected.body);
                }
                for (const [header, value] of Object.entries(expected.headers ?? {})) {
                    assert.equal(response.headers.get(header), value, header);
                }
                if (expected.cookies !== undefined) {
                    assert.deepEqual(response.headers.getSetCookie(), expected.cookies);
                }
            });
        }

        it("answers HEAD without the body, and serves the next request on the connection", async () => {
            const response = await fetch(test.url("/api/teapot"), { method: "HEAD" });
            assert.deepEqual([response.status, await response.text()], [418, ""]);
            assert.equal(response.headers.get("content-length"), "2");
            assert.equal((await fetch(test.url("/api/teapot"))).status, 418);
        });
    });
}

describe("functions: answers that the log explains", () => {
    let test: TestApp;
    before(async () => {
        const short: Case = ["short", `{ body: "x", headers: { "content-length": "9" } }`, {}];
        const functions = [...legacyOnly, short, ["text", `{ body: "x", enableContentNegotiation: true }`, {}] as Case];
        test = await openTestApp({ codeFolder: legacyApp(functions.map(functionOf)) });
    });
    after(() => test.close());

    it("names the header that the host refuses to send", async () => {
        await fetch(test.url("/api/wrongHeader"));
        const { level, message } = await test.logged(/The answer of function 'wrongHeader' cannot be sent/);
        assert.equal(level, "error");
        assert.match(message, /Invalid non-ASCII or control character in header 'x-bad': 0x00E9/);
    });

    it("names the length that is not the body's", async () => {
        await fetch(test.url("/api/short"));
        const { message } = await test.logged(/The answer of function 'short' cannot be sent/);
        assert.match(message, /the header says '9', and the body has 1 bytes/);
    });

    it("writes a text in the encoding that the caller likes best", async () => {
        const read = async (charset: string) => {
            const response = await fetch(test.url("/api/string"), { headers: { "accept-charset": charset } });
            return [response.headers.get("content-type"), Buffer.from(await response.arrayBuffer()).toString("hex")];
        };
        assert.deepEqual(await read("utf-16"), ["text/plain; charset=utf-16", "7800"]);
        assert.deepEqual(await read("utf-16;q=0.5, *;q=0.8"), [text, "78"]);
        assert.deepEqual(await read("latin1, utf-8;q=0, UTF-16;q=0.1"), ["text/plain; charset=utf-16", "7800"]);
        assert.deepEqual(await read("latin1"), [text, "78"]);
    });

    it("negotiates the form of a text", async () => {
        const read = async (accept?: string) => {
            const response = await fetch(test.url("/api/text"), accept === undefined ? {} : { headers: { accept } });
            return [response.headers.get("content-type"), await response.text()];
        };
        assert.deepEqual(await read(), [text, "x"]);
        assert.deepEqual(await read("application/json"), ["application/json; charset=utf-8", '"x"']);
    });
});
