import assert from "node:assert/strict";
import { JsonHubProtocol, MessageType, NullLogger } from "@microsoft/signalr";
import { MessagePackHubProtocol } from "@microsoft/signalr-protocol-msgpack";
import { createSeparatedCutter, cutAll } from "../../../emulator/signalr/protocol/framing";
import { handshakeResponse, readHandshake } from "../../../emulator/signalr/protocol/handshake";
import { jsonProtocol } from "../../../emulator/signalr/protocol/json";
import { messagePackProtocol } from "../../../emulator/signalr/protocol/messagePack";
import { type HubProtocol, ProtocolError } from "../../../emulator/signalr/protocol/types";
import { prepareTemplate, type UpstreamEvent } from "../../../emulator/signalr/templates";

const bytes = (data: string | ArrayBuffer): Buffer =>
    typeof data === "string" ? Buffer.from(data) : Buffer.from(data);
const arrayBuffer = (data: Buffer): ArrayBuffer => new Uint8Array(data).buffer;

const sides: [
    HubProtocol,
    (message: Parameters<JsonHubProtocol["writeMessage"]>[0]) => Buffer,
    (data: Buffer) => unknown[],
][] = [
    [
        jsonProtocol,
        (message) => bytes(new JsonHubProtocol().writeMessage(message)),
        (data) => new JsonHubProtocol().parseMessages(data.toString(), NullLogger.instance),
    ],
    [
        messagePackProtocol,
        (message) => bytes(new MessagePackHubProtocol().writeMessage(message)),
        (data) => new MessagePackHubProtocol().parseMessages(arrayBuffer(data), NullLogger.instance),
    ],
];

for (const [protocol, write, read] of sides) {
    describe(`SignalR service: ${protocol.name} protocol`, () => {
        const invocation = write({
            type: MessageType.Invocation,
            target: "chat",
            arguments: ["hi", 1],
            invocationId: "7",
        });
        const ping = write({ type: MessageType.Ping });

        it("reads what the vendor's client writes", () => {
            const stream = write({ type: MessageType.StreamInvocation, target: "s", arguments: [], invocationId: "8" });
            const streaming = write({ type: MessageType.Invocation, target: "c", arguments: [], streamIds: ["1"] });
            const cut = cutAll(protocol.createCutter(), Buffer.concat([invocation, ping, stream, streaming]));
            const shown = cut
                .map(protocol.read)
                .map((message) => ("payload" in message ? { ...message, payload: null } : message));
            assert.deepEqual(shown, [
                { type: "invocation", target: "chat", invocationId: "7", isStreaming: false, payload: null },
                { type: "other" },
                { type: "streamInvocation", target: "s", invocationId: "8" },
                { type: "invocation", target: "c", invocationId: undefined, isStreaming: true, payload: null },
            ]);
        });

        it("waits for the rest of a message, wherever it is cut", () => {
            const whole = Buffer.concat([ping, invocation]);
            for (let cut = ping.length; cut < whole.length; cut++) {
                const cutter = protocol.createCutter();
                assert.equal(cutAll(cutter, whole.subarray(0, cut)).length, 1);
                const [message, ...more] = cutAll(cutter, whole.subarray(cut)).map(protocol.read);
                assert.ok(message?.type === "invocation" && message.target === "chat" && more.length === 0);
            }
        });

        it("keeps the message as it was sent", () => {
            const [message] = cutAll(protocol.createCutter(), invocation).map(protocol.read);
            assert.ok(message?.type === "invocation");
            assert.ok(invocation.includes(message.payload));
            assert.equal(invocation.length - message.payload.length, 1);
        });

        it("writes what the vendor's client reads", () => {
            const text = "x".repeat(20_000);
            const [message] = read(protocol.invocation({ target: "news", arguments: [text, null, { a: 1 }] })) as {
                target: string;
                arguments: unknown[];
            }[];
            assert.deepEqual([message?.target, message?.arguments], ["news", [text, null, { a: 1 }]]);
            const [failed] = read(protocol.completion({ invocationId: "7", error: "no" })) as { error?: string }[];
            assert.equal(failed?.error, "no");
            const [done] = read(protocol.completion({ invocationId: "7", result: [1] })) as { result?: unknown }[];
            assert.deepEqual(done?.result, [1]);
            const [close] = read(protocol.close({ error: "bye", allowReconnect: true })) as Record<string, unknown>[];
            assert.deepEqual([close?.type, close?.error, close?.allowReconnect], [7, "bye", true]);
            assert.deepEqual(read(protocol.ping).length, 1);
        });

        it("knows the completion of an invocation", () => {
            const completion = protocol.completion({ invocationId: "7" });
            assert.equal(protocol.isCompletion(completion, "7"), true);
            assert.equal(protocol.isCompletion(completion, "8"), false);
            assert.equal(protocol.isCompletion(Buffer.concat([completion, completion]), "7"), false);
            assert.equal(protocol.isCompletion(completion.subarray(0, -1), "7"), false);
            assert.equal(protocol.isCompletion(protocol.ping, "7"), false);
        });
    });
}

describe("SignalR service: what cannot be read", () => {
    const cases: [name: string, protocol: HubProtocol, data: Buffer][] = [
        ["text that is no JSON", jsonProtocol, Buffer.from("hello\u001e")],
        ["JSON that is no object", jsonProtocol, Buffer.from("[]\u001e")],
        ["a message without type", jsonProtocol, Buffer.from("{}\u001e")],
        ["an invocation without target", jsonProtocol, Buffer.from('{"type":1,"arguments":[]}\u001e')],
        ["an invocation without arguments", jsonProtocol, Buffer.from('{"type":1,"target":"a"}\u001e')],
        ["bytes that are no MessagePack", messagePackProtocol, Buffer.from([1, 0xc1])],
        ["MessagePack that is no array", messagePackProtocol, Buffer.from([1, 0x80])],
        ["a length of six bytes", messagePackProtocol, Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 1])],
    ];
    for (const [name, protocol, data] of cases) {
        it(`refuses ${name}`, () => {
            assert.throws(() => cutAll(protocol.createCutter(), data).map(protocol.read), ProtocolError);
        });
    }
});

// Sources: JsonHubProtocolTestsBase.cs, JsonHubProtocolTests.cs and MessagePackHubProtocolTestBase.cs of dotnet/aspnetcore.
describe("SignalR service: messages that the vendor's own tests refuse", () => {
    const json = (text: string) =>
        cutAll(jsonProtocol.createCutter(), Buffer.from(`${text}\u001e`)).map(jsonProtocol.read);
    const packed = (message: Buffer) => {
        const data = Buffer.concat([Buffer.from([message.length]), message]);
        return cutAll(messagePackProtocol.createCutter(), data).map(messagePackProtocol.read);
    };
    const invalid = [
        "",
        "null",
        '"foo"',
        "42",
        "[42]",
        "{}",
        '{"type":null}',
        '{"type":"foo"}',
        '{"type":1.5,"target":"a","arguments":[]}',
        '{"type":4294967297,"target":"a","arguments":[]}',
        ...["42", "true", "null", "[]"].map(
            (value) => `{"type":1,"headers":{"Foo":${value}},"target":"test","arguments":[]}`,
        ),
        '{"type":1,"headers":null,"target":"test","arguments":[]}',
        '{"type":1,"headers":[],"target":"test","arguments":[]}',
        '{"type":1}',
        '{"type":1,"invocationId":42}',
        '{"type":1,"invocationId":42,"target":"foo","arguments":[]}',
        '{"type":1,"invocationId":null,"target":"foo","arguments":[]}',
        '{"type":1,"invocationId":"42"}',
        '{"type":1,"invocationId":"42","target":42,"arguments":[]}',
        '{"type":1,"invocationId":"42","target":"","arguments":[]}',
        '{"type":1,"invocationId":"42","target":"foo"}',
        '{"type":1,"invocationId":"42","target":"foo","arguments":{}}',
        '{"type":1,"target":"foo","arguments":[],"streamIds":{}}',
        '{"type":1,"target":"foo","arguments":[],"streamIds":[1]}',
        '{"type":2}',
        '{"type":2,"invocationId":42,"item":1}',
        '{"type":2,"invocationId":"42"}',
        '{"type":3}',
        '{"type":3,"invocationId":42}',
        '{"type":3,"invocationId":"42","error":[]}',
        '{"type":3,"invocationId":"42","error":"a","result":true}',
        '{"type":3,"invocationId":"42","result":true',
        '{"type":4}',
        '{"type":4,"invocationId":42,"target":"foo","arguments":[]}',
        '{"type":4,"invocationId":"42","target":42,"arguments":[]}',
        '{"type":4,"invocationId":"42","target":"foo"}',
        '{"type":4,"invocationId":"42","target":"foo","arguments":{}}',
        '{"type":5}',
        '{"type":5,"invocationId":""}',
        '{"type":6,"target":1}',
        '{"type":7,"error":1}',
        '{"type":7,"allowReconnect":"yes"}',
    ];
    for (const text of invalid) {
        it(`refuses ${text || "an empty message"}`, () => assert.throws(() => json(text), ProtocolError));
    }

    const valid = [
        '{"type":1,"invocationId":"42","target":"foo","arguments":[],"extraParameter":"1"}',
        '{ "arguments": [1,2], "type":1, "target": "Method" }',
        '{ "type":4, "arguments": [1,2], "target": "Method", "invocationId": "3" }',
        '{ "type":3, "result": 10, "invocationId": "15" }',
        '{"type":3,"headers":{"Foo":"Bar","With\\nLines":"Also\\r\\nFine"},"invocationId":"123","error":"Whoops!"}',
        '{ "item": "foo", "invocationId": "1a", "type":2 }',
        '{"type":2,"invocationId":"123","item":null}',
        '{"type":5,"invocationId":"123"}',
        '{"type":6}',
        '{"type":7,"error":""}',
        '{"type":99,"whatever":[]}',
    ];
    for (const text of valid) {
        it(`takes ${text}`, () => assert.equal(json(text).length, 1));
    }

    const abc = [0xa3, 0x61, 0x62, 0x63];
    const xyz = [0xa3, 0x78, 0x79, 0x7a];
    const unreadable: [name: string, message: number[]][] = [
        ["MessageTypeString", [0x91, ...abc]],
        ["MessageTypeFloat", [0x91, 0xcb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0]],
        ["HeadersNotAMap", [0x96, 1, ...abc, 0xc0, ...abc, 0x90, 0x90]],
        ["HeadersNil", [0x96, 1, 0xc0, 0xc0, ...abc, 0x90, 0x90]],
        ["HeaderValueInt", [0x96, 1, 0x81, ...abc, 42, 0xc0, ...abc, 0x90, 0x90]],
        ["HeaderValueArray", [0x96, 1, 0x81, ...abc, 0x90, 0xc0, ...abc, 0x90, 0x90]],
        ["InvocationMissingId", [0x92, 1, 0x80]],
        ["InvocationIdBoolean", [0x96, 1, 0x80, 0xc2, ...abc, 0x90, 0x90]],
        ["InvocationTargetMissing", [0x93, 1, 0x80, ...abc]],
        ["InvocationTargetInt", [0x95, 1, 0x80, ...abc, 42, 0x90]],
        ["StreamInvocationMissingId", [0x92, 4, 0x80]],
        ["StreamInvocationIdBoolean", [0x95, 4, 0x80, 0xc2, ...abc, 0x90]],
        ["StreamInvocationIdNil", [0x95, 4, 0x80, 0xc0, ...abc, 0x90]],
        ["StreamInvocationTargetMissing", [0x93, 4, 0x80, ...abc]],
        ["StreamIdsInt", [0x96, 1, 0x80, 0xc0, ...abc, 0x90, 42]],
        ["StreamIdInt", [0x96, 1, 0x80, 0xc0, ...abc, 0x90, 0x91, 42]],
        ["StreamItemMissingId", [0x92, 2, 0x80]],
        ["StreamItemInvocationIdBoolean", [0x93, 2, 0x80, 0xc2]],
        ["CompletionMissingId", [0x92, 3, 0x80]],
        ["CompletionIdBoolean", [0x93, 3, 0x80, 0xc2]],
        ["CompletionResultKindString", [0x94, 3, 0x80, ...xyz, ...xyz]],
        ["CompletionResultKindOutOfRange", [0x94, 3, 0x80, ...xyz, 42]],
        ["CompletionErrorMissing", [0x94, 3, 0x80, ...xyz, 1]],
        ["CompletionErrorInt", [0x95, 3, 0x80, ...xyz, 1, 42]],
        ["CancelInvocationMissingId", [0x92, 5, 0x80]],
        ["CloseErrorInt", [0x92, 7, 42]],
        ["CloseReconnectInt", [0x93, 7, 0xc0, 42]],
    ];
    for (const [name, message] of unreadable) {
        it(`refuses ${name}`, () => assert.throws(() => packed(Buffer.from(message)), ProtocolError));
    }

    const readable: [name: string, message: string][] = [
        ["InvocationWithNoHeadersAndNoArgs", "lgGAo3h5eqZtZXRob2SQkA=="],
        ["InvocationWithNoHeadersNoIdIntAndStringArgs", "lgGAwKZtZXRob2SSKqZzdHJpbmeQ"],
        ["InvocationWithMultipleStreams", "lgGAwKZUYXJnZXSQkqtfX3Rlc3RfaWRfX6xfX3Rlc3RfaWQyX18="],
        ["StreamItemWithNoHeadersAndFloatItem", "lAKAo3h5espCKAAA"],
        ["CompletionWithNoHeadersAndError", "lQOAo3h5egGwRXJyb3Igbm90IGZvdW5kIQ=="],
        ["CompletionWithNoHeadersAndNoResult", "lAOAo3h5egI="],
        ["CompletionWithNoHeadersAndNullResult", "lQOAo3h5egPA"],
        ["StreamInvocationWithStreamArgument", "lgSAo3h5eqZtZXRob2SQkatfX3Rlc3RfaWRfXw=="],
        ["CancelInvocationWithNoHeaders", "kwWAo3h5eg=="],
        ["Ping", "kQY="],
        ["CloseMessage", "kwfAwg=="],
        ["CloseMessage_HasErrorAndAllowReconnect", "kwemRXJyb3Ihww=="],
        ["a message of another type", Buffer.from([0x92, 99, 0x90]).toString("base64")],
        [
            "an old client's invocation without streams",
            Buffer.from([0x95, 1, 0x80, 0xc0, ...abc, 0x90]).toString("base64"),
        ],
        [
            "MessageWithExtraData",
            Buffer.from([0x98, 1, 0x80, ...xyz, ...abc, 0x90, 0x90, 0xc3, 0xa2, 0x65, 0x78]).toString("base64"),
        ],
    ];
    for (const [name, message] of readable) {
        it(`takes ${name}`, () => assert.equal(packed(Buffer.from(message, "base64")).length, 1));
    }
});

describe("SignalR service: handshake", () => {
    const cases: [name: string, request: string, binary: boolean, expected: RegExp][] = [
        ["another protocol", '{"protocol":"xml","version":1}', true, /The protocol 'xml' is not supported/],
        [
            "a newer version",
            '{"protocol":"json","version":3}',
            true,
            /does not support version 3 of the 'json' protocol/,
        ],
        ["binary messages on text", '{"protocol":"messagepack","version":1}', false, /does not carry binary/],
        ["no version", '{"protocol":"json"}', true, /not a valid handshake/],
        ["no JSON", "GET / HTTP/1.1", true, /not a valid handshake/],
        // Source: HandshakeProtocolTests.cs of dotnet/aspnetcore.
        ["a number", "42", true, /not a valid handshake/],
        ["null", "null", true, /not a valid handshake/],
        ["a list", "[]", true, /not a valid handshake/],
        ["a version that is a text", '{"protocol":"json","version":"1"}', true, /not a valid handshake/],
        ["half a version", '{"protocol":"json","version":1.5}', true, /not a valid handshake/],
        ["a protocol that is null", '{"protocol":null,"version":1}', true, /not a valid handshake/],
        ["an empty protocol", '{"protocol":"","version":1,"unknown":null}', true, /The protocol '' is not supported/],
    ];
    for (const [name, request, binary, expected] of cases) {
        it(`refuses ${name}`, () => {
            const handshake = readHandshake(Buffer.from(request), { binary });
            assert.ok(handshake.kind === "refused");
            assert.match(handshake.reason, expected);
        });
    }

    it("takes versions 1 and 2 of both, waits for the end, and keeps what follows", () => {
        for (const name of ["json", "messagepack"]) {
            const request = Buffer.from(`{"protocol":"${name}","version":2}\u001emore`);
            const cutter = createSeparatedCutter();
            assert.equal(cutter(request.subarray(0, 10)), undefined);
            const cut = cutter(request.subarray(10));
            const handshake = readHandshake(cut?.message ?? Buffer.alloc(0), { binary: true });
            assert.ok(handshake.kind === "done");
            assert.deepEqual([handshake.protocol.name, cut?.rest.toString()], [name, "more"]);
        }
        assert.equal(handshakeResponse().toString(), "{}\u001e");
    });
});

describe("SignalR service: upstream patterns", () => {
    const event: UpstreamEvent = { hub: "chat", category: "messages", event: "send" };
    const cases: [pattern: string | undefined, matches: boolean][] = [
        [undefined, true],
        ["*", true],
        ["send", true],
        ["a, send ,b", true],
        ["a,*", true],
        ["Send", false],
        ["sen*", false],
        ["", false],
    ];
    for (const [eventPattern, matches] of cases) {
        it(`event pattern ${JSON.stringify(eventPattern)} ${matches ? "takes" : "leaves"} 'send'`, () => {
            assert.equal(prepareTemplate({ urlTemplate: "", eventPattern }).matches(event), matches);
        });
    }

    it("needs hub, category and event to match", () => {
        const all = { urlTemplate: "", hubPattern: "chat", categoryPattern: "messages", eventPattern: "send" };
        assert.equal(prepareTemplate(all).matches(event), true);
        assert.equal(prepareTemplate({ ...all, hubPattern: "other" }).matches(event), false);
        assert.equal(prepareTemplate({ ...all, categoryPattern: "connections" }).matches(event), false);
    });
});
