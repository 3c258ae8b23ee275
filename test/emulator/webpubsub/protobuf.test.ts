import assert from "node:assert/strict";
import { BinaryWriter } from "google-protobuf";
import type { MessageData } from "../../../emulator/webpubsub/message";
import { protobuf } from "../../../emulator/webpubsub/protobuf";
import { type ClientRequest, ProtocolError } from "../../../emulator/webpubsub/protocol";
import { allowAll } from "../../support/eventHandlerServer";
import { json, startWebPubSub, type TestClient, type WebPubSubTest } from "../../support/webPubSubService";

const plain = "protobuf.webpubsub.azure.v1";
const reliable = "protobuf.reliable.webpubsub.azure.v1";
const everything = ["webpubsub.joinLeaveGroup", "webpubsub.sendToGroup"];

/** A message of these fields: numbers are varints, everything else has a length. */
function bytes(...fields: [number, number | string | Uint8Array][]): Buffer {
    const writer = new BinaryWriter();
    for (const [number, value] of fields) {
        if (typeof value === "number") {
            writer.writeUint64String(number, String(value));
        } else {
            writer.writeBytes(number, Buffer.from(value as string));
        }
    }
    return Buffer.from(writer.getResultBuffer());
}

const text = (value: string): Buffer => bytes([1, value]);
const join = (group: string, ackId: number): Buffer => bytes([6, bytes([1, group], [2, ackId])]);
const sendToGroup = (group: string, data: Buffer, ...more: [number, number | Buffer][]): Buffer =>
    bytes([1, bytes([1, group], [3, data], ...more)]);
const sendEvent = (name: string, data: Buffer, ackId: number): Buffer =>
    bytes([5, bytes([1, name], [2, data], [3, ackId])]);
/** A packed `Any`, as the vendor's documents show it. */
const any = bytes([1, "type.googleapis.com/azure.webpubsub.TestMessage"], [2, Buffer.from([8, 1])]);

describe("the protobuf subprotocols on the wire", () => {
    const data = (type: "text" | "json", value: string): MessageData => ({ type, text: value });
    const example = bytes([1, "example"], [2, "xyz"]);
    const group = (given: MessageData, ackId?: number) => ({
        type: "sendToGroup",
        group: "group",
        data: given,
        noEcho: ackId !== undefined,
        ttlSeconds: 0,
        ackId,
    });
    const event = (given: MessageData, ackId?: number) => ({ type: "event", event: "event", data: given, ackId });

    // Source of the bytes: test/client.spec.ts of the vendor's package @azure/web-pubsub-client-protobuf.
    for (const [encoded, expected] of [
        ["MgcKBWdyb3Vw", { type: "joinGroup", group: "group", ackId: undefined }],
        ["MgsKBWdyb3VwEOXYAg==", { type: "joinGroup", group: "group", ackId: 44133 }],
        ["OgcKBWdyb3Vw", { type: "leaveGroup", group: "group", ackId: undefined }],
        ["OgoKBWdyb3VwELlg", { type: "leaveGroup", group: "group", ackId: 12345 }],
        ["Cg4KBWdyb3VwGgUKA3h6eQ==", group(data("text", "xzy"))],
        ["Ch8KBWdyb3VwELlgGhEiD3sidmFsdWUiOiJ4enkifSAB", group(data("json", '{"value":"xzy"}'), 12345)],
        ["ChMKBWdyb3VwELlgGgUSA3h5eiAB", group({ type: "binary", bytes: Buffer.from("xyz") }, 12345)],
        ["Ch4KBWdyb3VwELlgGhAaDgoHZXhhbXBsZRIDeHl6IAE=", group({ type: "protobuf", bytes: example }, 12345)],
        ["Kg4KBWV2ZW50EgUKA3h6eQ==", event(data("text", "xzy"))],
        ["Kh0KBWV2ZW50EhEiD3sidmFsdWUiOiJ4enkifRi5YA==", event(data("json", '{"value":"xzy"}'), 12345)],
        ["KhEKBWV2ZW50EgUSA3h5ehi5YA==", event({ type: "binary", bytes: Buffer.from("xyz") }, 12345)],
        ["KhwKBWV2ZW50EhAaDgoHZXhhbXBsZRIDeHl6GLlg", event({ type: "protobuf", bytes: example }, 12345)],
        ["QgQIwMQH", { type: "sequenceAck", sequenceId: 123456 }],
        ["eiMKCWNoYXQtcm9vbRABGhQKEgoIYWN0aXZpdHkSBnR5cGluZw==", { type: "groupState", ackId: 1 }],
        ["ggENCgljaGF0LXJvb20QAw==", { type: "groupState", ackId: 3 }],
        ["igENCgljaGF0LXJvb20QBA==", { type: "groupState", ackId: 4 }],
    ] as const) {
        it(`read ${expected.type} in ${encoded}`, () => {
            assert.deepEqual(protobuf.parse(Buffer.from(encoded, "base64")), expected as ClientRequest);
        });
    }

    for (const [encoded, written] of [
        ["CgQIexAB", protobuf.ack(123)],
        ["ChoIexAAGhQKCUZvcmJpZGRlbhIHbWVzc2FnZQ==", protobuf.ack(123, { name: "Forbidden", message: "message" })],
        [
            "EhwKBWdyb3VwEglncm91cE5hbWUaBQoDeHl6ILlg",
            protobuf.message({ data: data("text", "xyz"), group: "groupName", fromUserId: "u" })(12345),
        ],
        [
            "EhkKBWdyb3VwEglncm91cE5hbWUaBRIDeHl6",
            protobuf.message({ data: { type: "binary", bytes: Buffer.from("xyz") }, group: "groupName" })(),
        ],
        [
            "EiUKBWdyb3VwEglncm91cE5hbWUaESIPeyJ2YWx1ZSI6Inh5eiJ9",
            protobuf.message({ data: data("json", '{"value":"xyz"}'), group: "groupName" })(),
        ],
        ["EhIKBnNlcnZlchoFCgN4eXoguWA=", protobuf.message({ data: data("text", "xyz") })(12345)],
        [
            "EhoKBnNlcnZlchoQGg4KB2V4YW1wbGUSA3h5eg==",
            protobuf.message({ data: { type: "protobuf", bytes: example } })(),
        ],
        [
            "GhkKFwoKY29ubmVjdGlvbhIEdXNlchoDcmVj",
            protobuf.connected({ connectionId: "connection", userId: "user", reconnectionToken: "rec" }),
        ],
        [
            "GhQKEgoKY29ubmVjdGlvbhIEdXNlcg==",
            protobuf.connected({ connectionId: "connection", userId: "user", reconnectionToken: undefined }),
        ],
        ["GgcSBRIDbXNn", protobuf.disconnected("msg")],
    ] as const) {
        it(`write ${encoded}`, () => {
            assert.equal(Buffer.from(written).toString("base64"), encoded);
        });
    }

    it("take ack ids of 64 bits, the last of repeated fields, and fields that they do not know", () => {
        const most = Buffer.from([0x10, ...Array(9).fill(0xff), 1]);
        assert.deepEqual(protobuf.parse(bytes([6, Buffer.concat([bytes([1, "g"]), most])])), {
            type: "joinGroup",
            group: "g",
            ackId: 2n ** 64n - 1n,
        });
        assert.deepEqual(protobuf.parse(bytes([6, bytes([1, "a"], [9, "x"], [1, "b"], [2, 1], [2, 2])])), {
            type: "joinGroup",
            group: "b",
            ackId: 2,
        });
        assert.deepEqual(protobuf.parse(Buffer.concat([join("a", 1), bytes([9, ""])])), { type: "ping" });
    });

    // Source of the fields: Protos/webpubsub.client.proto and WebPubSubProtobufV1Protocol.cs of the vendor's own emulator.
    it("carry metadata and a time to live", () => {
        const entries = [bytes([1, "k"], [2, "v"]), bytes([1, "other"]), bytes([1, "k"], [2, "last"])];
        const metadata = { k: "last", other: "" };
        const map = (number: number): [number, Buffer][] => entries.map((entry) => [number, entry]);
        const message = bytes([1, bytes([1, "g"], [3, text("x")], [5, 300], ...map(6))]);
        assert.deepEqual(protobuf.parse(message), {
            type: "sendToGroup",
            group: "g",
            data: { type: "text", text: "x", metadata },
            noEcho: false,
            ttlSeconds: 300,
            ackId: undefined,
        });
        const empty = { type: "event", event: "e", data: { type: "text", text: "", metadata }, ackId: undefined };
        assert.deepEqual(protobuf.parse(bytes([5, bytes([1, "e"], ...map(4))])), empty);
        const written = protobuf.message({ data: { type: "text", text: "x", metadata: { k: "v", l: "w" } } })(7);
        const pairs: [number, Buffer][] = [
            [5, bytes([1, "k"], [2, "v"])],
            [5, bytes([1, "l"], [2, "w"])],
        ];
        assert.deepEqual(written, bytes([2, bytes([1, "server"], [3, text("x")], [4, 7], ...pairs)]));
    });

    for (const [what, frame] of [
        ["nothing", Buffer.alloc(0)],
        ["a request that it does not know", bytes([200, "x"])],
        ["a request that is a number", bytes([6, 1])],
        ["a cut message", join("group", 1).subarray(0, 5)],
        ["a length beyond the end", Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f])],
        ["a number without end", Buffer.from([0x08, ...Array(11).fill(0xff)])],
        ["a field without a number", Buffer.from([0, 1])],
        ["an end without a beginning", Buffer.from([0x0c])],
        ["groups in groups", Buffer.alloc(100_000, 0x0b)],
        ["an unknown kind of field", Buffer.from([0x0e])],
        ["text", Buffer.from('{"type":"ping"}')],
        ["a group without a name", bytes([6, bytes([2, 1])])],
        ["an event with an invalid name", sendEvent("1 2", text("x"), 1)],
        ["a message without data", bytes([1, bytes([1, "g"])])],
        ["data without content", sendToGroup("g", Buffer.alloc(0))],
        ["a time to live of more than 300 seconds", sendToGroup("g", text("x"), [5, 301])],
        ["metadata with an invalid key", sendToGroup("g", text("x"), [6, bytes([1, "a b"], [2, "v"])])],
        ["JSON that is none", sendToGroup("g", bytes([4, "{"]))],
    ] as const) {
        it(`refuse ${what}`, () => {
            assert.throws(() => protobuf.parse(frame), ProtocolError);
        });
    }
});

describe("clients of the protobuf subprotocols", () => {
    let test: WebPubSubTest;
    beforeEach(async () => {
        test = await startWebPubSub();
    });
    afterEach(() => test.close());

    /** The next frame, which must be exactly these bytes. */
    async function gets(client: TestClient, expected: Buffer): Promise<void> {
        assert.equal(Buffer.from((await client.next()) as unknown as Buffer).toString("hex"), expected.toString("hex"));
    }
    const success = (ackId: number): Buffer => bytes([1, bytes([1, ackId], [2, 1])]);
    const fromGroup = (group: string, data: Buffer): Buffer => bytes([2, bytes([1, "group"], [2, group], [3, data])]);

    async function connected(protocol = plain): Promise<TestClient> {
        const client = await test.client({ protocols: [protocol], userId: "alice", roles: everything });
        assert.equal(client.socket.protocol, protocol);
        await client.next();
        return client;
    }

    it("share groups with clients of the other protocols", async () => {
        const client = await connected();
        client.socket.send(join("g", 1));
        await gets(client, success(1));
        const other = await test.client({ protocols: [json], groups: ["g"] });
        const simple = await test.client({ groups: ["g"] });
        client.socket.send(sendToGroup("g", bytes([3, any])));
        await gets(client, fromGroup("g", bytes([3, any])));
        const message = { type: "message", from: "group", group: "g", fromUserId: "alice" };
        assert.deepEqual(await other.next(), { ...message, dataType: "protobuf", data: any.toString("base64") });
        assert.deepEqual(await simple.next(), any);
        client.socket.send(sendToGroup("g", text("naïve"), [2, 2], [4, 1]));
        await gets(client, success(2));
        assert.deepEqual(await other.next(), { ...message, dataType: "text", data: "naïve" });
        assert.equal(await simple.next(), "naïve");
        await test.rest("POST", "/api/hubs/chat/groups/g/:send", { body: '{"a":1}', contentType: "application/json" });
        await gets(client, bytes([2, bytes([1, "group"], [2, "g"], [3, bytes([4, '{"a":1}'])])]));
    });

    it("send events of every kind of data, and get the answer", async () => {
        const client = await connected();
        test.handler.respond = ({ method }) =>
            method === "OPTIONS" ? allowAll : { headers: { "content-type": "text/plain" }, body: "hi" };
        for (const [name, data, type, body] of [
            ["a", text("x"), "text/plain; charset=utf-8", "x"],
            ["b", bytes([2, Buffer.from([1, 2, 3])]), "application/octet-stream", "\u0001\u0002\u0003"],
            ["c", bytes([3, any]), "application/x-protobuf", any.toString()],
            ["d", bytes([4, "[1.0]"]), "application/json", "[1.0]"],
        ] as const) {
            client.socket.send(sendEvent(name, data, name.charCodeAt(0)));
            const sent = await test.event(name);
            assert.equal(sent.headers["content-type"], type);
            assert.equal(sent.headers["ce-subprotocol"], plain);
            assert.equal(sent.body, body);
            await gets(client, bytes([2, bytes([1, "server"], [3, text("hi")])]));
            await gets(client, success(name.charCodeAt(0)));
        }
    });

    it("are told of pings, duplicates, missing rights, streams and the end", async () => {
        const client = await test.client({ protocols: [plain], userId: "bob" });
        await client.next();
        client.socket.send(bytes([9, ""]));
        await gets(client, bytes([4, ""]));
        client.socket.send(join("g", 7));
        const denied = "The client does not have permission to join group 'g'.";
        await gets(client, bytes([1, bytes([1, 7], [2, 0], [3, bytes([1, "Forbidden"], [2, denied])])]));
        client.socket.send(sendToGroup("g", Buffer.alloc(0), [7, bytes([1, "s1"])]));
        const refused = "Streams are not emulated. Send messages to the group instead.";
        await gets(client, bytes([8, bytes([1, "s1"], [2, bytes([1, "NotImplemented"], [2, refused])])]));
        await test.rest("POST", "/api/hubs/chat/:closeConnections?reason=enough");
        const reason = "Application server closed the connection. Reason: enough";
        await gets(client, bytes([3, bytes([2, bytes([2, reason])])]));
        assert.equal((await client.closed).code, 1000);
    });

    it("are closed with 1003 for a text frame, and with 1007 for what is no message", async () => {
        const one = await connected();
        one.socket.send("{}");
        assert.deepEqual(await one.closed, {
            code: 1003,
            reason: "The protobuf.webpubsub.azure.v1 subprotocol requires binary messages.",
        });
        const other = await connected();
        other.socket.send(Buffer.from([0x0a, 99]));
        assert.deepEqual(await other.closed, {
            code: 1007,
            reason: "The client message is not a valid protobuf.webpubsub.azure.v1 protocol message.",
        });
    });

    it("come back with the reliable one, and get what they missed", async () => {
        const client = await test.client({ protocols: [reliable], userId: "alice", groups: ["g"] });
        const [connectionId, token] = readConnected((await client.next()) as unknown as Buffer);
        const send = (body: string) =>
            test.rest("POST", "/api/hubs/chat/groups/g/:send", { body, contentType: "text/plain" });
        const numbered = (body: string, id: number): Buffer =>
            bytes([2, bytes([1, "group"], [2, "g"], [3, text(body)], [4, id])]);
        await send("one");
        await gets(client, numbered("one", 1));
        client.socket.send(bytes([8, bytes([1, 1])]));
        client.socket.send(bytes([9, ""]));
        await gets(client, bytes([4, ""]));
        client.socket.terminate();
        await send("two");
        const back = await test.client({
            protocols: [reliable],
            token: null,
            query: { awps_connection_id: connectionId, awps_reconnection_token: token },
        });
        await gets(back, numbered("two", 2));
    });

    /** Connection id and reconnection token of a `connected` message for user alice, all shorter than 128 bytes. */
    function readConnected(frame: Buffer): [string, string] {
        const inner = frame.subarray(4);
        const idLength = inner[1] ?? 0;
        const id = inner.toString("utf8", 2, 2 + idLength);
        const rest = inner.subarray(2 + idLength + 2 + "alice".length);
        return [id, rest.toString("utf8", 2, 2 + (rest[1] ?? 0))];
    }
});
