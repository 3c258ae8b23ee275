import assert from "node:assert/strict";
import { encode } from "@msgpack/msgpack";
import { models, type TestFunction } from "../../support/appFolder";
import { openTestApp, type TestApp } from "../../support/functionApp";
import { until } from "../../support/until";

// Sources: GeneralScriptBindingProvider.cs of azure-functions-host; WebPubSubTriggerBinding.cs, BinaryDataExtensions.cs,
// WebPubSubForSocketIOTriggerBinding.cs and SignalRTriggerBinding.cs of azure-sdk-for-net.

const dataTypes = [undefined, "undefined", "string", "binary", "stream"] as const;
type DataType = (typeof dataTypes)[number];

/** Logs what the function was given, so that events without an answer can be seen too. */
const tell = `async (context, input) => {
    const value = input === undefined ? ["undefined"]
        : Buffer.isBuffer(input) ? ["bytes", input.toString("latin1")] : [typeof input, input];
    (context.log.info ?? context.info).call(context, "GIVEN " + JSON.stringify(value));
}`;

/** Names of functions and events ignore case. */
const nameOf = (...parts: unknown[]) => parts.map((part) => (part === "DATA" ? "upper" : (part ?? "none"))).join("-");
const trigger = (type: string, name: string, dataType: DataType, more: Record<string, unknown>) => ({
    type,
    name,
    direction: "in",
    ...(dataType === undefined ? {} : { dataType }),
    ...more,
});

const parts = ["data", "DATA", "dataType", "request", "connectionContext", "reason", "event"];
const functions: TestFunction[] = dataTypes.flatMap((dataType) => [
    ...parts.map((part) => ({
        name: nameOf("wps", part, dataType),
        bindings: [
            trigger("webPubSubTrigger", part, dataType, {
                hub: "h",
                eventType: "user",
                eventName: nameOf(part, dataType),
            }),
        ],
        handler: tell,
    })),
    {
        name: nameOf("sio", dataType),
        bindings: [trigger("socketiotrigger", "anything", dataType, { hub: "h", eventName: nameOf("e", dataType) })],
        handler: tell,
    },
    {
        name: nameOf("clash", dataType),
        bindings: [
            trigger("socketiotrigger", "anything", dataType, {
                hub: "h",
                eventName: nameOf("clash", dataType),
                parameterNames: ["SocketID"],
            }),
        ],
        handler: tell,
    },
    {
        name: nameOf("sr", dataType),
        bindings: [
            trigger("signalRTrigger", "anything", dataType, {
                hubName: "h",
                category: "messages",
                event: nameOf("m", dataType),
            }),
        ],
        handler: tell,
    },
    {
        name: nameOf("timer", dataType),
        bindings: [trigger("timerTrigger", "anything", dataType, { schedule: "0 0 0 1 1 *" })],
        handler: tell,
    },
]);

const signed = "Endpoint=http://localhost;Port=1;AccessKey=a-key-of-the-tests;Version=1.0;";

for (const [model, makeApp] of Object.entries(models)) {
    describe(`functions: values of triggers in the ${model} model`, () => {
        let test: TestApp;
        let masterKey: string;
        before(async () => {
            test = await openTestApp({
                codeFolder: makeApp(functions),
                unansweredMilliseconds: 20,
                settings: {
                    WebPubSubForSocketIOConnectionString__endpoint: "http://localhost:1",
                    AzureSignalRConnectionString__serviceUri: "http://localhost:1",
                    Unused: signed,
                },
            });
            masterKey = (await test.app.hostKeys()).masterKey;
        });
        after(() => test.close());

        /** What the function was given by the event. */
        async function given(
            target: string,
            headers: Record<string, string>,
            body: string | Buffer,
        ): Promise<unknown[]> {
            const seen = test.entries.length;
            const response = await fetch(test.url(`/runtime/webhooks/${target}`), {
                method: "POST",
                headers: { "x-functions-key": masterKey, ...headers },
                body: typeof body === "string" ? body : new Uint8Array(body),
            });
            assert.equal(response.status, 200, await response.text());
            const find = () => test.entries.slice(seen).find(({ message }) => message.includes("GIVEN "))?.message;
            // The line of the app's process may arrive after the answer.
            await until(() => find() !== undefined, "the function's line");
            const line = find() ?? "";
            return JSON.parse(line.slice(line.indexOf("GIVEN ") + 6)) as unknown[];
        }

        const event = (eventName: string, contentType: string) => ({
            "ce-hub": "h",
            "ce-type": `azure.webpubsub.user.${eventName}`,
            "ce-eventName": eventName,
            "ce-connectionId": "c1",
            "ce-userId": Buffer.from("é%20").toString("latin1"),
            "WebHook-Request-Origin": "localhost",
            "Content-Type": contentType,
        });
        const isText = (dataType: DataType) => dataType !== "binary" && dataType !== "stream";

        for (const dataType of dataTypes) {
            const kind = String(dataType);
            for (const part of ["data", "DATA"]) {
                const messages: [contentType: string, body: Buffer, text: unknown][] = [
                    ["text/plain; charset=utf-8", Buffer.from("héllo"), "héllo"],
                    ["text/plain", Buffer.from("12"), 12],
                    ["application/json", Buffer.from('{"a":1}'), { a: 1 }],
                    ["application/octet-stream", Buffer.from([0xff, 0x00, 0x41]), "\ufffd\u0000A"],
                ];
                for (const [contentType, body, text] of messages) {
                    it(`gives ${contentType} to '${part}' with dataType ${kind}`, async () => {
                        assert.deepEqual(
                            await given("webpubsub", event(nameOf(part, dataType), contentType), body),
                            isText(dataType) ? [typeof text, text] : ["bytes", body.toString("latin1")],
                        );
                    });
                }
            }

            it(`gives the parts of a user event with dataType ${kind}`, async () => {
                const of = (part: string) => given("webpubsub", event(nameOf(part, dataType), "text/plain"), "hi");
                const read = ([type, value]: unknown[]) => {
                    assert.equal(type, isText(dataType) ? "object" : "bytes");
                    return (isText(dataType) ? value : JSON.parse(Buffer.from(String(value), "latin1").toString())) as {
                        data?: unknown;
                        userId?: unknown;
                    };
                };
                assert.deepEqual(await of("dataType"), [isText(dataType) ? "string" : "bytes", "text"]);
                assert.equal(read(await of("request")).data, "hi");
                assert.equal(read(await of("connectionContext")).userId, "é%20");
                assert.deepEqual(await of("reason"), ["undefined"]);
                assert.deepEqual(await of("event"), ["undefined"]);
            });

            it(`gives a Socket.IO event with dataType ${kind}`, async () => {
                const name = nameOf("e", dataType);
                const headers = {
                    ...event(name, "text/plain"),
                    "ce-type": "azure.webpubsub.user.message",
                    "ce-namespace": "/",
                    "ce-socketId": "s1",
                };
                const [type, value] = await given("socketio", headers, `42${JSON.stringify([name, "ü"])}`);
                assert.equal(type, isText(dataType) ? "object" : "bytes");
                const request = isText(dataType) ? value : JSON.parse(Buffer.from(String(value), "latin1").toString());
                assert.deepEqual((request as { parameters: unknown }).parameters, ["ü"]);
            });

            it(`gives a SignalR call with dataType ${kind}`, async () => {
                const name = nameOf("m", dataType);
                const [type, value] = await given(
                    "signalr",
                    {
                        "X-ASRS-Hub": "h",
                        "X-ASRS-Category": "messages",
                        "X-ASRS-Event": name,
                        "X-ASRS-Connection-Id": "c1",
                        "Content-Type": "application/json",
                    },
                    JSON.stringify({ type: 1, target: name, arguments: ["ü"] }),
                );
                assert.equal(type, isText(dataType) ? "object" : "undefined");
                assert.deepEqual(
                    (value as { Arguments?: unknown } | undefined)?.Arguments,
                    isText(dataType) ? ["ü"] : undefined,
                );
            });
        }

        // Sources: SocketIOProtocol.cs, JsonServerlessProtocol.cs and BinaryDataExtensions.cs of azure-sdk-for-net.
        it("gives dates in the arguments of SignalR and Socket.IO as .NET writes them, and Web PubSub's data untouched", async () => {
            const date = "2026-01-02T03:04:05.000Z";
            const list = [date, { at: date }];
            const written = ["2026-01-02T03:04:05Z", { at: "2026-01-02T03:04:05Z" }];
            const socket = await given(
                "socketio",
                {
                    ...event("e-none", "text/plain"),
                    "ce-type": "azure.webpubsub.user.message",
                    "ce-namespace": "/",
                    "ce-socketId": "s1",
                },
                `42${JSON.stringify(["e-none", ...list])}`,
            );
            assert.deepEqual((socket[1] as { parameters: unknown }).parameters, written);
            const signalR = await given(
                "signalr",
                {
                    "X-ASRS-Hub": "h",
                    "X-ASRS-Category": "messages",
                    "X-ASRS-Event": "m-none",
                    "X-ASRS-Connection-Id": "c1",
                    "Content-Type": "application/json",
                },
                JSON.stringify({ type: 1, target: "m-none", arguments: list }),
            );
            assert.deepEqual((signalR[1] as { Arguments: unknown }).Arguments, written);
            const data = await given("webpubsub", event("data-none", "application/json"), JSON.stringify(list));
            assert.deepEqual(data[1], list);
        });

        // Source: ReadObject of MessagePackHelper.cs of azure-sdk-for-net; Newtonsoft.Json writes bytes as base64, and what is no number as a text.
        it("gives a SignalR call in MessagePack as .NET writes its values", async () => {
            const list = [
                new Uint8Array([1, 255]),
                { bytes: [new Uint8Array([2])], long: 5_000_000_000 },
                Number.NaN,
                [Number.NEGATIVE_INFINITY],
                "2026-01-02T03:04:05.000Z",
                null,
                true,
                { list: [1, new Date(0), 2] },
                "after a date",
            ];
            const [, invocation] = await given(
                "signalr",
                {
                    "X-ASRS-Hub": "h",
                    "X-ASRS-Category": "messages",
                    "X-ASRS-Event": "m-none",
                    "X-ASRS-Connection-Id": "c1",
                    "Content-Type": "application/x-msgpack",
                },
                Buffer.from(encode([1, {}, null, "m-none", list])),
            );
            assert.deepEqual((invocation as { Arguments: unknown }).Arguments, [
                "Af8=",
                { bytes: ["Ag=="], long: 5_000_000_000 },
                "NaN",
                ["-Infinity"],
                "2026-01-02T03:04:05.000Z",
                null,
                true,
                { list: [1, null, null] },
                null,
            ]);
        });

        it("says at start what Azure makes of names and data types", async () => {
            const warnings = test.entries.filter(({ level }) => level === "warning").map(({ message }) => message);
            for (const expected of [
                /'wps-event-none': its webPubSubTrigger is called 'event', which names no part of an event/,
                /'wps-data-stream': dataType 'stream' of its webPubSubTrigger gives bytes here\. On Azure .* Use 'binary'\./,
                /'sio-stream': dataType 'stream' of its socketiotrigger gives bytes here/,
                /'sr-binary': its signalRTrigger has no value as bytes/,
                /'clash-none': parameterNames has 'SocketID', which is the trigger's own name .* Choose another name\./,
            ]) {
                assert.ok(
                    warnings.some((warning) => expected.test(warning)),
                    `${expected}\n${warnings.join("\n")}`,
                );
            }
            assert.ok(!warnings.some((warning) => /'wps-data-binary'|'sio-binary'|'timer/.test(warning)));
        });
    });
}
