import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as authorization from "@pulumi/azure-native/authorization";
import * as dns from "@pulumi/azure-native/dns";
import * as pulumi from "@pulumi/pulumi";
import { globSync } from "tinyglobby";
import * as library from "../../components";
import { codePaths } from "../support/backend";
import { componentNames } from "../support/exportedComponents";
import { type ProgramRun, runProgram } from "../support/pulumi";
import { repositoryRoot } from "../support/registeredFunctions";

const providers = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/group/providers";
const idOf = (path: string) => pulumi.output(`${providers}/${path}`);
const text = (value: string) => pulumi.output(value);

/** What a reader has already made where an example begins. */
const made = () => ({
    group: { name: text("group") },
    service: {
        serviceId: idOf("Microsoft.SignalRService/webPubSub/chat"),
        serviceName: text("chat"),
        endpoint: text("https://chat.webpubsub.azure.com"),
        principalId: text("service-principal"),
    },
    app: {
        functionAppId: idOf("Microsoft.Web/sites/chat"),
        functionAppName: text("chat"),
        workspaceId: idOf("Microsoft.OperationalInsights/workspaces/chat"),
    },
    keys: { vaultId: idOf("Microsoft.KeyVault/vaults/chat"), vaultUri: text("https://chat.vault.azure.net/") },
    eventHub: { id: idOf("Microsoft.EventHub/namespaces/chat/eventhubs/archive") },
    identity: { id: idOf("Microsoft.ManagedIdentity/userAssignedIdentities/chat") },
    archive: { id: idOf("Microsoft.Storage/storageAccounts/archive") },
    companyChat: { id: idOf("Microsoft.SignalRService/webPubSub/company") },
    chat: { serviceId: idOf("Microsoft.SignalRService/webPubSub/chat") },
    certificates: { id: idOf("Microsoft.KeyVault/vaults/certificates") },
    registration: { clientId: text("11111111-aaaa-bbbb-cccc-222222222222") },
    supportTeamObjectId: "11111111-aaaa-bbbb-cccc-333333333333",
    lobbyUrl: "https://lobby.example.com/events",
    gamesUrl: "https://games.example.com/events",
});

/** A folder with code that fits the backend of an example. */
function folderFor(example: string): string {
    const kind = /new (SocketIO|WebPubSub|SignalR)Backend/.exec(example)?.[1]?.toLowerCase();
    return codePaths[(kind ?? "webpubsub") as keyof typeof codePaths];
}

/** Runs an example as it stands, with everything that it does not declare itself. The block lets it declare what others only use. */
async function runExample(example: string): Promise<ProgramRun<unknown>> {
    const code = example
        .replace(/^import .*$/gm, "")
        .replace(/^export /gm, "")
        .replace(/codePath: "[^"]*"/g, `codePath: ${JSON.stringify(folderFor(example))}`);
    return runProgram(
        () => {
            const names = { ...library, authorization, dns, ...made() };
            new Function(...Object.keys(names), `"use strict"; { ${code} }`)(...Object.values(names));
        },
        {
            answer: (type) => (type.endsWith(":RecordSet") ? { fqdn: "chat.example.com." } : undefined),
            // The lookups of examples that use what exists.
            invoke: (token) =>
                token.endsWith("getWebPubSub") && !example.includes("SocketIO")
                    ? { kind: "WebPubSub", name: "company", hostName: "company.webpubsub.azure.com", identity: {} }
                    : undefined,
        },
    );
}

interface Example {
    /** What the comment is about, or the page. */
    owner: string;
    place: string;
    code: string;
}

/** The examples in the comments of what the library exports. */
const inComments = (): Example[] =>
    globSync("components/**/*.ts", { cwd: repositoryRoot })
        .sort()
        .flatMap((file) => {
            const source = readFileSync(join(repositoryRoot, file), "utf8");
            const comments = source.matchAll(/\/\*\*\n((?: \*.*\n)+?) \*\/\nexport (?:class|const) (\w+)/g);
            return [...comments].flatMap(([, comment = "", owner = ""]) =>
                blocksOf(comment.replace(/^ \* ?/gm, "")).map((code) => ({ owner, place: file, code })),
            );
        });

/** The examples in the guides about production that are whole statements. */
const inPages = (): Example[] =>
    ["production", "private-networking", "staging-slot"].flatMap((name) =>
        blocksOf(readFileSync(join(repositoryRoot, `docs/${name}.md`), "utf8"))
            .filter((code) => /^(import|const|new) /.test(code))
            .map((code) => ({ owner: name, place: `docs/${name}.md`, code })),
    );

const blocksOf = (text: string) =>
    [...text.matchAll(/^```(?:ts|typescript)\n([\s\S]*?)^```$/gm)].map(([, code = ""]) => code);

describe("the examples in the comments of the library and in the guides about production", function () {
    this.timeout(30_000);
    const comments = inComments();

    it("are there for every component", () => {
        const shown = new Set(comments.map(({ owner }) => owner));
        assert.deepEqual(
            componentNames().filter((name) => !shown.has(name)),
            [],
        );
    });

    it("would fail with a wrong name, and tell of an argument that is none", async () => {
        await assert.rejects(
            runExample('new HostKeys("chat", { resourceGroupName: groups.name, extension: "socketio" });'),
            /groups is not defined/,
        );
        const { warnings } = await runExample(
            'new HostKeys("chat", { resourceGroupName: group.name, extension: "socketio", vault: keys.vaultId });',
        );
        assert.match(warnings.join(), /vault: it is not an argument/);
    });

    for (const [index, { owner, place, code }] of [...comments, ...inPages()].entries()) {
        const [firstLine] = code.split("\n").filter((line) => /\bnew /.test(line));
        it(`${index + 1}: ${place}: ${firstLine?.trim()}`, async () => {
            const { resources, warnings } = await runExample(code);
            const components = resources.filter(({ custom }) => !custom).map(({ type }) => type.split(":").at(-1));
            if (componentNames().includes(owner)) {
                assert.ok(components.includes(owner), `${owner} in ${components}`);
            }
            assert.ok(
                resources.some(({ custom }) => custom) || code.includes("serviceId: companyChat.id"),
                "an example makes something",
            );
            assert.deepEqual(warnings, []);
        });
    }
});
