import assert from "node:assert/strict";
import { decodeJwt } from "jose";
import type { ExtensionHost } from "../../../emulator/functions/host/extensions/extension";
import { parseAction } from "../../../emulator/functions/host/extensions/signalr/actions";
import {
    describeEndpoint,
    resolveEndpoints,
    targetsOf,
} from "../../../emulator/functions/host/extensions/signalr/endpoints";
import { createSettings } from "../../../emulator/functions/host/settings";
import { appFolder } from "../../support/appFolder";
import { type FakeService, openFakeService } from "../../support/fakeService";
import { openTestApp, type TestApp } from "../../support/functionApp";
import { callWebhook, connected } from "../../support/signalRWebhook";

const secret = "abcdefghijklmnop";
const at = (host: string) => `Endpoint=https://${host};AccessKey=${secret};Version=1.0;`;
const persistent = { AzureSignalRServiceTransportType: "Persistent" };
const root = "Azure__SignalR__Endpoints";

function resolve(values: Record<string, string>, name = "Chat") {
    const host = { settings: createSettings(values), token: async () => "" } as unknown as ExtensionHost;
    return resolveEndpoints({ name, host });
}

const shown = (values: Record<string, string>) =>
    resolve(values).all.map(({ type, name, endpoint }) => `${type} ${name || "-"} ${endpoint}`);

describe("functions: SignalR endpoints", () => {
    // Sources: IConfigurationExtensionsFacts.cs and OptionsSetupFacts.cs of Microsoft.Azure.WebJobs.Extensions.SignalRService in
    // Azure/azure-sdk-for-net, ServiceEndpointManagerTests of Azure/azure-signalr.
    const cases: [name: string, values: Record<string, string>, expected: string[]][] = [
        ["its connection string", { Chat: at("a") }, ["Primary - https://a"]],
        ["one under the common name only", { [`${root}__East`]: at("a") }, ["Primary East https://a"]],
        [
            "a name with both types, whose case stays",
            {
                ...persistent,
                "Azure:SignalR:Endpoints:EastUS:Primary": at("a"),
                [`${root}__EastUS__secondary`]: at("b"),
            },
            ["Primary EastUS https://a", "Secondary EastUS https://b"],
        ],
        [
            "the connection string first, then names in .NET's order",
            {
                ...persistent,
                [`${root}__b`]: at("b"),
                [`${root}__10`]: at("ten"),
                [`${root}__9`]: at("nine"),
                [`${root}__A__primary`]: at("a"),
                Chat: at("own"),
            },
            ["own", "nine", "ten", "a", "b"].map(
                (host, index) => `Primary ${["-", "9", "10", "A", "b"][index]} https://${host}`,
            ),
        ],
        [
            "an identity under a name, which hides connection strings of that name",
            {
                ...persistent,
                [`${root}__w__serviceUri`]: "https://w/",
                [`${root}__w__type`]: "secondary",
                [`${root}__w`]: at("hidden"),
                Chat: at("own"),
            },
            ["Primary - https://own", "Secondary w https://w"],
        ],
        [
            "its own identity last, and not beside a connection string",
            { ...persistent, Chat__serviceUri: "https://own", [`${root}__e`]: at("e") },
            ["Primary e https://e", "Primary - https://own"],
        ],
        [
            "two settings for one service, of which the primary one counts",
            { ...persistent, [`${root}__a__secondary`]: at("same"), [`${root}__b`]: at("same:443") },
            ["Primary b https://same"],
        ],
    ];
    for (const [name, values, expected] of cases) {
        it(`reads ${name}`, () => assert.deepEqual(shown(values), expected));
    }

    const refused: [name: string, values: Record<string, string>, error: RegExp][] = [
        [
            "several without the persistent transport",
            { Chat: at("a"), [`${root}__East`]: at("b") },
            /set \(Chat, Azure__SignalR__Endpoints__East\), which .* transient mode\. Set app setting 'AzureSignalRServiceTransportType' to Persistent/,
        ],
        ["secondary ones only", { [`${root}__East__Secondary`]: at("b") }, /^No primary endpoint defined: /],
        ["none", {}, /connection string or endpoints are not set\. Set app setting 'Chat'/],
        [
            "another type",
            { [`${root}__e__serviceUri`]: "https://e", [`${root}__e__type`]: "tertiary" },
            /'Azure__SignalR__Endpoints__e__type' must be Primary or Secondary, not 'tertiary'/,
        ],
        [
            "an empty one",
            { [`${root}__e`]: "" },
            /App setting 'Azure__SignalR__Endpoints__e' is not a connection string/,
        ],
    ];
    for (const [name, values, error] of refused) {
        it(`refuses ${name}, and repeats no key`, () => {
            assert.throws(
                () => resolve(values),
                (failure: Error) => error.test(failure.message) && !String(failure.message).includes(secret),
            );
        });
    }

    // Sources: ServiceEndpointJsonConverter.cs of the extension, ServiceEndpoint.Equals and ServiceHubContextImpl.WithEndpoints of azure-signalr.
    const three = {
        ...persistent,
        [`${root}__a`]: at("a"),
        [`${root}__b__secondary`]: at("b"),
        [`${root}__gate`]: `${at("g")}ClientEndpoint=https://gate/x`,
    };
    const choices: [name: string, endpoints: unknown, expected: string[]][] = [
        ["what the function got", [{ endpointType: "Primary", name: "a", endpoint: "https://a", online: true }], ["a"]],
        [
            "members in another case, a type by its number",
            [{ Name: "b", ENDPOINT: "https://b", EndpointType: 1 }],
            ["b"],
        ],
        ["no type for a primary one", [{ name: "a", endpoint: "https://a" }, null], ["a"]],
        ["no type for a secondary one", [{ name: "b", endpoint: "https://b" }], []],
        ["a name in another case", [{ name: "A", endpoint: "https://a" }], []],
        ["no name", [{ endpoint: "https://a" }], []],
        ["none", [], []],
        ["null", null, ["a", "b", "gate"]],
        ["one behind a gateway", [{ name: "gate", endpoint: "https://g" }], []],
    ];
    for (const [name, endpoints, expected] of choices) {
        it(`sends to ${expected.join(", ") || "nobody"} for ${name}`, () => {
            const services = resolve(three);
            for (const action of [
                { target: "t", arguments: [] },
                { action: "add", groupName: "g", userId: "u" },
            ]) {
                const { endpoints: chosen } = parseAction({ ...action, endpoints });
                assert.deepEqual(
                    targetsOf(services, chosen).map(({ name }) => name),
                    expected,
                );
            }
        });
    }
    it("ignores the choice where there is one service and no persistent transport, as REST calls do", () => {
        const services = resolve({ Chat: at("a") });
        assert.deepEqual(targetsOf(services, []).map(describeEndpoint), [
            { endpointType: "Primary", name: "", endpoint: "https://a", online: true },
        ]);
    });
    for (const endpoints of [
        "a",
        {},
        ["a"],
        [[]],
        [{}],
        [{ endpoint: "a" }],
        [{ endpoint: "https://a", endpointType: "x" }],
    ]) {
        it(`refuses endpoints ${JSON.stringify(endpoints)} of an action`, () => {
            assert.throws(
                () => parseAction({ target: "t", arguments: [], endpoints }),
                /Unable to convert JObject.*'endpoints' must be a list of what signalREndpoints gives, not /,
            );
        });
    }

    describe("in an app", () => {
        let services: FakeService[];
        let test: TestApp;
        before(async () => {
            services = await Promise.all([openFakeService(), openFakeService()]);
            const [east, west] = services.map(
                ({ port }, index) => `Endpoint=http://localhost:${port};AccessKey=${secret}${index};`,
            );
            const codeFolder = appFolder({
                "package.json": '{ "main": "index.js" }',
                "index.js": `
                    const { app, input, output, trigger } = require("@azure/functions");
                    const bound = { hubName: "Chat", connectionStringSetting: "Signals" };
                    const negotiation = input.generic({ ...bound, type: "signalRNegotiation", userId: "{query.user}" });
                    const endpoints = input.generic({ ...bound, type: "signalREndpoints" });
                    const info = input.generic({ ...bound, type: "signalRConnectionInfo" });
                    const out = output.generic({ ...bound, type: "signalR" });
                    const serve = (name, extraInputs) => app.http(name, {
                        authLevel: "anonymous",
                        extraInputs,
                        handler: (_request, context) => ({ jsonBody: context.extraInputs.get(extraInputs[0]) }),
                    });
                    serve("negotiate", [negotiation]);
                    serve("endpoints", [endpoints]);
                    serve("info", [info]);
                    const wrong = { ...info, direction: "out", name: "wrong" };
                    app.http("wrong", {
                        authLevel: "anonymous", extraOutputs: [wrong],
                        handler: (_request, context) => {
                            context.extraOutputs.set(wrong, { target: "t", arguments: [] });
                            return {};
                        },
                    });
                    app.http("send", {
                        authLevel: "anonymous", methods: ["POST"], extraInputs: [endpoints], extraOutputs: [out],
                        handler: async (request, context) => {
                            const { names, ...action } = await request.json();
                            const chosen = context.extraInputs.get(endpoints).filter(({ name }) => names?.includes(name));
                            context.extraOutputs.set(out, [{ ...action, ...(names && { endpoints: chosen }) }]);
                            return { status: 202 };
                        },
                    });
                    app.generic("connected", {
                        trigger: trigger.generic({ ...bound, type: "signalRTrigger", category: "connections", event: "connected" }),
                        handler: () => {},
                    });`,
            });
            const settings = { ...persistent, [`${root}__East`]: `${east}`, [`${root}__West__secondary`]: `${west}` };
            test = await openTestApp({ codeFolder, settings });
        });
        after(async () => {
            await test.close();
            await Promise.all(services.map((service) => service.close()));
        });
        beforeEach(() => {
            for (const service of services) {
                service.calls.length = 0;
                service.answer = () => ({ status: 202 });
            }
        });
        const json = async (path: string) => (await (await fetch(test.url(`/api/${path}`))).json()) as never;
        const send = (body: object) =>
            fetch(test.url("/api/send"), { method: "POST", body: JSON.stringify(body) }).then(({ status }) => status);
        const origins = () => services.map(({ origin }) => origin);
        const called = () => services.map(({ calls }) => calls.map(({ method, path }) => `${method} ${path}`).join());

        it("gives the code all services, and a connection for each", async () => {
            const [east, west] = origins();
            const expected = [
                { endpointType: "Primary", name: "East", endpoint: east, online: true },
                { endpointType: "Secondary", name: "West", endpoint: west, online: true },
            ];
            assert.deepEqual(await json("endpoints"), expected);
            const { endpoints } = (await json("negotiate?user=ann")) as { endpoints: Record<string, unknown>[] };
            for (const [index, { connectionInfo, ...rest }] of endpoints.entries()) {
                assert.deepEqual(rest, expected[index]);
                const { url, accessToken } = connectionInfo as { url: string; accessToken: string };
                assert.equal(url, `${rest.endpoint}/client/?hub=chat`);
                assert.deepEqual([decodeJwt(accessToken).aud, decodeJwt(accessToken)["asrs.s.uid"]], [url, "ann"]);
            }
            assert.equal(endpoints.length, 2);
        });

        it("negotiates with primary services only", async () => {
            for (const _ of [1, 2, 3]) {
                const { url } = (await json("info")) as { url: string };
                assert.ok(url.startsWith(`${origins()[0]}/`), url);
            }
        });

        it("sends an action to all services, or to those it names, and says when it names none", async () => {
            const path = "POST /api/hubs/chat/:send";
            const message = { target: "t", arguments: [1] };
            assert.equal(await send(message), 202);
            assert.deepEqual(called(), [path, path]);
            assert.equal(await send({ ...message, names: ["West"] }), 202);
            assert.deepEqual(called(), [path, `${path},${path}`]);
            assert.equal(await send({ ...message, names: ["North"] }), 202);
            assert.deepEqual(called(), [path, `${path},${path}`]);
            await test.logged(/An action for hub 'Chat' is not sent: none of its 'endpoints' is a service of the app/);
        });

        it("sends nothing by a binding that is no output", async () => {
            assert.equal((await fetch(test.url("/api/wrong"))).status, 500);
            await test.logged(/The binding 'wrong' of type 'signalRConnectionInfo' cannot be an output\./);
            assert.deepEqual(called(), ["", ""]);
        });

        it("finds the service of a connection, and fails when one fails", async () => {
            const [east, west] = services as [FakeService, FakeService];
            const gone = { status: 404, headers: { "x-ms-error-code": "Error.Connection.NotExisted" } };
            for (const action of ["add", "remove"]) {
                east.answer = () => gone;
                assert.equal(await send({ action, groupName: "g", connectionId: "c" }), 202);
            }
            west.answer = () => ({ status: 500 });
            assert.equal(await send({ target: "t", arguments: [] }), 500);
        });

        it("takes events that either service signs", async () => {
            const { createHmac } = await import("node:crypto");
            const sign = (key: string) =>
                `sha256=${createHmac("sha256", key)
                    .update(connected["X-ASRS-Connection-Id"] ?? "")
                    .digest("hex")}`;
            const statuses: number[] = [];
            for (const key of [`${secret}0`, `${secret}1`, `${secret}2`]) {
                const headers = { ...connected, "X-ASRS-Hub": "chat", "X-ASRS-Signature": sign(key) };
                statuses.push((await callWebhook(test, { headers })).status);
            }
            assert.deepEqual(statuses, [200, 200, 401]);
        });
    });
});
