import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { SignalRBackend, type SignalRBackendArgs } from "../../../components";
import { codePaths, roleType, runSignalR, settingsOf, signalRType } from "../../support/backend";
import { functionFolder, smallestAppFor } from "../../support/functionFolder";
import { type ProgramRun, plain, runProgram } from "../../support/pulumi";

const slotSettingsType = "azure-native:web:WebAppApplicationSettingsSlot";

const run = (args: Partial<SignalRBackendArgs> = {}, options = {}) =>
    runSignalR({ plan: "ElasticPremium", stagingSlot: {}, ...args }, options);

interface Template {
    hubPattern: string;
    categoryPattern: string;
    eventPattern: string;
    urlTemplate: string;
}

const templatesOf = (made: ProgramRun<unknown>) => plain(made.find(signalRType), "upstream.templates") as Template[];
/** The templates in short: which hubs go where. */
const ways = (made: ProgramRun<unknown>) =>
    templatesOf(made).map(({ hubPattern, urlTemplate }) => `${hubPattern} ${new URL(urlTemplate).host.split(".")[0]}`);

describe("SignalRBackend with a staging slot", () => {
    it("sends the events of the slot's hub to the slot with the slot's key, and all others to the app", async () => {
        const made = await run();
        assert.deepEqual(ways(made), ["hub_staging chat-app-abc123-staging", "* chat-app-abc123"]);
        const [ofSlot, ofApp] = templatesOf(made);
        assert.match(ofSlot?.urlTemplate ?? "", /SecretUri=https:\/\/chat-staging-keys-abc123\./);
        assert.match(ofApp?.urlTemplate ?? "", /SecretUri=https:\/\/chat-keys-abc123\./);
        assert.deepEqual([ofSlot?.categoryPattern, ofSlot?.eventPattern], ["*", "*"]);
    });

    it("gives the slot hubs of its own, by name", async () => {
        let names: string[] = [];
        const args = {
            plan: "ElasticPremium",
            hubNames: ["chat", "games"],
            stagingSlot: { hubSuffix: "Next" },
        } as const;
        const made = await runProgram(() => {
            const backend = new SignalRBackend("chat", {
                codePath: codePaths.signalr,
                ...args,
                hubNames: [...args.hubNames],
            });
            backend.hubNames.apply((known) => {
                names = known;
            });
        });
        const slot = plain(made.find(slotSettingsType), "properties") as Record<string, string>;
        assert.equal(slot.AzureSignalRHub, "chatNext");
        assert.equal(slot.AzureSignalRHub_games, "gamesNext");
        assert.equal(settingsOf(made).AzureSignalRHub, "chat");
        assert.deepEqual(ways(made), ["chatNext,gamesNext chat-app-abc123-staging", "* chat-app-abc123"]);
        assert.deepEqual(names, ["chat", "games", "chatNext", "gamesNext"]);
    });

    it("keeps the order and the selection of the templates that are given", async () => {
        const upstreamTemplates = [
            {
                hubPattern: "chat, audit",
                categoryPattern: "messages",
                urlTemplate: "https://audit.example.com/{event}",
            },
            { hubPattern: "games", eventPattern: "move" },
            {},
        ];
        const made = await run({ hubNames: ["chat", "games"], upstreamTemplates });
        assert.deepEqual(ways(made), [
            "chat_staging,audit_staging audit",
            "games_staging chat-app-abc123-staging",
            "chat_staging,games_staging chat-app-abc123-staging",
            "chat, audit audit",
            "games chat-app-abc123",
            "* chat-app-abc123",
        ]);
        assert.deepEqual(
            templatesOf(made).map(({ categoryPattern, eventPattern }) => `${categoryPattern} ${eventPattern}`),
            ["messages *", "* move", "* *", "messages *", "* move", "* *"],
        );
        const later = pulumi.output(upstreamTemplates.map((one) => pulumi.output(one)));
        assert.deepEqual(ways(await run({ hubNames: ["chat", "games"], upstreamTemplates: later })), ways(made));
        const parts = upstreamTemplates.map(({ hubPattern, ...one }) => ({
            ...one,
            ...(hubPattern && { hubPattern: pulumi.output(hubPattern) }),
        }));
        assert.deepEqual(ways(await run({ hubNames: ["chat", "games"], upstreamTemplates: parts })), ways(made));
    });

    it("has its roles on both vaults in force before the service reads the keys", async () => {
        const made = await run();
        for (const role of ["chat-service-vault-reader", "chat-staging-service-vault-reader"]) {
            assert.ok(made.comesAfter(made.find(signalRType), made.find(roleType, role)), role);
        }
        assert.match(
            String(plain(made.find(roleType, "chat-staging-service-vault-reader"), "scope")),
            /vaults\/chat-staging-keys-abc123$/,
        );
        assert.ok(made.comesAfter(made.find(signalRType), made.find("azure-native:web:WebAppSlot")));
        assert.ok(made.comesAfter(made.find("azure-native:web:WebAppApplicationSettings"), made.find(signalRType)));
    });

    it("tells who assigns roles of both vaults", async () => {
        const { warnings } = await run({ assignRoles: false });
        const [service = ""] = warnings.filter((text) => text.startsWith('service of "chat":'));
        assert.match(service, /vaults\/chat-keys-abc123; .*vaults\/chat-staging-keys-abc123/);
    });

    it("has one template, and one vault, without a slot", async () => {
        const made = await runSignalR({ plan: "ElasticPremium" });
        assert.deepEqual(ways(made), ["* chat-app-abc123"]);
        assert.deepEqual(made.names("azure-native:keyvault:Vault"), ["chat-keys"]);
    });

    const trigger = (hub: string) =>
        `app.generic("own", { trigger: trigger.generic({ type: "signalRTrigger", hubName: ${hub}, category: "messages", event: "x" }), handler });`;
    for (const [title, files, told] of [
        ["a text", { "dist/index.js": trigger('"chat"') }, "chat"],
        [
            "a text among other code",
            { "dist/index.js": `const other = { hubName: "no" };${trigger("`chat`")}` },
            "chat",
        ],
        ["a setting", { "dist/index.js": trigger('"%AzureSignalRHub%"') }, undefined],
        ["a comment", { "dist/index.js": `// ${trigger('"chat"')}\n${trigger('"%AzureSignalRHub%"')}` }, undefined],
        ["a variable", { "dist/index.js": trigger("hub") }, undefined],
        [
            "function.json",
            {
                "own/index.js": "",
                "own/function.json":
                    '{"bindings":[{"type":"SignalRTrigger","direction":"in","name":"a","HubName":"chat","category":"messages","event":"x"}]}',
            },
            "chat",
        ],
        [
            "a setting in function.json",
            {
                "own/index.js": "",
                "own/function.json":
                    '{"bindings":[{"type":"signalRTrigger","direction":"in","name":"a","hubName":"%H%","category":"messages","event":"x"}]}',
            },
            undefined,
        ],
        [
            "Python",
            {
                ".python_packages/lib/site-packages/azure/functions/__init__.py": "",
                "function_app.py":
                    'app = func.FunctionApp()\n@app.generic_trigger(arg_name="i", type="signalRTrigger", hubName="chat", event="x")\ndef own(i): pass',
            },
            "chat",
        ],
    ] as [string, Record<string, string>, string | undefined][]) {
        it(`warns of a hub that code names itself, in ${title}${told === undefined ? ": no" : ""}`, async () => {
            const runtime = title === "Python" ? ({ runtime: "python" } as const) : {};
            const codePath = functionFolder({ ...smallestAppFor("signalr"), ...files });
            const heard = ({ warnings }: ProgramRun<unknown>) =>
                warnings.flatMap(
                    (text) => /in the code name the hub "(\w+)".*Bind %AzureSignalRHub%/.exec(text)?.[1] ?? [],
                );
            assert.deepEqual(heard(await run({ codePath, ...runtime })), told === undefined ? [] : [told]);
            assert.deepEqual(heard(await run({ codePath, ...runtime, stagingSlot: undefined })), []);
        });
    }

    for (const stagingSlot of [{ name: "a b" }, { name: "production" }, { hubSuffix: "-" }, { hubSuffix: "" }]) {
        it(`tells once what is wrong with ${JSON.stringify(stagingSlot)}`, async () => {
            const property = Object.keys(stagingSlot)[0];
            await assert.rejects(run({ stagingSlot }), (error: Error) => {
                assert.match(error.message, new RegExp(`^SignalRBackend "chat": stagingSlot\\.${property}: `));
                return true;
            });
        });
    }

    for (const [title, args, message] of [
        ["on Flex Consumption", { plan: "FlexConsumption" }, /stagingSlot: plan FlexConsumption has no slot/],
        ["with keys elsewhere", { keySource: "HostKey" }, /stagingSlot: keySource HostKey.*Use KeyVault/],
        [
            "whose hub is a hub of the app",
            { hubNames: ["a", "a_staging"] },
            /stagingSlot.hubSuffix: the slot's hub for "a" would be "a_staging"/,
        ],
        ["with a private app", { privateNetwork: { app: "Private" } }, /stagingSlot: privateNetwork\.app Private/],
    ] as [string, Partial<SignalRBackendArgs>, RegExp][]) {
        it(`is refused ${title}`, async () => {
            await assert.rejects(run(args), message);
        });
    }
});
