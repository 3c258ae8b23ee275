import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Properties } from "../../local/engine/values";
import { type ChatBench, type Cut, createChatBench } from "../support/chatStack";

const ROOT = resolve(__dirname, "../..");
const roles = {
    serviceOwner: "12cf5a90-567b-43ae-8102-96cf46c7d9b4",
    blobOwner: "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
    secretsOfficer: "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
    secretsUser: "4633458b-17de-408a-b874-0445c86b69e6",
};

const withoutRole = (role: string): Cut => ({
    type: "authorization:RoleAssignment",
    where: (inputs) => String(inputs.roleDefinitionId).endsWith(role),
    change: () => undefined,
});

function withoutSetting(name: string): Cut {
    return {
        type: "web:WebAppApplicationSettings",
        change(inputs) {
            const { [name]: gone, ...properties } = inputs.properties as Properties;
            assert.notEqual(gone, undefined, `there is no setting ${name} to leave out`);
            return { ...inputs, properties };
        },
    };
}

function otherHandler(change: (handler: Properties) => Properties): Cut {
    return {
        type: "webpubsub:WebPubSubHub",
        change(inputs) {
            const properties = inputs.properties as Properties & { eventHandlers: Properties[] };
            return { ...inputs, properties: { ...properties, eventHandlers: properties.eventHandlers.map(change) } };
        },
    };
}

const otherUrl = (change: (url: string) => string) =>
    otherHandler((handler) => ({ ...handler, urlTemplate: change(String(handler.urlTemplate)) }));

describe("a chat with one wire cut", function () {
    this.timeout(60_000);
    let bench: ChatBench;

    beforeEach(() => {
        bench = createChatBench();
    });
    afterEach(() => bench.close());

    /** The stack comes up, and no client gets in. */
    async function refusesClients(cut: Cut, cause: RegExp): Promise<void> {
        const chat = await bench.start({ cut });
        const client = await chat.join({ name: "ann" });
        await client.next("connect_error");
        await chat.hears(cause);
    }

    it("without the data role gives no token, and names the role and the app's identity", async () => {
        const chat = await bench.start({ cut: withoutRole(roles.serviceOwner) });
        await assert.rejects(chat.join({ name: "ann" }), /negotiation answers 500/);
        await chat.hears(/does not have role "Web PubSub Service Owner" on \S+\/webPubSub\//i);
    });

    it("without the storage role cannot store its code, and names the role", async () => {
        await assert.rejects(
            bench.start({ cut: withoutRole(roles.blobOwner) }),
            /does not have role "Storage Blob Data (Owner|Contributor)"/,
        );
    });

    it("without the app's vault role has no key store, and names the role", async () => {
        await refusesClients(withoutRole(roles.secretsOfficer), /Key Vault Secrets Officer/);
    });

    it("without the service's vault role cannot fill in the key, and names the role", async () => {
        await refusesClients(withoutRole(roles.secretsUser), /does not have role "Key Vault Secrets User"/);
    });

    it("without its connection setting runs no Socket.IO function, and names the setting", async () => {
        const cut = withoutSetting("WebPubSubForSocketIOConnectionString__endpoint");
        await assert.rejects(
            async () => {
                const chat = await bench.start({ cut });
                await chat.join({ name: "ann" });
            },
            (error: Error) => {
                assert.match(`${error.message}\n${bench.said()}`, /WebPubSubForSocketIOConnectionString/);
                return true;
            },
        );
    });

    it("with another key in the URL template is refused with 401, and says where to look", async () => {
        const cut = otherUrl((url) => url.replace(/code=.*$/, "code=SomeOtherKeyThatTheHostDoesNotKnow"));
        await refusesClients(cut, /failed: 401.*code/);
    });

    it("with the key under another name is refused with 403, and says that the key is not this webhook's", async () => {
        const cut: Cut = {
            type: "keyvault:Secret",
            where: (inputs) => String(inputs.secretName).startsWith("host--systemKey--"),
            change: (inputs) => ({ ...inputs, secretName: "host--systemKey--socketio" }),
        };
        await refusesClients(cut, /failed: 403.*not the host's key for this webhook/);
    });

    it("with another path in the URL template is refused with 404, and says where to look", async () => {
        const cut = otherUrl((url) => url.replace("/runtime/webhooks/", "/runtime/webhook/"));
        await refusesClients(cut, /failed: 404/);
    });

    it("with no connect event listed asks nobody before it lets a banned client in, and says so", async () => {
        const cut = otherHandler((handler) => ({ ...handler, systemEvents: ["connected", "disconnected"] }));
        const chat = await bench.start({ cut });
        const banned = await chat.join({ name: "eve", query: { banned: "true" } });
        await banned.next("welcome");
        await chat.hears(/event 'connect' is in no handler's systemEvents/);
    });

    it("with a bundle that lacks the binding is refused before anything is made", async () => {
        const codePath = mkdtempSync(join(ROOT, "test/fixtures/.bundle-"));
        try {
            cpSync(join(ROOT, "functions/socket-io-chat"), codePath, {
                recursive: true,
                filter: (path) => !path.includes("node_modules"),
            });
            const hostJson = join(codePath, "host.json");
            const text = readFileSync(hostJson, "utf8");
            writeFileSync(hostJson, text.replace("ExtensionBundle.Preview", "ExtensionBundle"));
            await assert.rejects(bench.start({ config: { "azure-realtime:codePath": codePath } }));
            assert.match(bench.said(), /codePath: the extension bundle .* does not hold the socketio binding/);
            const made = bench.events.filter((event) => event.kind === "finished" && event.step.custom);
            assert.deepEqual(made, []);
        } finally {
            rmSync(codePath, { recursive: true, force: true });
        }
    });
});
