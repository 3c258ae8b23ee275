import assert from "node:assert/strict";
import { decodeJwt } from "jose";
import { appFolder, models, type TestFunction } from "../../support/appFolder";
import { openTestApp, type TestApp } from "../../support/functionApp";
import { until } from "../../support/until";

const http = (more: Record<string, unknown> = {}) => [
    { name: "req", type: "httpTrigger", direction: "in", authLevel: "anonymous", methods: ["get", "post"], ...more },
    { name: "$return", type: "http", direction: "out" },
];

/** Reads an input in both models. */
const inputOf = (name: string) =>
    `(context.bindings ? context.bindings.${name} : context.extraInputs.get(${JSON.stringify(name)}))`;

const accessKey = "a-key-of-the-tests-which-signs-tokens";
const connection = `Endpoint=http://localhost;Port=1;AccessKey=${accessKey};Version=1.0;`;
const settings = {
    Wps: connection,
    WebPubSubForSocketIOConnectionString: connection,
    AzureSignalRConnectionString: connection,
};

const negotiations = [
    { service: "webpubsub", type: "webPubSubConnection", binding: { hub: "h", connection: "Wps" } },
    { service: "socketio", type: "socketIONegotiation", binding: { hub: "h" } },
    { service: "signalr", type: "signalRConnectionInfo", binding: { hubName: "h" } },
];
const expressions = {
    header: "{headers.x-user}",
    query: "{query.user}",
    any: "{user}",
    member: "{account.id}",
    route: "{id}",
};

const negotiate: TestFunction[] = negotiations.flatMap(({ service, type, binding }) =>
    Object.entries(expressions).map(([kind, userId]) => ({
        name: `${service}-${kind}`,
        bindings: [
            ...http({ route: kind === "route" ? `${service}-route/{id?}` : `${service}-${kind}` }),
            { name: "info", type, direction: "in", userId, ...binding },
        ],
        handler: `async (context) => ({ body: JSON.stringify(${inputOf("info")}) })`,
    })),
);

/** The user of a negotiated token; undefined without one. */
function userOf(text: string): unknown {
    const info = JSON.parse(text) as { token?: string; accessToken?: string };
    const claims = decodeJwt((info.token ?? info.accessToken)!);
    return claims.sub ?? claims["asrs.s.uid"];
}

for (const [model, makeApp] of Object.entries(models)) {
    describe(`functions: values of binding expressions in the ${model} model`, () => {
        let test: TestApp;
        before(async () => {
            test = await openTestApp({ codeFolder: makeApp(negotiate), settings });
        });
        after(() => test.close());

        const post = (target: string, body: unknown, headers: Record<string, string> = {}) =>
            fetch(test.url(target), {
                method: "POST",
                headers: { "content-type": "application/json", ...headers },
                body: typeof body === "string" ? body : JSON.stringify(body),
            });

        for (const { service } of negotiations) {
            const given: [what: string, call: () => Promise<Response>, user: string | undefined][] = [
                ["a header", () => post(`/api/${service}-header`, {}, { "X-User": "ann" }), "ann"],
                ["a query parameter", () => fetch(test.url(`/api/${service}-query?user=b%20b`)), "b b"],
                ["the last of several parameters", () => fetch(test.url(`/api/${service}-query?user=a&user=b`)), "b"],
                [
                    "an empty parameter, which is nobody",
                    () => fetch(test.url(`/api/${service}-query?user=`)),
                    undefined,
                ],
                ["a member of the body", () => post(`/api/${service}-any`, { User: 7 }), "7"],
                ["the query before the body", () => post(`/api/${service}-any?user=q`, { user: "b" }), "q"],
                ["a nested member", () => post(`/api/${service}-member`, { account: { ID: "deep" } }), "deep"],
                [
                    "a null member, which is nobody",
                    () => post(`/api/${service}-member`, { account: { id: null } }),
                    undefined,
                ],
                [
                    "a member of the body called headers",
                    () => post(`/api/${service}-header`, { headers: { "x-user": "m" } }),
                    "m",
                ],
                ["a route parameter", () => fetch(test.url(`/api/${service}-route/r1`)), "r1"],
                // The host gives a missing optional parameter the value null, also over the query.
                [
                    "a missing optional route parameter, which is nobody",
                    () => fetch(test.url(`/api/${service}-route?id=q`)),
                    undefined,
                ],
            ];
            for (const [what, call, user] of given) {
                it(`${service} takes the user from ${what}`, async () => {
                    const response = await call();
                    assert.equal(response.status, 200);
                    assert.equal(userOf(await response.text()), user);
                });
            }

            const missing: [what: string, call: () => Promise<Response>, reason: string][] = [
                [
                    "header",
                    () => fetch(test.url(`/api/${service}-header`)),
                    "Error while accessing 'x-user': property doesn't exist.",
                ],
                [
                    "query parameter",
                    () => fetch(test.url(`/api/${service}-query`)),
                    "Error while accessing 'user': property doesn't exist.",
                ],
                [
                    "parameter in its case",
                    () => fetch(test.url(`/api/${service}-query?USER=a`)),
                    "Error while accessing 'user': property doesn't exist.",
                ],
                [
                    "value of any kind",
                    () => fetch(test.url(`/api/${service}-any`)),
                    "No value for named parameter 'user'.",
                ],
                [
                    "value but null",
                    () => post(`/api/${service}-any`, { user: null }),
                    "No value for named parameter 'user'.",
                ],
                [
                    "value but a list",
                    () => post(`/api/${service}-any`, { user: ["a"] }),
                    "No value for named parameter 'user'.",
                ],
                [
                    "JSON object as body",
                    () => post(`/api/${service}-any`, "[1]"),
                    "No value for named parameter 'user'.",
                ],
                [
                    "nested member",
                    () => post(`/api/${service}-member`, { account: {} }),
                    "Error while accessing 'id': property doesn't exist.",
                ],
            ];
            for (const [what, call, reason] of missing) {
                it(`${service} fails without a ${what}`, async () => {
                    const seen = test.entries.length;
                    const response = await call();
                    assert.deepEqual([response.status, await response.text()], [500, ""]);
                    const find = () => test.entries.slice(seen).find(({ level }) => level === "error")?.message;
                    await until(() => find() !== undefined, "the failure in the log");
                    const failure = find() ?? "";
                    assert.ok(failure.endsWith(reason), failure);
                });
            }
        }

        it("gives no value of the key in the query", async () => {
            const response = await fetch(test.url("/api/webpubsub-any?code=x&user=u"));
            assert.equal(userOf(await response.text()), "u");
        });
    });

    describe(`functions: expressions of outputs, and dataType of inputs, in the ${model} model`, () => {
        let test: TestApp;
        const sets = (value: string) =>
            `async (context) => { const v = ${value}; if (context.bindings) { context.bindings.out = v; } else { context.extraOutputs.set("out", v); } return { body: "ran" }; }`;
        before(async () => {
            const input = (name: string, more: Record<string, unknown>): TestFunction => ({
                name,
                bindings: [...http(), { name: "info", direction: "in", ...more }],
                handler: `async (context) => ({ body: typeof ${inputOf("info")} })`,
            });
            const signalR = { type: "signalRConnectionInfo", hubName: "h" };
            const webPubSub = { type: "webPubSubConnection", hub: "h", connection: "Wps" };
            test = await openTestApp({
                codeFolder: makeApp([
                    {
                        name: "output",
                        bindings: [
                            ...http(),
                            { name: "out", type: "webPubSub", direction: "out", hub: "{query.hub}", connection: "Wps" },
                        ],
                        handler: sets("null"),
                    },
                    {
                        name: "set",
                        bindings: [
                            ...http(),
                            { name: "out", type: "webPubSub", direction: "out", hub: "{query.hub}", connection: "Wps" },
                        ],
                        handler: sets(`{ actionName: "closeAllConnections" }`),
                    },
                    input("plain", webPubSub),
                    input("undefined", { ...webPubSub, dataType: "undefined" }),
                    input("text", { ...signalR, dataType: "string" }),
                    input("noText", { ...webPubSub, dataType: "string" }),
                    input("bytes", { ...signalR, dataType: "binary" }),
                    input("stream", { ...signalR, dataType: "stream" }),
                    // The worker of version 4 refuses it, and with it the app.
                    ...(model === "v4" ? [] : [input("wrong", { ...signalR, dataType: "json" })]),
                ]),
                settings,
            });
        });
        after(() => test.close());

        it("resolves an output's expressions only when the function sets the output", async () => {
            assert.equal(await (await fetch(test.url("/api/output"))).text(), "ran");
            assert.equal((await fetch(test.url("/api/set"))).status, 500);
            await test.logged(/Error while accessing 'hub': property doesn't exist\./);
        });

        for (const name of ["plain", "undefined", "text"]) {
            it(`gives an input '${name}' as an object`, async () => {
                assert.equal(await (await fetch(test.url(`/api/${name}`))).text(), "object");
            });
        }

        // GeneralScriptBindingProvider.cs and ExtensionBinding.cs of azure-functions-host.
        for (const [name, reason] of [
            ["noText", /Can't bind webPubSubConnection to type 'System\.String'\. Remove dataType 'string'/],
            ["bytes", /ScriptBinding type System\.Byte\[\] is not supported\. Remove dataType 'binary'/],
            ["stream", /Can't bind signalRConnectionInfo to type 'System\.IO\.Stream'/],
        ] as const) {
            it(`fails a call whose input '${name}' has a dataType that the extension lacks`, async () => {
                assert.equal((await fetch(test.url(`/api/${name}`))).status, 500);
                await test.logged(reason);
            });
        }

        if (model !== "v4") {
            it("puts a function with an unknown dataType in error", async () => {
                const { message } = await test.logged(/'wrong' function is in error/);
                assert.match(
                    message,
                    /"json": dataType of the binding 'info' is not valid\. It must be undefined, string, binary, stream/,
                );
            });
        }
    });
}

describe("functions: expressions of an app that serves HTTP streams", () => {
    it("take members of the body, and leave the body to the function", async () => {
        const folder = appFolder({
            "package.json": JSON.stringify({ main: "index.js" }),
            "index.js": `const { app, input } = require("@azure/functions");
                app.setup({ enableHttpStream: true });
                const info = input.webPubSubConnection({ name: "info", hub: "h", userId: "{user}", connection: "Wps" });
                app.http("negotiate", {
                    methods: ["POST"],
                    extraInputs: [info],
                    handler: async (request, context) => ({
                        jsonBody: { body: await request.json(), ...context.extraInputs.get(info) },
                    }),
                });`,
        });
        const test = await openTestApp({ codeFolder: folder, settings });
        try {
            const post = (body: object) =>
                fetch(test.url("/api/negotiate"), { method: "POST", body: JSON.stringify(body) });
            const answer = await (await post({ user: "jörg", more: [1] })).text();
            assert.equal(userOf(answer), "jörg");
            assert.deepEqual((JSON.parse(answer) as { body: unknown }).body, { user: "jörg", more: [1] });
            assert.equal((await post({ more: [1] })).status, 500);
        } finally {
            await test.close();
        }
    });
});
