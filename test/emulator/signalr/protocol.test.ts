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
