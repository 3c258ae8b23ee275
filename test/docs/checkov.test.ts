import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadContract } from "../../local/contract/contract";
import { armTemplateOf } from "../support/armTemplate";
import { recordStackHere } from "../support/recordedStacks";
import { repositoryRoot } from "../support/registeredFunctions";

const command = process.env.CHECKOV ?? "checkov";
const isInstalled = spawnSync(command, ["--version"]).status === 0;

interface Failure {
    check_id: string;
    /** Type and name: `Microsoft.Web/sites.chat`. */
    resource: string;
}

/** `CKV_AZURE_35 Microsoft.Storage/storageAccounts`, for each row of the page's table about Checkov. */
function documented(): string[] {
    const page = readFileSync(join(repositoryRoot, "docs/guard-rails.md"), "utf8");
    return [...page.matchAll(/^\| `(CKV\w+)` \| `([^`]+)` \| .{30,} \|$/gm)]
        .map(([, check, type]) => `${check} ${type}`)
        .sort();
}

async function templateOf(stack: string) {
    return armTemplateOf(await recordStackHere({ label: stack, stack, overrides: {} }));
}

/** What Checkov says against a stack, once for each check and resource type. */
async function failuresOf(stack: string): Promise<string[]> {
    const folder = mkdtempSync(join(tmpdir(), "checkov-"));
    try {
        const file = join(folder, "template.json");
        writeFileSync(file, JSON.stringify(await templateOf(stack)));
        const args = ["--file", file, "--framework", "arm", "--output", "json", "--compact", "--soft-fail"];
        const report = JSON.parse(
            execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
        ) as {
            results: { passed_checks: Failure[]; failed_checks: Failure[] };
        };
        assert.ok(report.results.passed_checks.length > 20, "Checkov read the template");
        const failures = report.results.failed_checks.map(
            ({ check_id, resource }) =>
                `${check_id} ${resource.slice(0, resource.indexOf(".", resource.indexOf("/")))}`,
        );
        return [...new Set(failures)].sort();
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

describe("the production stack as a template of Azure Resource Manager", function () {
    this.timeout(180_000);

    it("has a type and a version of the contract for each resource", async () => {
        const { resources } = (await templateOf("prod")) as {
            resources: { type: string; apiVersion: string; name: string }[];
        };
        assert.ok(resources.length > 25);
        const known = loadContract().resources;
        for (const { type, apiVersion, name } of resources) {
            assert.equal(known[type]?.apiVersion, apiVersion, type);
            assert.equal(name.split("/").length, type.split("/").length - 1, `${type} ${name}`);
        }
    });

    it("fails exactly the checks of Checkov that docs/guard-rails.md explains (needs checkov, or CHECKOV with its path)", async function () {
        if (!isInstalled) {
            this.skip();
        }
        assert.deepEqual(await failuresOf("prod"), documented());
    });

    it("fails no other checks of Checkov when it is private (needs checkov, and stacks/Pulumi.private.yaml)", async function () {
        if (!isInstalled || !existsSync(join(repositoryRoot, "stacks/Pulumi.private.yaml"))) {
            this.skip();
        }
        const explained = documented();
        assert.deepEqual(
            (await failuresOf("private")).filter((one) => !explained.includes(one)),
            [],
        );
    });

    it("is explained check by check", () => assert.ok(documented().length > 10));
});
