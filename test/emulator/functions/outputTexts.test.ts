import assert from "node:assert/strict";
import { models, type TestFunction } from "../../support/appFolder";
import { type FakeService, openFakeService } from "../../support/fakeService";
import { openTestApp, type TestApp } from "../../support/functionApp";

// Sources: ReadAsEnumerable of FunctionBinding.cs of azure-functions-host, which parses a text that looks like JSON with JToken.Parse;
// JsonTextReader.cs, JsonReader.ReadAsString and DateTimeParser.cs of JamesNK/Newtonsoft.Json; BinaryDataJsonConverter.cs of azure-sdk-for-net.

const accessKey = "a-key-of-the-tests-which-signs-tokens";

type Sent = [call: string, body?: string][];
interface Case {
    type: "webPubSub" | "socketIO" | "signalR";
    text: string;
    sent?: Sent;
    /** The reason in the log of a call that fails. */
    fault?: RegExp;
}

const signalR = (list: string) => `{"target":"t","arguments":${list}}`;
const signalRBody = (list: string): Sent => [["POST /api/hubs/h/:send", `{"Target":"t","Arguments":${list}}`]];
const socketIO = (list: string) => `{"actionName":"sendToNamespace","eventName":"e","parameters":${list}}`;
// The group of the main namespace's clients.
const socketIOBody = (list: string): Sent => [["POST /api/hubs/h/groups/0~Lw~/:send", `42["e",${list}]`]];

const cases: Record<string, Case> = {
    comments: {
        type: "signalR",
        text: "// why\n{ /* a */ target: 't', 'arguments': [1, /* b */ 'x',], }",
        fault: /must be an object/,
    },
    commentsInside: {
        type: "signalR",
        text: " { /* a */ target: 't', 'arguments': [1, /* b */ 'x',], } ",
        sent: signalRBody(`[1,"x"]`),
    },
    integers: {
        type: "signalR",
        text: signalR("[9007199254740993, -9223372036854775808, 123456789012345678901234567890]"),
        sent: signalRBody("[9007199254740993,-9223372036854775808,123456789012345678901234567890]"),
    },
    fractions: {
        type: "signalR",
        text: signalR("[1.0, 1e2, 1.5, 0x10, 017, 1e20, NaN]"),
        sent: signalRBody(`[1.0,100.0,1.5,16,15,1E+20,"NaN"]`),
    },
    dates: {
        type: "signalR",
        text: signalR(`["2026-01-02T03:04:05.600Z", {"2026-01-02T03:04:05.600Z": ["2026-01-02T03:04:05+01:00"]}]`),
        sent: signalRBody(`["2026-01-02T03:04:05.6Z",{"2026-01-02T03:04:05.600Z":["2026-01-02T02:04:05+00:00"]}]`),
    },
    lastOfSeveral: {
        type: "signalR",
        text: `{"target":"a","target":"t","arguments":[{"x":1,"x":2}]}`,
        sent: signalRBody(`[{"x":2}]`),
    },
    list: {
        type: "signalR",
        text: `[${signalR("[1]")}, ${signalR("[2]")}]`,
        sent: [...signalRBody("[1]"), ...signalRBody("[2]")],
    },
    truth: {
        type: "signalR",
        text: `{"target":true,"arguments":[],"userId":1.0}`,
        sent: [["POST /api/hubs/h/users/1/:send", `{"Target":"True","Arguments":[]}`]],
    },
    dateAsUser: {
        type: "signalR",
        text: `{"target":"t","arguments":[],"userId":"2026-01-02T03:04:05Z"}`,
        sent: [["POST /api/hubs/h/users/01/02/2026 03:04:05/:send", `{"Target":"t","Arguments":[]}`]],
    },
    broken: { type: "signalR", text: `{"target":"t","arguments":[}`, fault: /Unexpected character encountered.*Path/ },
    trailing: { type: "signalR", text: `{"target":"t"} {}`, fault: /Additional text encountered/ },
    plain: { type: "signalR", text: "hello", fault: /must be an object/ },
    deep: { type: "signalR", text: signalR("[".repeat(64) + "]".repeat(64)), fault: /MaxDepth of 64/ },
    parameters: {
        type: "socketIO",
        text: socketIO("['a', 9007199254740993, 2.0, '2026-01-02T03:04:05.6000000Z', null]"),
        sent: socketIOBody(`"a",9007199254740993,2.0,"2026-01-02T03:04:05.6Z",null`),
    },
    rooms: {
        type: "socketIO",
        text: `{actionName:'sendToRooms',rooms:[1],eventName:true,parameters:[]}`,
        sent: [["POST /api/hubs/h/groups/0~Lw~MQ/:send", `42["True"]`]],
    },
    group: {
        type: "webPubSub",
        text: `{'actionName':'sendToGroup','group':12345678901234567890,'data':'x','dataType':'text'}`,
        sent: [["POST /api/hubs/h/groups/12345678901234567890/:send", "x"]],
    },
    // .NET writes half a character in a URL as U+FFFD: UriHelper.cs of dotnet/runtime.
    halfACharacter: {
        type: "webPubSub",
        text: `{"actionName":"sendToGroup","group":"a\\ud83cb","data":"x","dataType":"text"}`,
        sent: [["POST /api/hubs/h/groups/a\ufffdb/:send", "x"]],
    },
    halfAUser: {
        type: "signalR",
        text: `{"target":"t","arguments":[],"userId":"\\udf88 a"}`,
        sent: [["POST /api/hubs/h/users/\ufffd a/:send", `{"Target":"t","Arguments":[]}`]],
    },
    dateAsData: {
        type: "webPubSub",
        text: `{"actionName":"sendToAll","data":"2026-01-02T03:04:05Z","dataType":"text"}`,
        fault: /please stringify object/,
    },
    buffer: {
        type: "webPubSub",
        text: `{"actionName":"sendToAll","data":{"type":"Buffer","data":[104,105]},"dataType":"binary"}`,
        sent: [["POST /api/hubs/h/:send", "hi"]],
    },
};

const hubs = { webPubSub: { hub: "h", connection: "Wps" }, socketIO: { hub: "h" }, signalR: { hubName: "h" } };

const functionOf = ([name, { type, text }]: [string, Case]): TestFunction => ({
    name,
    bindings: [
        { name: "req", type: "httpTrigger", direction: "in", authLevel: "anonymous" },
        { name: "$return", type: "http", direction: "out" },
        { name: "out", type, direction: "out", ...hubs[type] },
    ],
    handler: `async (context) => {
        const text = ${JSON.stringify(text)};
        if (context.bindings) { context.bindings.out = text; } else { context.extraOutputs.set("out", text); }
        return { body: "ran" };
    }`,
});

for (const [model, makeApp] of Object.entries(models)) {
    describe(`functions: outputs that are JSON texts, in the ${model} model`, () => {
        let test: TestApp;
        let service: FakeService;
        before(async () => {
            service = await openFakeService();
            const connection = `Endpoint=http://localhost;Port=${service.port};AccessKey=${accessKey};Version=1.0;`;
            test = await openTestApp({
                codeFolder: makeApp(Object.entries(cases).map(functionOf)),
                settings: {
                    Wps: connection,
                    WebPubSubForSocketIOConnectionString: connection,
                    AzureSignalRConnectionString: connection,
                },
            });
        });
        after(async () => {
            await test.close();
            await service.close();
        });
        beforeEach(() => {
            service.calls.length = 0;
        });

        for (const [name, { sent = [], fault }] of Object.entries(cases)) {
            it(`reads '${name}' as Newtonsoft.Json does`, async () => {
                const response = await fetch(test.url(`/api/${name}`));
                assert.equal(response.status, fault === undefined ? 200 : 500);
                assert.deepEqual(
                    service.calls.map(({ method, path, body }) => [`${method} ${path}`, body]),
                    sent,
                );
                if (fault !== undefined) {
                    const line = new RegExp(`Executed 'Functions\\.${name}' \\(Failed.*${fault.source}`, "s");
                    assert.equal((await test.logged(line)).level, "error");
                }
            });
        }
    });
}
