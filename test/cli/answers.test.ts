import assert from "node:assert/strict";
import { findingsOf, hub, own, socketTrigger } from "../support/verifiedApp";

describe("azure-realtime verify on what an app answers", () => {
    it("follows no redirect, which would get the keys", async () => {
        const asked: string[] = [];
        const of = await findingsOf({}, async (input, init) => {
            asked.push(String(input));
            assert.equal(init?.redirect, "manual");
            return new Response("", {
                status: 307,
                headers: { location: "https://elsewhere.example.test/?code=webhook-key" },
            });
        });
        assert.match(
            of("webhook").message,
            /answers 307 and sends the caller to https:\/\/elsewhere\.example\.test\. No redirect/,
        );
        assert.ok(asked.every((url) => url.startsWith("https://app.example.test/")));
    });

    it("reads at most 1 MiB", async () => {
        let sent = 0;
        const endless = () =>
            new ReadableStream({
                pull(controller) {
                    sent += 65_536;
                    controller.enqueue(new Uint8Array(65_536));
                },
            });
        const of = await findingsOf(
            { masterKey: undefined, webhookKey: undefined },
            async () => new Response(endless()),
        );
        assert.match(of("negotiation").message, /more than 1 MiB/);
        assert.ok(sent < 2 * 1024 * 1024, `${sent} bytes were read`);
    });

    for (const answer of ["", "null", "[]", "{}", "<html>welcome</html>", '"running"', "[".repeat(100_000)]) {
        it(`takes ${answer.slice(0, 20) || "nothing"} for no answer of a host`, async () => {
            const of = await findingsOf({}, async () => new Response(answer));
            assert.equal(of("bundle").status, "failed");
            assert.match(of("bundle").message, /not as a Functions host does/);
        });
    }

    it("prints no more of an answer than a screen has room for, and no half of a key", async () => {
        const long = "9".repeat(500_000);
        for (const [id, version] of [
            ["Microsoft.Azure.Functions.ExtensionBundle.Preview", long],
            [long, "4.1.0"],
            [`${"9".repeat(3900)}${"webhook-key ".repeat(50)}`, "4.1.0"],
        ] as const) {
            const of = await findingsOf({}, { status: { extensionBundle: { id, version } } });
            const { message } = of("bundle");
            assert.ok(message.length < 4100, `${message.length} characters`);
            assert.match(message, /^The host has loaded .*… \(\d+ more characters\)$/);
            assert.doesNotMatch(message, /web/);
        }
        const readable = await findingsOf({}, { status: { extensionBundle: { id: "9".repeat(1000), version: "1" } } });
        assert.match(readable("bundle").message, /9{1000}.*deploy again\.$/);
    });

    it("masks a key that the app sends back, and shows control characters", async () => {
        const of = await findingsOf(
            { resources: [hub("chat", own)] },
            {
                listeners: { connect: 400 },
                functions: [socketTrigger("connect")],
                status: { extensionBundle: { id: "webhook-key\u001b[31m", version: "master-key" } },
            },
        );
        assert.match(of("bundle").message, /the bundle \*\*\*\\u001b\[31m/);
    });

    for (const { service, id, version, status, message } of [
        {
            service: "webpubsub",
            id: "",
            version: "4.32.0",
            status: "failed",
            message: /cannot sign in with an identity.*\[4\.37\.1/,
        },
        { service: "webpubsub", id: "", version: "4.36.0", status: "passed", message: /Before 4\.37\.1/ },
        {
            service: "webpubsub",
            id: ".Preview",
            version: "4.40.0",
            status: "failed",
            message: /does not contain the bindings of Web PubSub/,
        },
        { service: "socketio", id: ".Preview", version: "4.41.0", status: "passed", message: /beta version.*4\.42\.0/ },
        {
            service: "socketio",
            id: ".Preview",
            version: "4.42.0",
            status: "passed",
            message: /bindings of Web PubSub for Socket\.IO\.$/,
        },
    ] as const) {
        it(`judges the bundle${id} ${version} of ${service}`, async () => {
            const extensionBundle = { id: `Microsoft.Azure.Functions.ExtensionBundle${id}`, version };
            const of = await findingsOf({ service }, { status: { version: "4.1052.200", extensionBundle } });
            assert.equal(of("bundle").status, status, of("bundle").message);
            assert.match(of("bundle").message, message);
        });
    }
});
