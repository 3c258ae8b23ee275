import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { LocalWorkspace } from "@pulumi/pulumi/automation";
import type { ServiceName } from "../cli/services";
import { parseStackJson } from "../cli/stackJson";
import { readDeployed, verify } from "../cli/verify";
import { ask, parseJson } from "../cli/verify/ask";
import type { Changes, OpenStack } from "./driver";
import { groupOf } from "./resourceGroup";

export interface PulumiOptions {
    /** Subscription on Azure; undefined for the local Azure. */
    subscription: string | undefined;
    location: string;
    /** Receives what the Pulumi CLI prints. */
    log(text: string): void;
}

const root = resolve(__dirname, "..");
const events: Record<ServiceName, string> = { socketio: "message", webpubsub: "message", signalr: "broadcast" };
const verifyMilliseconds = 60_000;
const asking = { fetch, milliseconds: verifyMilliseconds };

/** Stacks of the stacks' program, run by the Pulumi CLI: the repository's own project, or that of the local Azure. */
export function pulumiStacks({ subscription, location, log }: PulumiOptions): OpenStack {
    const isLocal = subscription === undefined;
    const workDir = isLocal ? join(root, "local", "plugin") : root;
    return async (entry) => {
        const stackName = `prove-${entry.name}`;
        const stack = await LocalWorkspace.createOrSelectStack({ stackName, workDir });
        await stack.setAllConfig({
            "azure-native:location": { value: location },
            ...(subscription !== undefined && { "azure-native:subscriptionId": { value: subscription } }),
        });
        let group: string | undefined;
        const copies: string[] = [];
        const deployed = async () => {
            const { deployment } = await stack.exportStack();
            return readDeployed({ stack: parseStackJson(JSON.stringify({ deployment: await revealed(deployment) })) });
        };
        // An export through this API hides secrets; the outputs of the CLI's own command do not.
        const revealed = async (hidden: unknown): Promise<unknown> => {
            const shown = spawnSync("pulumi", ["stack", "export", "--show-secrets", "--stack", stackName], {
                cwd: workDir,
                encoding: "utf8",
                maxBuffer: 256 * 1024 * 1024,
            });
            return shown.status === 0 ? (JSON.parse(shown.stdout) as { deployment: unknown }).deployment : hidden;
        };
        return {
            async configure(values) {
                await stack.setAllConfig(
                    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { value }])),
                );
            },
            async up() {
                const { summary } = await stack.up({ onOutput: log, suppressProgress: true });
                return (summary.resourceChanges ?? {}) as Changes;
            },
            async verify() {
                return verify({
                    deployed: await deployed(),
                    event: { name: events[entry.backend], data: ["hello"] },
                    milliseconds: verifyMilliseconds,
                    fetch,
                    now: Date.now,
                });
            },
            async editCode(mark) {
                const folder = mkdtempSync(join(tmpdir(), "prove-"));
                copies.push(folder);
                const copy = join(folder, "code");
                cpSync(join(root, "functions", `${entry.backend}-chat`), copy, { recursive: true });
                const page = join(copy, "dist", "index.html");
                writeFileSync(page, `${readFileSync(page, "utf8")}\n<!-- ${mark} -->\n`);
                // The program takes a folder with sources for one to build, and a finished one as it is.
                return copy;
            },
            async showsEdit(mark) {
                const { pageUrl } = await stack.outputs();
                const { text } = await ask(asking, new URL(String(pageUrl?.value)));
                return text.includes(mark);
            },
            async hostVersion() {
                const { masterKey, negotiateUrl } = await deployed();
                const headers = { "x-functions-key": masterKey ?? "" };
                const { text } = await ask(asking, new URL("/admin/host/status", negotiateUrl), { headers });
                const status = parseJson(text) as { version?: string } | undefined;
                return status?.version;
            },
            async mayDeleteSecrets() {
                const vault = vaultOf((await stack.exportStack()).deployment);
                return isLocal || vault === undefined ? undefined : mayDelete(vault);
            },
            async destroy() {
                group ??= groupOf((await stack.exportStack()).deployment);
                try {
                    await stack.destroy({ onOutput: log, suppressProgress: true });
                } catch (error) {
                    // A run that was killed holds the stack's lock.
                    await stack.cancel().catch(() => undefined);
                    throw error;
                }
            },
            async leftovers() {
                const { deployment } = await stack.exportStack();
                const { resources = [] } = (deployment ?? {}) as { resources?: { id?: string; type: string }[] };
                const known = resources.flatMap(({ id, type }) =>
                    id === undefined || type.startsWith("pulumi:") ? [] : [id],
                );
                return [...known, ...(subscription === undefined ? [] : groupLeft(subscription, group))];
            },
            async remove() {
                await stack.workspace.removeStack(stackName);
                for (const folder of copies) {
                    rmSync(folder, { recursive: true, force: true });
                }
            },
        };
    };
}

function vaultOf(deployment: unknown): string | undefined {
    const { resources = [] } = (deployment ?? {}) as { resources?: { id?: string; type: string }[] };
    const vault = resources.find(({ type }) => type === "azure-native:keyvault:Vault");
    return vault?.id?.split("/").at(-1);
}

/** Asks to delete a secret that does not exist. Azure looks at the role first: 403 without one, 404 with one. */
function mayDelete(vault: string): boolean | undefined {
    const asked = spawnSync(
        "az",
        ["keyvault", "secret", "delete", "--vault-name", vault, "--name", "prove-no-such-secret"],
        {
            encoding: "utf8",
        },
    );
    const said = `${asked.stdout}${asked.stderr}`;
    if (/ForbiddenByRbac|\bForbidden\b/.test(said)) {
        return false;
    }
    return /SecretNotFound/.test(said) ? true : undefined;
}

/** The resource group, when Azure still has it. */
function groupLeft(subscription: string, group: string | undefined): string[] {
    if (group === undefined) {
        return [];
    }
    const asked = spawnSync("az", ["group", "exists", "--name", group, "--subscription", subscription], {
        encoding: "utf8",
    });
    if (asked.status !== 0) {
        return [`unknown: whether ${group} is gone, because \`az group exists\` does not run`];
    }
    return asked.stdout.trim() === "true" ? [`/subscriptions/${subscription}/resourceGroups/${group}`] : [];
}
