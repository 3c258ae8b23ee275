import assert from "node:assert/strict";
import { listPackageFiles } from "../../../components/functionCode/files";
import { type EventTriggers, findEventTriggers } from "../../../components/functionCode/triggers";
import { functionFolder } from "../../support/functionFolder";

type Question = Parameters<typeof findEventTriggers>[0];

function triggersIn(files: Record<string, string>, question: Partial<Question> = {}): EventTriggers {
    return findEventTriggers({
        files: listPackageFiles(functionFolder(files)),
        runtime: "node",
        extension: "webpubsub",
        ...question,
    });
}

const inMain = (code: string, more: Record<string, string> = {}) => ({
    "package.json": '{"main":"dist/index.js"}',
    "dist/index.js": code,
    ...more,
});
const message = { hub: "lobby", event: "message", isSystem: false };
const connect = { hub: "lobby", event: "connect", isSystem: true };
const webPubSub = (...properties: string[]) => `{ type: "webPubSubTrigger", name: "event", ${properties.join(", ")} }`;
const onMessage = webPubSub('hub: "lobby"', 'eventName: "message"', 'eventType: "user"');
const generic = (trigger: string) => `app.generic("f", { trigger: trigger.generic(${trigger}), handler });`;

describe("the event triggers of an app's code", () => {
    const rows: [string, Record<string, string>, EventTriggers, Partial<Question>?][] = [
        ["generic triggers", inMain(generic(onMessage)), [message]],
        [
            "the library's own function, with outputs of other hubs inside",
            inMain(
                `app.webPubSub("f", { hub: 'lobby', eventName: 'connect', eventType: 'system', handler: () => ({ hub: "other" }) });`,
            ),
            [connect],
        ],
        ...["output", "functions_1.output"].map((output): [string, Record<string, string>, EventTriggers] => [
            `no trigger beside ${output}.webPubSub, whatever else is called eventName`,
            inMain(
                `const o = ${output}.webPubSub({ hub: "lobby" }); if (request.eventName === "x" || eventName) { f(); }`,
            ),
            [],
        ]),
        [
            "minified code",
            inMain(`a.webPubSub("f",{handler:b,eventType:"system",eventName:"connect",hub:"lobby"})`),
            [connect],
        ],
        [
            "names in quotes and in backticks",
            inMain(generic(`{ "type": 'webPubSubTrigger', "hub": \`lobby\`, "eventName": \`connect\` }`)),
            [connect],
        ],
        [
            "a user event with the name of a system event",
            inMain(generic(webPubSub('hub: "lobby"', 'eventName: "connect"', 'eventType: "user"'))),
            [{ ...connect, isSystem: false }],
        ],
        [
            "a hub of a setting, which may be any",
            inMain(generic(webPubSub('hub: "%Hub%"', 'eventName: "connect"', 'eventType: "system"'))),
            [{ event: "connect", isSystem: true }],
        ],
        [
            "a hub of a variable, which may be any",
            inMain(generic(webPubSub("hub", 'eventName: "message"', 'eventType: "user"'))),
            [{ event: "message", isSystem: false }],
        ],
        [
            "a comment before a trigger",
            inMain(`// eventName: "connect"\n/* eventName */\n${generic(onMessage)}`),
            [message],
        ],
        [
            "code that reads the name of an event",
            inMain(`${generic(onMessage)}\nuse(context.eventName, headers["eventName"], headers["ce-eventName"]);`),
            [message],
        ],
        ["code without a trigger", inMain(`app.http("negotiate", { handler });`), []],
        [
            "a trigger in another file than the main one",
            inMain(`require("./chat");`, { "dist/chat.js": generic(onMessage) }),
            [message],
        ],
        [
            "a package of the same workspace that registers functions",
            inMain(`require("shared");`, {
                "node_modules/shared/package.json": '{"peerDependencies":{"@azure/functions":"4"}}',
                "node_modules/shared/index.js": generic(onMessage),
                "node_modules/other/package.json": "{}",
                "node_modules/other/index.js": "eventName",
            }),
            [message],
        ],
        [
            "function.json",
            {
                "chat/function.json": `{"bindings":[${JSON.stringify({ Type: "WebPubSubTrigger", hub: "lobby", eventName: "Connect", eventType: "system" })}]}`,
            },
            [connect],
        ],
        [
            "function.json beside a main file that registers nothing",
            inMain("exports.x = 1;", {
                "chat/function.json":
                    '{"bindings":[{"type":"webPubSubTrigger","hub":"lobby","eventName":"message","eventType":"user"}]}',
            }),
            [message],
        ],
        [
            "function.json with comments, single quotes and a byte order mark",
            {
                "chat/function.json":
                    "\uFEFF{ // why\n bindings: [{ 'type': 'webPubSubTrigger', 'hub': 'lobby', 'eventName': 'connect', }, ], /* end */ }",
            },
            [{ hub: "lobby", event: "connect", isSystem: true }],
        ],
        ["function.json without triggers", { "negotiate/function.json": '{"bindings":[{"type":"httpTrigger"}]}' }, []],
        [
            "the metadata of .NET",
            {
                "functions.metadata":
                    '[{"bindings":[{"type":"webPubSubTrigger","hub":"lobby","eventName":"connect","eventType":"System"}]}]',
            },
            [connect],
            { runtime: "dotnet-isolated" },
        ],
        [
            "Python",
            {
                "function_app.py":
                    '# eventName="disconnected"\n@app.generic_trigger(arg_name="r", type="webPubSubTrigger", hub="lobby", eventName="connect", eventType="system")',
            },
            [connect],
            { runtime: "python" },
        ],
        [
            "Java's function.json",
            {
                "chat/function.json":
                    '{"bindings":[{"type":"webPubSubTrigger","hub":"lobby","eventName":"message","eventType":"USER"}]}',
            },
            [message],
            { runtime: "java" },
        ],
        [
            "Socket.IO, whose actions name events too",
            inMain(
                `${generic('{ type: "socketiotrigger", hub: "lobby", eventName: "connect" }')} send({ actionName: "sendToNamespace", eventName: name }); send({ actionName: "sendToRooms", eventName: "connected", rooms });`,
            ),
            [connect],
            { extension: "socketio" },
        ],
    ];
    for (const [what, files, expected, question] of rows) {
        it(`are found in ${what}`, () => assert.deepEqual(triggersIn(files, question), expected));
    }

    const unknown: [string, Record<string, string>, Partial<Question>?][] = [
        ["an event's name is a variable", inMain(generic(webPubSub("eventName: name")))],
        ["an event's name is put together", inMain(generic(webPubSub('eventName: "con" + "nect"')))],
        ["an event's name is a shorthand", inMain(generic(webPubSub("eventName")))],
        ["an event's name has a placeholder", inMain(generic(webPubSub("eventName: `$" + "{name}`")))],
        [
            "one of several names is a variable",
            inMain(`${generic(onMessage)}\n${generic(webPubSub("eventName: other"))}`),
        ],
        [
            "triggers stand in a data file",
            inMain(`register(require("./triggers.json"));`, { "dist/triggers.json": `[{"type":"webPubSubTrigger"}]` }),
        ],
        ["a trigger has no name of an event", inMain(`const type = "webPubSubTrigger";`)],
        ["function.json cannot be read", { "chat/function.json": "{" }],
        ["the metadata of .NET is not there", { "host.json": "{}" }, { runtime: "dotnet-isolated" }],
        ["the service has no hubs", inMain(generic(onMessage)), { extension: "signalr" }],
        ["the code is empty", inMain("")],
    ];
    for (const [what, files, question] of unknown) {
        it(`are not known where ${what}`, () => assert.equal(triggersIn(files, question), undefined));
    }
});
