import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { InboxOptions } from "../../local/check/inbox";
import { startProgram } from "../../local/engine/program";
import type { Properties } from "../../local/engine/values";
import { type ChatBench, type ChatKind, type ChatStack, type Cut, createBench } from "./chatStack";
import { repositoryRoot } from "./registeredFunctions";

/** The names of a chat's wires, and the errors that a client sees when one of them is cut. */
export interface CutSuite<C extends { close(): void }, O extends InboxOptions & { negotiateUrl: string }> {
    title: string;
    kind: ChatKind<C, O>;
    dataRole: { id: string; said: RegExp };
    /** The app setting with the service's address, and the error that names the setting when it is missing. */
    setting: { name: string; said: RegExp };
    extension: string;
    /** Changes every URL that receives events. */
    otherUrl(change: (url: string) => string): Cut;
    /** Tries to connect a client, and expects the chat to refuse it. */
    refused(chat: ChatStack<C, O>): Promise<void>;
    /** The message for each status with which the app's host refuses an event. */
    said: Record<401 | 403 | 404, RegExp>;
    /** Id of an extension bundle without the binding. */
    bundle: string;
    /** Tests for further cuts. */
    more?(bench: () => ChatBench<C, O>): void;
}

const roles = {
    secretsOfficer: "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
    secretsUser: "4633458b-17de-408a-b874-0445c86b69e6",
};

export const withoutRole = (role: string): Cut => ({
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

export function otherHandler(change: (handler: Properties) => Properties): Cut {
    return {
        type: "webpubsub:WebPubSubHub",
        change(inputs) {
            const properties = inputs.properties as Properties & { eventHandlers: Properties[] };
            return { ...inputs, properties: { ...properties, eventHandlers: properties.eventHandlers.map(change) } };
        },
    };
}

export function otherTemplate(change: (template: Properties) => Properties): Cut {
    return {
        type: "signalrservice:SignalR",
        change(inputs) {
            const upstream = inputs.upstream as Properties & { templates: Properties[] };
            return { ...inputs, upstream: { ...upstream, templates: upstream.templates.map(change) } };
        },
    };
}

/** Messages of services that send `connect` to a handler before they admit a client. */
export const saidOfHandlers = {
    401: /failed: 401.*code/,
    403: /failed: 403.*not the host's key for this webhook/,
    404: /failed: 404/,
};

export const otherAddress =
    (cut: typeof otherHandler) =>
    (change: (url: string) => string): Cut =>
        cut((target) => ({ ...target, urlTemplate: change(String(target.urlTemplate)) }));

/** Describes a chat with one wire cut at a time. The stack starts as far as it would on Azure, and no client can connect. */
export function describeCutWires<C extends { close(): void }, O extends InboxOptions & { negotiateUrl: string }>(
    suite: CutSuite<C, O>,
): void {
    describe(`${suite.title} with one wire cut`, function () {
        this.timeout(60_000);
        let bench: ChatBench<C, O>;

        beforeEach(() => {
            bench = createBench(suite.kind);
        });
        afterEach(() => bench.close());

        async function refusesClients(cut: Cut, cause: RegExp): Promise<void> {
            const chat = await bench.start({ cut });
            await suite.refused(chat);
            await chat.hears(cause);
        }

        it("without the data role negotiates no token, and names the role and the app's identity", async () => {
            const chat = await bench.start({ cut: withoutRole(suite.dataRole.id) });
            await assert.rejects(chat.join({ name: "ann" } as Partial<O> & { name: string }), /500/);
            await chat.hears(suite.dataRole.said);
        });

        // No client connects, because it would wait while the host retries to open its keys.
        it("without the app's vault role has no key store, and names the role", async () => {
            const role = /Key Vault Secrets Officer/;
            let refusal = "";
            const chat = await bench.start({ cut: withoutRole(roles.secretsOfficer) }).catch((error: Error) => {
                refusal = error.message;
            });
            // The host does not start, so One Deploy fails where the plan has it. Other plans report it in the log.
            if (chat === undefined) {
                assert.match(`${refusal}\n${bench.said()}`, role);
            } else {
                await chat.hears(role);
            }
        });

        it("without the service's vault role cannot fill in the key, and names the role", () =>
            refusesClients(withoutRole(roles.secretsUser), /does not have role "Key Vault Secrets User"/));

        it("without its connection setting runs no function of the extension, and names the setting", async () => {
            const cut = withoutSetting(suite.setting.name);
            // Either the code or only the binding fails. The host's message arrives independently of its answer.
            let started: Awaited<ReturnType<typeof bench.start>> | undefined;
            await assert.rejects(
                async () => {
                    started = await bench.start({ cut, startProgram });
                    await started.join({ name: "ann" } as Partial<O> & { name: string });
                },
                (error: Error) => started !== undefined || suite.setting.said.test(`${error.message}\n${bench.said()}`),
            );
            await started?.hears(suite.setting.said);
        });

        it("with another key in the URL gets 401 from the app, and reports the status", () =>
            refusesClients(
                suite.otherUrl((url) => url.replace(/code=.*$/, "code=SomeOtherKeyThatTheHostDoesNotKnow")),
                suite.said[401],
            ));

        it("with the key under another name gets 403 from the app, and reports the status", () =>
            refusesClients(
                {
                    type: "keyvault:Secret",
                    where: (inputs) => String(inputs.secretName).startsWith("host--systemKey--"),
                    change: (inputs) => ({ ...inputs, secretName: `host--systemKey--${suite.extension}` }),
                },
                suite.said[403],
            ));

        it("with another path in the URL gets 404 from the app, and reports the status", () =>
            refusesClients(
                suite.otherUrl((url) => url.replace("/runtime/webhooks/", "/runtime/webhook/")),
                suite.said[404],
            ));

        it("with a bundle that lacks the binding is refused before any resource is created", async () => {
            const codePath = mkdtempSync(join(repositoryRoot, "test/fixtures/.bundle-"));
            try {
                writeFileSync(join(codePath, "package.json"), JSON.stringify({ main: "index.js" }));
                writeFileSync(join(codePath, "index.js"), "");
                const extensionBundle = { id: suite.bundle, version: "[4.*, 5.0.0)" };
                writeFileSync(join(codePath, "host.json"), JSON.stringify({ version: "2.0", extensionBundle }));
                await assert.rejects(bench.start({ config: { "azure-realtime:codePath": codePath }, startProgram }));
                assert.match(
                    bench.said(),
                    new RegExp(`codePath: the extension bundle .* does not hold the ${suite.extension} binding`),
                );
                const made = bench.events.filter((event) => event.kind === "finished" && event.step.custom);
                assert.deepEqual(made, []);
            } finally {
                rmSync(codePath, { recursive: true, force: true });
            }
        });

        suite.more?.(() => bench);
    });
}
