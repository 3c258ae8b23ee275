import fc from "fast-check";
import { compileFilter, FilterError } from "../../emulator/core/filter/filter";
import { parseJson } from "../../emulator/core/json";
import { decodeMessagePack } from "../../emulator/core/messagePack";
import { connectBody, parseClientUrl } from "../../emulator/core/service/clientGate";
import { claimedAudiences, signingKey, TokenError, verifyToken } from "../../emulator/core/service/tokens";
import { createCookieJar } from "../../emulator/core/upstream/cookies";
import { UpstreamError } from "../../emulator/core/upstream/errors";
import { prepareHandler } from "../../emulator/core/upstream/eventHandlers";
import { expandUrlTemplate } from "../../emulator/core/upstream/urlTemplate";
import { createSeparatedCutter, cutAll } from "../../emulator/signalr/protocol/framing";
import { readHandshake } from "../../emulator/signalr/protocol/handshake";
import { jsonProtocol } from "../../emulator/signalr/protocol/json";
import { messagePackProtocol } from "../../emulator/signalr/protocol/messagePack";
import { ProtocolError as SignalRError } from "../../emulator/signalr/protocol/types";
import {
    decodePacket,
    describeBinaryPacket,
    isBinaryPacket,
    PacketError,
    parseOutgoing,
} from "../../emulator/socketio/protocol";
import { readConnectAnswer } from "../../emulator/webpubsub/connectAnswer";
import { beginMessage } from "../../emulator/webpubsub/encode";
import { createGroupRights } from "../../emulator/webpubsub/groupRights";
import { readMetadataHeaders } from "../../emulator/webpubsub/message";
import { protobuf } from "../../emulator/webpubsub/protobuf";
import { parseRequest, ProtocolError as WebPubSubError } from "../../emulator/webpubsub/protocol";
import {
    cuts,
    damaged,
    deep,
    jsonOf,
    messagePackBytes,
    names,
    pieces,
    prefixedBytes,
    protobufBytes,
    wordsOf,
} from "./generators";
import { target } from "./target";

const end = "\u001e";
const million = Buffer.from("dd01ffffff", "hex");
const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);

const signalRJson = jsonOf({
    type: [1, 3, 4, 6, 7, "1"],
    target: ["send", ""],
    arguments: [[], [1, "a"]],
    invocationId: ["1", ""],
    streamIds: [["1"]],
    error: ["no"],
    protocol: ["json", "messagepack", "xml"],
    version: [1, 2, 3],
});
const webPubSubJson = jsonOf({
    type: [
        "joinGroup",
        "leaveGroup",
        "sendToGroup",
        "event",
        "ping",
        "sequenceAck",
        "invoke",
        "streamData",
        "streamEnd",
        "cancelInvocation",
    ],
    group: ["g"],
    event: ["e"],
    data: [1, "x", "eA==", {}],
    dataType: ["json", "text", "binary", "protobuf"],
    ackId: [1, -1, 2 ** 60],
    noEcho: [true],
    ttlSeconds: [1, 999],
    metadata: [{ a: "b" }, { a: 1 }, { "": "" }],
    sequenceId: [1],
    stream: [null, { streamId: "s" }, 5],
    streamId: ["s"],
    invocationId: ["i"],
});
const encodedClaims = jsonOf({
    aud: ["http://localhost/client/hubs/chat", ["x"], 5],
    sub: ["u", 5, {}],
    exp: [1e12, "1", null],
    nbf: [0, "x"],
    iat: [0, {}],
    role: ["a", ["a"], [5]],
    alg: ["HS256", "none", "RS256"],
    kid: ["x"],
    crit: [["exp"]],
    typ: ["JWT"],
});
const base64 = (text: string): string => Buffer.from(text).toString("base64url");
const token = fc.oneof(
    fc.tuple(encodedClaims, encodedClaims, fc.string()).map((parts) => parts.map(base64).join(".")),
    fc
        .tuple(encodedClaims, fc.string())
        .map(([claims, signature]) => `eyJhbGciOiJIUzI1NiJ9.${base64(claims)}.${base64(signature)}`),
    wordsOf(".", "eyJhbGciOiJub25lIn0", "e30", "bnVsbA", "W10", "=", "+"),
);
const operand = fc.oneof(
    names,
    fc.constantFrom("userId", "groups", "connectionId", "'a'", "1", "null", "length(userId)", "toupper(userId)"),
);
const comparison = fc
    .tuple(operand, fc.constantFrom(" eq ", " ne ", " gt ", " in "), operand)
    .map((parts) => parts.join(""));
const filter = fc.array(comparison, { minLength: 1, maxLength: 3 }).map((list) => list.join(" and "));
const stars = wordsOf("*", "**", "?", "a", ".", "\\", ",", "*a");
const subject = { connectionId: "c", userId: "u", groups: new Set(["g"]) };

/** The parsers of the three services. */
export const serviceTargets = [
    target({
        name: "JSON",
        examples: [nested(65), nested(9000), `"${"\\".repeat(5001)}`, "[".repeat(500_000)],
        input: fc.oneof(deep, jsonOf({ a: [1] }), fc.string()),
        // What is read must also be writable, because it goes on.
        parse: (text) => void JSON.stringify(parseJson(text)),
        expected: [SyntaxError],
    }),
    target({
        name: "MessagePack",
        examples: [1, 4, 16, 200].map((count) => Buffer.concat(Array.from({ length: count }, () => million))),
        input: messagePackBytes,
        parse(bytes) {
            let value: unknown;
            try {
                value = decodeMessagePack(bytes);
            } catch {
                return;
            }
            JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? String(part) : part));
        },
    }),
    target({
        name: "Web PubSub protobuf messages",
        examples: [Buffer.alloc(100_000, 0x0b), Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f])],
        input: protobufBytes,
        parse: (bytes) => void protobuf.parse(bytes),
        expected: [WebPubSubError],
    }),
    target({
        name: "SignalR MessagePack messages in pieces",
        examples: [
            { bytes: Buffer.concat([Buffer.from([80]), ...Array.from({ length: 16 }, () => million)]), cuts: [] },
        ],
        input: fc.record({ bytes: prefixedBytes, cuts }),
        parse({ bytes, cuts: places }) {
            const cutter = messagePackProtocol.createCutter();
            for (const piece of pieces(bytes, places)) {
                cutAll(cutter, piece).map(messagePackProtocol.read);
            }
            messagePackProtocol.isCompletion(bytes, "1");
        },
        expected: [SignalRError],
    }),
    target({
        name: "SignalR JSON messages in pieces, and handshakes",
        examples: [{ text: `{"type":1,"target":"a","arguments":${nested(9000)}}${end}`, cuts: [0.5] }],
        input: fc.record({
            text: fc.array(signalRJson, { maxLength: 4 }).map((list) => list.map((item) => item + end).join("")),
            cuts,
        }),
        parse({ text, cuts: places }) {
            const bytes = Buffer.from(text);
            const first = createSeparatedCutter()(bytes);
            if (first !== undefined) {
                readHandshake(first.message, { binary: false });
            }
            jsonProtocol.isCompletion(bytes, "1");
            const cutter = jsonProtocol.createCutter();
            for (const piece of pieces(bytes, places)) {
                cutAll(cutter, piece).map(jsonProtocol.read);
            }
        },
        expected: [SignalRError],
    }),
    target({
        name: "Web PubSub JSON messages",
        examples: [
            `{"type":"sendToGroup","group":"g","data":${nested(9000)}}`,
            '{"type":"constructor"}',
            '{"type":"sendToGroup","stream":null}',
        ],
        input: fc.oneof(
            { weight: 6, arbitrary: webPubSubJson },
            deep.map((brackets) => `{"type":"event","event":"e","data":${brackets}}`),
        ),
        parse(text) {
            const request = parseRequest(text);
            if ("data" in request) {
                JSON.parse(`${beginMessage({ data: request.data, group: "g", fromUserId: "u" })}}`);
            }
        },
        expected: [WebPubSubError],
    }),
    target({
        name: "Socket.IO packets",
        examples: [`42["a",${nested(9000)}]`, "5999999999999-[1]", `51-[${nested(9000)}]`, '2{"toString":1}', "2"],
        input: fc.oneof(
            wordsOf(
                "0",
                "1",
                "2",
                "3",
                "4",
                "5",
                "6",
                "/ns",
                ",",
                '["a",1]',
                '{"sid":"x"}',
                "51-",
                '["a",{"_placeholder":true,"num":0}]',
                "b",
                "-",
            ),
            fc
                .tuple(
                    fc.constantFrom("2", "20", "2/n,", "3", "51-", "0"),
                    jsonOf({ close: [true], _placeholder: [true] }),
                )
                .map((parts) => parts.join("")),
            damaged(fc.constant('2/ns,7["a",{"b":1}]')),
        ),
        parse(text) {
            for (const run of [
                () => (isBinaryPacket(text) ? describeBinaryPacket(text) : decodePacket(text)),
                () => parseOutgoing(`4${text}`),
            ]) {
                try {
                    run();
                } catch (error) {
                    if (!(error instanceof PacketError)) {
                        throw error;
                    }
                }
            }
        },
    }),
    target({
        name: "tokens",
        examples: [
            "e30.e30.",
            `eyJhbGciOiJub25lIn0.${base64('{"aud":5}')}.`,
            `eyJhbGciOiJIUzI1NiJ9.${base64("null")}.x`,
        ],
        input: token,
        parse(text) {
            for (const run of [
                () => claimedAudiences(text).map((audience) => audience.toLowerCase()),
                () =>
                    verifyToken({
                        token: text,
                        keys: [{ key: signingKey("k") }],
                        audience: { hosts: ["localhost"], path: "/" },
                        now: 0,
                    }),
            ]) {
                try {
                    run();
                } catch (error) {
                    if (!(error instanceof TokenError)) {
                        throw error;
                    }
                }
            }
        },
    }),
    target({
        name: "filters",
        examples: [
            "constructor eq 'a'",
            "(".repeat(5000),
            `not ${"not ".repeat(9000)}true`,
            "'a' in ".repeat(3000),
            `concat(${"concat(".repeat(2000)}`,
            `length(${"'a',".repeat(9000)}`,
        ],
        input: fc.oneof(
            filter,
            wordsOf(
                "userId",
                "groups",
                "connectionId",
                " eq ",
                " ne ",
                " and ",
                " or ",
                "not ",
                " in ",
                "(",
                ")",
                ",",
                "'",
                "'a'",
                "''",
                "1",
                "-99999999999",
                "null",
                "true",
                "length(",
                "concat(",
                "substring(",
                "contains(",
                " gt ",
            ),
        ),
        parse: (text) => void compileFilter(text)?.matches(subject),
        expected: [FilterError],
    }),
    target({
        name: "user event patterns and role patterns",
        examples: [
            { pattern: "*a*a*a*a*a*a", text: `${"a".repeat(127)}!` },
            { pattern: "*a*a*a*a*a", text: `${"a".repeat(1022)}!` },
        ],
        input: fc.record({ pattern: stars, text: wordsOf("a", ".", "b", "*", "aa.") }),
        parse({ pattern, text }) {
            prepareHandler({ urlTemplate: "", userEventPattern: pattern.slice(0, 500) }).matches({
                kind: "user",
                event: text.slice(0, 1024),
            });
            const rights = createGroupRights({
                action: "sendToGroup",
                roles: [`webpubsub.sendToGroups.${pattern}`, pattern],
                onRefused: () => undefined,
            });
            rights.allows(text.slice(0, 1024));
        },
    }),
    target({
        name: "URL templates, cookies and client URLs",
        examples: [{ text: "{@Microsoft.KeyVault(".repeat(2000), cookie: "a=b; max-age=1e999", name: "__proto__" }],
        input: fc.record({
            text: wordsOf(
                "{hub}",
                "{event}",
                "{",
                "}",
                "{@Microsoft.KeyVault(",
                ")}",
                "http://localhost/",
                "?",
                "&",
                "%",
                "%zz",
                "/client/hubs/",
            ),
            cookie: wordsOf("a=b", ";", " ", "Max-Age=", "Expires=", "Path=/", "Domain=", "1e999", "Secure", "="),
            name: names,
        }),
        parse({ text, cookie, name }) {
            expandUrlTemplate(text, { hub: name, event: name });
            const client = parseClientUrl(text, /^\/client\/hubs\/([^/]+)\/?$/);
            JSON.parse(
                connectBody({
                    rawHeaders: [name, text],
                    query: client?.query ?? new URLSearchParams(text),
                    claims: Object.fromEntries([[name, text]]),
                    subprotocols: [],
                }),
            );
            const jar = createCookieJar();
            jar.store({ url: new URL("http://localhost/a"), setCookie: [cookie], now: 0 });
            jar.header(new URL("http://localhost/a"), 1);
            readMetadataHeaders({ [`x-webpubsub-metadata-${name}`]: text });
        },
        // Texts that are no Unicode cannot be percent-encoded. The services get names as UTF-8, which has none.
        expected: [URIError],
    }),
    target({
        name: "answers to connect events",
        examples: [nested(9000), '{"groups":["constructor"],"roles":[{}]}'],
        input: jsonOf({ userId: ["u", 5], groups: [["g"], [5], "g"], roles: [["r"], {}], subprotocol: ["s", 5] }),
        parse: (text) => void readConnectAnswer(Buffer.from(text)),
        expected: [UpstreamError],
    }),
];
