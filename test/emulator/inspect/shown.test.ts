import assert from "node:assert/strict";
import { createRecorder, payload, recordedHeaders } from "../../../emulator/core/inspect";
import { shownEvent, shownText } from "../../../emulator/core/shown";
import { openTestInspector } from "../../support/inspector";

const secret = "c0nf1dential-Abc/def+ghi=";
const token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJl";
const hostKey = `${"aB3-".repeat(11)}AzFuAbCd1Q==`;
const accountKey = Buffer.alloc(64, 7).toString("base64");

describe("what the inspector shows of a payload", () => {
    const hidden: [what: string, text: string, secrets?: string[]][] = [
        [
            "the signature of a Web PubSub event",
            '{"connectionContext":{"signature":"sha256=0123456789abcdef,sha256=ffff","hub":"chat"}}',
            ["0123456789abcdef", "ffff"],
        ],
        ["a signature of any value", '{"Signature": "c0nf"}', ["c0nf"]],
        ["SignalR's signature", '{"headers":{"X-ASRS-Signature":"sha256=0123456789abcdef"}}', ["0123456789abcdef"]],
        ["a token in a client's query", `{"query":{"access_token":["${token}"]}}`, [token]],
        ["a token in another name", `{"x":"${token}"}`, [token]],
        ["a token that is cut", `{"x":"${token.slice(0, 40)}`, [token.slice(0, 40)]],
        ["the answer of negotiate", `{"url":"ws://localhost:1/client?hub=a","accessToken":"${secret}"}`],
        ["a URL with a token", `{"url":"ws://localhost:1/client/hubs/chat?access_token=${secret}&x=1"}`],
        ["a key in a function's URL", `"http://localhost:1/api/f?x=1&code=${secret}"`],
        ["a key in a query as members", `{"query":{"code":"${secret}"}}`],
        ["a signature of storage", `https://a.blob/x?sv=1&sig=${encodeURIComponent(secret)}`, ["def%2Bghi"]],
        [
            "headers inside a payload",
            `{"headers":{"x-functions-key":"a b","Authorization":"Basic abcdefgh","cookie":"s=1"}}`,
            ["a b", "abcdefgh", "s=1"],
        ],
        ["a list of header values", `{"Authorization":["Bearer ${secret}"]}`],
        ["a connection string", `{"c":"Endpoint=http://localhost:1;AccessKey=${secret};Version=1.0;"}`],
        ["a member with a connection string", '{"connectionString":"UseDevelopment"}', ["UseDevelopment"]],
        ["a connection string of storage", `AccountName=a;AccountKey=${secret};EndpointSuffix=x`],
        ["JSON in JSON", `42["x","{\\"accessToken\\":\\"c0nf idential\\",\\"b\\":1}"]`, ["c0nf idential"]],
        ["JSON in JSON in JSON", String.raw`"{\"a\":\"{\\\"password\\\":\\\"c0nf\\\"}\"}"`, ["c0nf"]],
        ["a password with quotes", '{"password":"c0nf\\"idential","n":1}', ["c0nf", "idential"]],
        [
            "what an app prints of an object",
            "{ accessToken: 'c0nf idential', clientSecret: `c0nf` }",
            ["c0nf", "idential"],
        ],
        ["what an app prints of a setting", `masterKey=${secret} and apiKey: ${secret}`],
        ["a header that an app prints", `Authorization: Bearer ${secret}`],
        ["a key of a host", `the key is ${hostKey}.`, [hostKey]],
        [
            "a key of a host whose letters begin a token",
            `${"aB3-".repeat(7)}eyJabcdefgAzFuAbCd1Q==`,
            ["aB3-", "AbCd1Q"],
        ],
        [
            "a token whose parts spell the mark of a key",
            `eyJhbGciOiJ9.${"aB3-".repeat(11)}AzFu.c2lnbmF0`,
            ["AzFu", "c2lnb", "aB3-"],
        ],
        ["a secret behind a very long name", `{"${"my".repeat(40)}AccessToken":"c0nf idential"}`, ["c0nf", "idential"]],
        ["a key behind a very long name", `${"my".repeat(40)}Key=${secret}`],
        ["a key of an account", `the key is ${accountKey}.`, [accountKey]],
        ["a password in an address", `redis://user:${encodeURIComponent(secret)}@localhost`, ["def%2Bghi"]],
    ];
    for (const [what, text, secrets = [secret]] of hidden) {
        it(`hides ${what}`, () => {
            const shown = shownText(text);
            for (const part of secrets) {
                assert.ok(!shown.includes(part), shown);
            }
            assert.match(shown, /\*\*\*/);
            assert.ok(shown.endsWith(text.slice(-1)) || shown.endsWith("***"), shown);
        });
    }

    for (const text of [
        '42["message",{"from":"ann","socketId":"AbCdEfGh123","text":"hello"}]',
        '{"key":"ArrowUp","code":"KeyA","author":"ann"}',
        '{"status":"ok","code":404,"keyword":"a long text of many words"}',
        '{"connectionId":"abcdef-0123456789-abcdef","hub":"chat","userId":"ann"}',
        "The token has expired: get a new one. Compare endpoint, key or identity.",
        "urlTemplate 'http://localhost:1/x?code=…' of the hub: 'code' must be the app's system key",
        "at Object.<anonymous> (functions/src/message.ts:12:3)",
    ]) {
        it(`shows ${text} as it is`, () => assert.equal(shownText(text), text));
    }

    it("hides what binary data spells, and leaves other binary data alone", () => {
        const show = (data: Uint8Array): string =>
            shownEvent({
                id: 1,
                trace: "",
                span: "",
                kind: "answer",
                start: 1,
                name: "x",
                ...payload(data, "binary"),
            }).data ?? "";
        const spelled = Buffer.from(show(Buffer.from(`{"accessToken":"${secret}"}`)), "base64").toString();
        assert.equal(spelled, '{"accessToken":"***"}');
        const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
        assert.equal(show(bytes), bytes.toString("base64"));
    });

    it("hides secrets in every member of an event, and in everything that leaves the inspector", async () => {
        const sent: string[] = [];
        const test = await openTestInspector({
            otlp: "http://localhost:1",
            fetch: (async (_: unknown, init: RequestInit) => {
                sent.push(String(init.body));
                return new Response("{}");
            }) as typeof fetch,
        });
        const recorder = createRecorder({ isOpen: true, on: true, now: () => 1, put: test.inspection.takeEvent });
        const fields = {
            name: "x",
            ...payload(`{"accessToken":"${secret}"}`, "json"),
            message: `code: ${secret}`,
            fix: `https://a/?code=${secret}`,
            headers: recordedHeaders({ cookie: [secret], "x-other": `Bearer ${secret}`, authorization: secret }),
        };
        recorder.note("why", fields);
        recorder.note("answer", fields);
        recorder.begin("function", fields).end({ outcome: "failed", message: `masterKey=${secret}` });
        const stream = await test.call("/api/events?after=0");
        const { value } = await (stream.body as ReadableStream<Uint8Array>).getReader().read();
        const texts = [
            Buffer.from(value ?? []).toString(),
            JSON.stringify(await test.events()),
            JSON.stringify(test.inspection.events()),
        ];
        await test.close();
        for (const text of [...texts, sent.join()]) {
            assert.match(text, /\*\*\*/);
            assert.ok(!text.includes(secret), text);
        }
    });

    it("takes little time for long texts of any kind", () => {
        for (const part of [
            "a",
            '"',
            "\\",
            "key",
            "token:",
            'token":"',
            "sign ",
            "eyJa.",
            "://",
            "code=",
            "[:",
            "Bearer ",
        ]) {
            const began = performance.now();
            shownText(`token ${part.repeat(2000)}`);
            assert.ok(performance.now() - began < 200, part);
        }
    });
});
