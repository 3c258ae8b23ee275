import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { azureIdOf, knownTypes } from "../../cli/recover/azureIds";
import type { PulumiResult, RunPulumi } from "../../cli/recover/pulumi";
import { handlers } from "../../local/azure";
import type { Properties } from "../../local/engine/values";
import { runCli } from "../support/cli";

const subscriptionId = "10ca1000-0000-4000-8000-000000000001";
const group = `/subscriptions/${subscriptionId}/resourceGroups/rg`;

/** Inputs that name any resource. */
const names: Properties = {
    ...Object.fromEntries(
        [
            "resourceGroupName",
            "accountName",
            "actionGroupName",
            "blobName",
            "containerName",
            "deploymentName",
            "eventHubName",
            "hubName",
            "name",
            "namespaceName",
            "resourceName",
            "roleAssignmentName",
            "ruleName",
            "secretName",
            "vaultName",
            "workspaceName",
        ].map((name) => [name, `the-${name}`]),
    ),
    scope: group,
    resourceUri: group,
};

const kind = "azure-realtime:index:SocketIOBackend";
const urn = (type: string, name: string) => `urn:pulumi:dev::p::${kind}$${type}::${name}`;
const parent = `urn:pulumi:dev::p::${kind}::chat`;
const providerUrn = "urn:pulumi:dev::p::pulumi:providers:azure-native::default_3_28_0";
const stackUrn = "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev";
const pending = (type: string, name: string, inputs: object, operation = "creating") => ({
    type: operation,
    resource: { urn: urn(type, name), type, inputs, parent, provider: `${providerUrn}::4f6c8f96` },
});
const plan = pending("azure-native:web:AppServicePlan", "chat-app", { resourceGroupName: "rg", name: "the-plan" });
const planId = `${group}/providers/Microsoft.Web/serverfarms/the-plan`;
const importOf = (type: string, name: string, id: string) => [
    "import --stack dev --yes --skip-preview --protect=false --generate-code=false",
    `--parent parent=${parent} --provider provider=${providerUrn} -- ${type} ${name} ${id}`,
];
const clear = `refresh --stack dev --yes --skip-preview --clear-pending-creates --target ${stackUrn}`;

describe("azure-realtime recover", () => {
    let folder: string;
    before(() => {
        folder = mkdtempSync(join(tmpdir(), "recover-"));
    });
    after(() => rmSync(folder, { recursive: true }));

    function stackFile(operations: object[], resources: object[] = []): string {
        const path = join(folder, "stack.json");
        const group1 = { urn: urn("azure-native:resources:ResourceGroup", "chat"), type: "x", id: group };
        const all = [{ urn: stackUrn, type: "pulumi:pulumi:Stack" }, { urn: parent, type: kind }, group1, ...resources];
        writeFileSync(path, JSON.stringify({ deployment: { resources: all, pending_operations: operations } }));
        return path;
    }

    async function recover(path: string, flags: string[] = [], results: Partial<PulumiResult>[] = []) {
        const calls: string[] = [];
        const { code, lines } = await runCli(["recover", path, ...flags], {
            async pulumi(args) {
                calls.push(args.join(" "));
                return { code: 0, output: "", ...results.shift() };
            },
        });
        return { code, lines, calls, text: lines.join("\n") };
    }

    for (const { token, id, inputNames } of handlers.filter((handler) => handler.token.startsWith("azure-native:"))) {
        it(`knows the id of a ${token}`, () => {
            const own = Object.fromEntries((inputNames?.() ?? []).map((name) => [name, `the-${name}`]));
            const inputs = { ...own, ...names };
            const expected = id({ inputs, settings: { subscriptionId, tenantId: "" } as never });
            assert.deepEqual(azureIdOf({ type: token, inputs, subscriptionId }), { id: expected });
        });
    }

    it("knows no type twice, and types with an API version", () => {
        assert.equal(new Set(knownTypes).size, knownTypes.length);
        const versioned = azureIdOf({ type: "azure-native:web/v20240401:WebApp", inputs: names, subscriptionId });
        assert.deepEqual(versioned, {
            id: `${group.replace("rg", "the-resourceGroupName")}/providers/Microsoft.Web/sites/the-name`,
        });
    });

    it("prints an import for each pending create, and the removal of the pending creates", async () => {
        const { lines, code, calls } = await recover(stackFile([plan]));
        assert.deepEqual(lines, [
            `pulumi ${importOf("azure-native:web:AppServicePlan", "chat-app", planId).join(" ")}`,
            `pulumi ${clear}`,
        ]);
        assert.deepEqual([code, calls], [0, []]);
    });

    it("quotes what a shell would expand", async () => {
        const inner = `urn:pulumi:dev::p::${kind}$azure-realtime:index:FunctionApp::it's`;
        const { text } = await recover(stackFile([{ ...plan, resource: { ...plan.resource, parent: inner } }]));
        assert.ok(text.includes(`--parent 'parent=${inner.replace("'", "'\\''")}' --provider`), text);
    });

    it("prints no line of a name that a shell would run, and no command that would not do what it says", async () => {
        const evil = "x\ntouch /tmp/evil\n\u001b[2J";
        const { code, lines } = await recover(
            stackFile([
                pending("random:index/randomId:RandomId", evil, {}),
                pending("azure-native:web:AppServicePlan", evil, { resourceGroupName: "rg", name: "n" }),
                pending("azure-native:web:AppServicePlan", "y", {}, `up${evil}`),
            ]),
        );
        assert.equal(code, 1);
        assert.ok(lines.length > 0);
        for (const line of lines.join("\n").split("\n")) {
            assert.match(line, /^# /);
        }
        assert.match(lines.at(-1) ?? "", /control characters cannot be printed as a command: .*x\\ntouch.* Use --run/);
    });

    it("refuses JSON that is nested too deep, as the other commands do", async () => {
        for (const text of [
            `${'{"deployment":'.repeat(501)}1${"}".repeat(501)}`,
            `{"deployment":{"resources":${"[".repeat(1e5)}`,
        ]) {
            const path = join(folder, "deep.json");
            writeFileSync(path, text);
            for (const command of ["recover", "verify", "local-settings"]) {
                await assert.rejects(runCli([command, path]), {
                    name: "UsageError",
                    message: /JSON is invalid: it is nested deeper than 500 levels/,
                });
            }
        }
    });

    it("runs them, and leaves out what Azure does not have", async () => {
        const blob = pending("azure-native:storage:Blob", "package", {
            resourceGroupName: "rg",
            accountName: "a",
            containerName: "c",
            blobName: "b/z.zip",
        });
        const gone = { code: 255, output: "error: resource 'x' does not exist" };
        const { text, code, calls } = await recover(stackFile([plan, blob]), ["--run"], [gone]);
        assert.equal(code, 0);
        assert.match(
            text,
            /^not made {2}.*AppServicePlan::chat-app: Azure does not have it[\s\S]*imported {2}.*Blob::package/,
        );
        assert.match(text, /Run `pulumi up`\.$/);
        const blobId = `${group}/providers/Microsoft.Storage/storageAccounts/a/blobServices/default/containers/c/blobs/b/z.zip`;
        assert.deepEqual(calls, [
            importOf("azure-native:web:AppServicePlan", "chat-app", planId).join(" "),
            importOf("azure-native:storage:Blob", "package", blobId).join(" "),
            clear,
        ]);
    });

    it("takes Azure's own words for a resource that is not there", async () => {
        const output = 'autorest/azure: Service returned an error. Status=404 Code="RoleAssignmentNotFound"';
        const { text, code } = await recover(stackFile([plan]), ["--run"], [{ code: 255, output }]);
        assert.match(text, /^not made/);
        assert.equal(code, 0);
    });

    it("stops at any other error, and keeps the pending creates", async () => {
        const denied = { code: 255, output: "error: AuthorizationFailed" };
        const { text, code, calls } = await recover(stackFile([plan, plan]), ["--run"], [denied]);
        assert.deepEqual([code, calls.length], [1, 1]);
        assert.match(text, /AuthorizationFailed\nfailed {4}urn:pulumi:dev.*run recover again/);
    });

    it("names a type that it does not know, and what to do", async () => {
        const cache = pending("azure-native:cache:Redis", "cache", { resourceGroupName: "rg", name: "r" });
        const without = await recover(stackFile([cache]));
        assert.equal(without.code, 1);
        assert.match(
            without.text,
            /^# urn:.*Redis::cache: this command does not know .*add --id 'urn:.*=<its Azure id>'/,
        );
        assert.doesNotMatch(without.text, /clear-pending-creates/);
        const id = `${group}/providers/Microsoft.Cache/redis/r`;
        const given = await recover(stackFile([cache]), [
            "--run",
            "--id",
            `${urn("azure-native:cache:Redis", "cache")}=${id}`,
        ]);
        assert.deepEqual(
            [given.code, given.calls],
            [0, [importOf("azure-native:cache:Redis", "cache", id).join(" "), clear]],
        );
    });

    it("names the inputs that are missing", async () => {
        const unnamed = pending("azure-native:web:WebApp", "app", { resourceGroupName: "rg" });
        assert.match((await recover(stackFile([unnamed]))).text, /its inputs lack name\. Look in the portal/);
    });

    it("imports what a failed create left behind, under the parent that the URN tells", async () => {
        const type = "azure-native:resources:Deployment";
        const id = `${group}/providers/Microsoft.Resources/deployments/d`;
        const { calls, code } = await recover(stackFile([]), ["--run", "--id", `${urn(type, "chat-code")}=${id}`]);
        assert.deepEqual(calls, [
            `import --stack dev --yes --skip-preview --protect=false --generate-code=false --parent parent=${parent} -- ${type} chat-code ${id}`,
        ]);
        assert.equal(code, 0);
    });

    it("takes what an earlier recovery imported for settled", async () => {
        const made = { urn: plan.resource.urn, type: plan.resource.type, id: planId };
        assert.deepEqual((await recover(stackFile([plan], [made]), ["--run"])).calls, [clear]);
    });

    describe("takes in what was made to replace a resource of the state", () => {
        const { urn: planUrn, type } = plan.resource;
        const after = { urn: urn("azure-native:web:WebApp", "app"), type: "azure-native:web:WebApp", id: "/app" };
        const flags = "--stack dev";

        /** The Pulumi CLI with the state of a file, which tells its calls and the state that it was given. */
        function fakePulumi(path: string, results: Partial<PulumiResult>[] = []) {
            const calls: string[] = [];
            const given: { deployment: { resources: Properties[] } }[] = [];
            const pulumi: RunPulumi = async (args) => {
                const [, verb] = args;
                const file = args.find((text) => text.endsWith(".json")) ?? "";
                calls.push(args.filter((text) => text !== file).join(" "));
                if (verb === "export") {
                    copyFileSync(path, file);
                } else if (verb === "import") {
                    given.push(JSON.parse(readFileSync(file, "utf8")));
                }
                return { code: 0, output: "", ...results.shift() };
            };
            return { calls, given, pulumi };
        }

        for (const { title, predecessor, kept } of [
            { title: "that Pulumi had deleted", predecessor: { id: planId, pendingReplacement: true }, kept: [] },
            { title: "that is still there", predecessor: { id: `${planId}-old` }, kept: [{ id: `${planId}-old` }] },
        ]) {
            it(title, async () => {
                const before = { urn: planUrn, type, ...predecessor };
                const path = stackFile([plan], [before, after]);
                const { calls, given, pulumi } = fakePulumi(path);
                const { code, lines } = await runCli(["recover", path, "--run"], { pulumi });
                assert.deepEqual(lines, [
                    `replaced  ${planUrn} by ${planId}, if Azure has that.`,
                    "The state has no pending creates left. Run `pulumi up`.",
                ]);
                assert.equal(code, 0);
                assert.deepEqual(calls, [
                    `stack export ${flags} --file`,
                    `stack import ${flags} --file`,
                    `refresh ${flags} --yes --skip-preview --target ${planUrn}`,
                ]);
                const { resources } = given[0]!.deployment;
                assert.deepEqual(resources.slice(3), [
                    { ...plan.resource, id: planId, outputs: {} },
                    ...kept.map((one) => ({ urn: planUrn, type, ...one, delete: true })),
                    after,
                ]);
            });
        }

        it("and imports the others first, because the pending creates go with it", async () => {
            const app = pending("azure-native:web:WebApp", "other", { resourceGroupName: "rg", name: "other" });
            const path = stackFile([plan, app], [{ urn: planUrn, type, id: planId, pendingReplacement: true }]);
            const { calls, pulumi } = fakePulumi(path);
            const { code } = await runCli(["recover", path, "--run"], { pulumi });
            assert.deepEqual(
                [code, calls.map((call) => call.split(" --")[0])],
                [0, ["import", "stack export", "stack import", "refresh"]],
            );
        });

        it("but not while another pending create is unsettled", async () => {
            const cache = pending("azure-native:cache:Redis", "cache", { resourceGroupName: "rg", name: "r" });
            const path = stackFile([plan, cache], [{ urn: planUrn, type, id: planId, pendingReplacement: true }]);
            const { calls, pulumi } = fakePulumi(path);
            const { code } = await runCli(["recover", path, "--run"], { pulumi });
            assert.deepEqual([code, calls], [1, []]);
        });

        it("only with --run, because no command of Pulumi does so alone", async () => {
            const path = stackFile([plan], [{ urn: planUrn, type, id: planId, pendingReplacement: true }]);
            const { code, lines } = await recover(path);
            assert.deepEqual(
                [code, lines],
                [1, [`# ${planUrn} was being replaced by ${planId}. Only --run can take that in.`]],
            );
        });

        it("and stops where Pulumi refuses, with its words", async () => {
            const path = stackFile([plan], [{ urn: planUrn, type, id: planId, pendingReplacement: true }]);
            const { calls, pulumi } = fakePulumi(path, [{}, { code: 255, output: "error: locked" }]);
            const { code, lines } = await runCli(["recover", path, "--run"], { pulumi });
            assert.deepEqual([code, calls.length], [1, 2]);
            assert.match(lines.join("\n"), /^failed .*\nerror: locked\nCorrect the cause and run recover again/);
        });
    });

    it("leaves random values and other operations to `pulumi up`", async () => {
        const random = pending("random:index/randomPassword:RandomPassword", "key", { length: 48 });
        const { text, calls } = await recover(stackFile([random, { ...plan, type: "updating" }]), ["--run"]);
        assert.match(text, /RandomPassword::key is not a resource of Azure/);
        assert.match(text, /updating urn:.*: the next `pulumi up --refresh` settles this/);
        assert.deepEqual(calls, [clear]);
    });

    it("says that nothing is pending", async () => {
        assert.match((await recover(stackFile([]))).text, /Nothing is pending/);
    });

    for (const { args, message } of [
        { args: ["--id", "x=/y"], message: /"x" is not a URN/ },
        { args: ["--id", "x"], message: /it must be <urn>=<id>/ },
        { args: ["--id", `${parent}=/x`], message: /the state has this resource already/ },
        {
            args: ["--id", "urn:pulumi:prod::p::azure-native:web:WebApp::a=/x"],
            message: /of another stack than the export/,
        },
        {
            args: ["--id", "urn:pulumi:dev::p::a:b:C$azure-native:web:WebApp::a=/x"],
            message: /no parent of type a:b:C/,
        },
    ]) {
        it(`refuses ${args.join(" ")}`, () => assert.rejects(recover(stackFile([]), args), message));
    }

    for (const [name, more] of [
        ["wrote nothing", {}],
        ["has no resource", { resources: [] }],
    ] as const) {
        it(`has nothing to do for a stack that ${name}, and refuses an id for it`, async () => {
            const path = join(folder, "empty.json");
            writeFileSync(path, JSON.stringify({ version: 3, deployment: { manifest: { magic: "x" }, ...more } }));
            const { code, text, calls } = await recover(path, ["--run"]);
            assert.match(text, /nothing is pending. Run `pulumi up`/);
            assert.deepEqual([code, calls], [0, []]);
            await assert.rejects(recover(path, ["--id", `${parent}=/x`]), /has no stack yet/);
        });
    }

    describe("takes the subscription of a stack that has no resource of Azure yet", () => {
        const first = pending("azure-native:resources:ResourceGroup", "chat", { resourceGroupName: "rg" });
        const provider = { urn: providerUrn, type: "pulumi:providers:azure-native", id: "4f6c8f96" };
        const write = (inputs: object) => {
            const path = join(folder, "first.json");
            const resources = [
                { urn: stackUrn, type: "pulumi:pulumi:Stack" },
                { ...provider, inputs },
            ];
            writeFileSync(path, JSON.stringify({ deployment: { resources, pending_operations: [first] } }));
            return path;
        };

        it("from its provider", async () => {
            const { text, code } = await recover(write({ subscriptionId }));
            assert.match(text, new RegExp(`ResourceGroup chat ${group}$`, "m"));
            assert.equal(code, 0);
        });

        it("from ARM_SUBSCRIPTION_ID", async () => {
            const env = { ARM_SUBSCRIPTION_ID: subscriptionId };
            const { lines, code } = await runCli(["recover", write({})], { env });
            assert.match(lines.join("\n"), new RegExp(`ResourceGroup chat ${group}$`, "m"));
            assert.equal(code, 0);
        });

        it("and asks for it where neither names it", async () => {
            const { text, code } = await recover(write({}));
            assert.match(text, /lack the subscription, which --subscription or ARM_SUBSCRIPTION_ID names/);
            assert.equal(code, 1);
        });
    });

    it("refuses what is no export", async () => {
        const path = join(folder, "outputs.json");
        writeFileSync(path, "{}");
        await assert.rejects(recover(path), /recover needs the output of `pulumi stack export`/);
    });
});
