import assert from "node:assert/strict";
import { type BackendHub, WebPubSubBackend } from "../../../components";
import { functionFolder, smallestAppFor } from "../../support/functionFolder";
import { plain, runProgram } from "../../support/pulumi";

const hubType = "azure-native:webpubsub:WebPubSubHub";

/** Code with a function for each of these events of a hub. */
function codeFor(hub: string, events: Record<string, "system" | "user">): string {
    const functions = Object.entries(events).map(
        ([event, type]) =>
            `app.webPubSub("${event}", { hub: "${hub}", eventName: "${event}", eventType: "${type}", handler });`,
    );
    return functionFolder({
        ...smallestAppFor("webpubsub"),
        "dist/index.js": `app.http("negotiate", { handler });\n${functions.join("\n")}`,
    });
}

interface Handler {
    urlTemplate: string;
    systemEvents: string[];
    userEventPattern: string;
}

async function run(codePath: string, hubs?: BackendHub[]) {
    const made = await runProgram(() => new WebPubSubBackend("chat", { codePath, ...(hubs && { hubs }) }));
    const handlers = made.resources
        .filter(({ type }) => type === hubType)
        .map((hub) => plain(hub, "properties.eventHandlers") as unknown as Handler[]);
    return { handlers, warnings: made.warnings };
}

describe("The system events of a backend's hub", () => {
    const rows: [string, Parameters<typeof codeFor>, string[]][] = [
        ["none but user events", ["hub", { message: "user" }], []],
        ["some of them", ["hub", { connected: "system", message: "user" }], ["connected"]],
        [
            "all of them",
            ["HUB", { disconnected: "system", connected: "system", connect: "system" }],
            ["connect", "connected", "disconnected"],
        ],
        ["any hub", ["%Hub%", { connect: "system" }], ["connect"]],
    ];
    for (const [what, code, expected] of rows) {
        it(`are those that the code has triggers for: ${what}`, async () => {
            const { handlers, warnings } = await run(codeFor(...code));
            assert.deepEqual(
                handlers.map(([handler]) => [handler?.systemEvents, handler?.userEventPattern]),
                [[expected, "*"]],
            );
            assert.deepEqual(warnings, []);
        });
    }

    it("are not sent at all where the code has no trigger, so clients connect unasked", async () => {
        const { handlers, warnings } = await run(codeFor("hub", {}));
        assert.deepEqual(handlers, [[]]);
        assert.deepEqual(warnings, []);
    });

    it("are all of them where the code does not tell", async () => {
        const codePath = functionFolder({
            ...smallestAppFor("webpubsub"),
            "dist/index.js": 'on("webPubSubTrigger", { eventName: name });',
        });
        const { handlers } = await run(codePath);
        assert.deepEqual(handlers[0]?.[0]?.systemEvents, ["connect", "connected", "disconnected"]);
    });

    it("are what the caller says, with a warning of a connect event that nobody takes", async () => {
        const hubs = [{ name: "hub", eventHandlers: [{ systemEvents: ["connect" as const] }] }];
        const { handlers, warnings } = await run(codeFor("hub", { message: "user" }), hubs);
        assert.deepEqual(handlers[0]?.[0]?.systemEvents, ["connect"]);
        assert.deepEqual(warnings, [
            'WebPubSubBackend "chat": hubs[0].eventHandlers[0].systemEvents: no function in codePath takes "connect", so the app answers it with 404 and the service lets no client in. Remove it, or add a function for it.',
        ]);
    });

    it("change the handler of the backend's own app only", async () => {
        const hubs = [
            {
                name: "hub",
                eventHandlers: [{ urlTemplate: "https://audit.example.com/", userEventPattern: "audit" }, {}],
            },
        ];
        const { handlers } = await run(codeFor("hub", { connected: "system" }), hubs);
        assert.deepEqual(
            handlers[0]?.map(({ systemEvents }) => systemEvents),
            [["connect", "connected", "disconnected"], ["connected"]],
        );
    });

    it("are none for a hub that the code does not name, with a warning that names the other one", async () => {
        const { handlers, warnings } = await run(codeFor("sample_chat", { connect: "system" }));
        assert.deepEqual(handlers, [[]]);
        assert.deepEqual(warnings, [
            'WebPubSubBackend "chat": hubs[0].name: the triggers in codePath are for another hub (sample_chat), so no function gets the events of this one. Name the same hub.',
        ]);
    });
});
