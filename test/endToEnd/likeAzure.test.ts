import assert from "node:assert/strict";
import { handlers as allHandlers } from "../../local/azure";
import type { InboxOptions } from "../../local/check/inbox";
import { startProgram } from "../../local/engine/program";
import type { RunOptions, UpdateResult } from "../../local/run";
import {
    type ChatBench,
    type ChatKind,
    createBench,
    signalRChat,
    socketIOChat,
    webPubSubChat,
} from "../support/chatStack";
import { startEmptyProgram } from "../support/emptyProgram";
import { startProgramHere } from "../support/programHere";

/** What the tests set besides the backend: configuration of the program, without its prefix. */
type Choice = { keySource: string; plan?: string };

interface Suite<C extends { close(): void }, O extends InboxOptions & { negotiateUrl: string }> {
    backend: string;
    kind: ChatKind<C, O>;
    /** Makes a request that only the app's code can answer. */
    ask(client: C): Promise<unknown>;
    choices: Choice[];
    /** Choices whose update fails when a role is late, because Azure gives code and keys only to an app that starts. */
    refused: (Choice & { late: LateRole })[];
    /** Choices whose app starts when a late role acts, because the app runs from the URL of its package. */
    retried: Choice[];
}

interface Timing {
    /** Milliseconds until a role acts. */
    delay: number;
    /** Seconds that the program waits for roles. */
    waits: number;
}

function describeLikeAzure<C extends { close(): void }, O extends InboxOptions & { negotiateUrl: string }>(
    suite: Suite<C, O>,
): void {
    describe(`${suite.backend} on a local Azure as slow and as strict as Azure`, function () {
        this.timeout(60_000);
        let bench: ChatBench<C, O>;
        beforeEach(() => {
            bench = createBench(suite.kind);
        });
        afterEach(() => bench.close());

        function start(choice: Choice, { delay, waits }: Timing, more: Partial<RunOptions> = {}) {
            const { keySource, plan = "" } = choice;
            return bench.start({
                azureTiming: { roleDelayMilliseconds: delay, secretRefreshMilliseconds: 30 * 60_000 },
                config: {
                    "azure-realtime:backend": suite.backend,
                    "azure-realtime:keySource": keySource,
                    "azure-realtime:plan": plan,
                    "azure-realtime:roleDelaySeconds": String(waits),
                },
                ...more,
            });
        }

        type Chat = Awaited<ReturnType<typeof start>>;

        async function checkMessage(chat: Chat): Promise<void> {
            // The options that every kind has beyond the name are given by `join`.
            const client = await chat.join({ name: "ann" } as unknown as Partial<O> & { name: string });
            await suite.ask(client);
            client.close();
        }

        for (const choice of suite.choices) {
            const title = titleOf(choice);

            it(`works at the first update when roles act within the promised time, with ${title}`, async () => {
                await checkMessage(await start(choice, { delay: 1500, waits: 2 }));
            });

            it(`leaves nothing and is refused nothing when it is destroyed and created again, twice, with ${title}`, async () => {
                let program = startProgramHere;
                const empty = startEmptyProgram(bench.folder);
                const removed: string[] = [];
                const handlers = allHandlers.map((handler) => ({
                    ...handler,
                    remove(request: Parameters<typeof handler.remove>[0]) {
                        removed.push(handler.token);
                        return handler.remove(request);
                    },
                }));
                const timing = { delay: 0, waits: 0 };
                const chat = await start(choice, timing, { handlers, startProgram: (options) => program(options) });
                const vaults: string[] = [];
                for (const round of [1, 2]) {
                    vaults.push(...namesOf(chat.running, "azure-native:keyvault:Vault"));
                    program = empty;
                    chat.running.resources = (await chat.running.update()).resources;
                    assert.deepEqual(
                        chat.running.resources.filter(({ custom }) => custom).map(({ name }) => name),
                        [],
                        `round ${round}`,
                    );
                    program = startProgramHere;
                    Object.assign(chat.running, await chat.running.update());
                }
                await checkMessage(chat);
                assert.equal(
                    new Set(vaults).size,
                    vaults.length,
                    "a deleted vault keeps its name, so the next one has another",
                );
                assert(removed.includes("azure-native:resources:ResourceGroup"));
                assert(!removed.includes("azure-native:keyvault:Secret"), "an Owner may not delete a vault's secret");
            });
        }

        for (const { late, ...choice } of suite.refused) {
            it(`says which role of which identity is late, and works at the next update, with ${titleOf(choice)}`, async () => {
                const delay = 5000;
                // A program that fails runs in a process of its own. Its roles take longer than anybody waits.
                const failing = start(choice, { delay: 600_000, waits: 0 }, { startProgram });
                await assert.rejects(failing, saysOf(late));
                assert.equal(bench.said().match(/Run the update again/g), null, "nothing says it a second time");
                // The roles are there already, so this update waits for the rest of their time only.
                await checkMessage(await start(choice, { delay, waits: delay / 1000 }));
            });
        }

        for (const choice of suite.retried) {
            it(`says which role of which identity is late, and works once it acts, with ${titleOf(choice)}`, async () => {
                // Azure accepts the settings of an app whose host cannot start, and tries to start the host again.
                const chat = await start(choice, { delay: 2500, waits: 0 });
                assert.match(
                    chat.said(),
                    /identity-\w+\) does not have role "[^"]+".*; assigned: [^;]* \(it acts in \d s\)/,
                );
                await chat.hears(/Running with [1-9]\d* functions/);
                await checkMessage(chat);
            });
        }
    });
}

function namesOf({ resources }: Pick<UpdateResult, "resources">, type: string): string[] {
    return resources.filter((resource) => resource.type === type).map(({ id }) => id);
}

const titleOf = (choice: Choice) => Object.values(choice).join(" on ");

interface LateRole {
    role: string;
    /** What could not be done without the role. Defaults to the deployment of the code. */
    key?: boolean;
}

/** The one line of an update that needed a role before it acted: the app, its identity, the role and what to do. */
const saysOf = ({ role, key = false }: LateRole) => ({
    message: new RegExp(
        `^azure-native:resources:Deployment \\S+-${key ? "keys" : "code"}: ` +
            `Function App '\\S+' ${key ? "does not run, so it takes no key" : "was not deployed"}: .* principal \\S+ ` +
            `\\(of \\S+/userAssignedIdentities/\\S+-app-identity-\\w+\\) does not have role .*"${role}".*; ` +
            `assigned: "${role}" on \\S+ \\(it acts in \\d+ s\\)\\. Run the update again when the role acts\\.$`,
    ),
});

describeLikeAzure({
    backend: "socketio",
    kind: socketIOChat,
    ask: (client) => client.ask("message", "hello"),
    choices: [
        { keySource: "KeyVault" },
        { keySource: "HostKey" },
        { keySource: "Discovered" },
        { keySource: "KeyVault", plan: "EP1" },
        { keySource: "KeyVault", plan: "B1" },
    ],
    refused: [
        { keySource: "KeyVault", plan: "B1", late: { role: "Key Vault Secrets Officer" } },
        // The app runs from its package, so the update notices a late role only when it hands the key over.
        { keySource: "HostKey", late: { role: "Storage Blob Data Reader", key: true } },
        { keySource: "HostKey", plan: "B1", late: { role: "Storage Blob Data Owner" } },
    ],
    retried: [{ keySource: "KeyVault" }],
});

describeLikeAzure({
    backend: "webpubsub",
    kind: webPubSubChat,
    ask: (client) => client.ask("message", "hello"),
    choices: [{ keySource: "KeyVault" }, { keySource: "HostKey" }, { keySource: "Discovered" }],
    refused: [{ keySource: "KeyVault", late: { role: "Key Vault Secrets Officer" } }],
    retried: [],
});

describeLikeAzure({
    backend: "signalr",
    kind: signalRChat,
    ask: (client) => client.ask("broadcast", "hello"),
    choices: [{ keySource: "KeyVault" }, { keySource: "HostKey" }],
    refused: [{ keySource: "KeyVault", late: { role: "Key Vault Secrets Officer" } }],
    retried: [],
});
