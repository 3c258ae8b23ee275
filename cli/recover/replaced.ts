import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { at, isObject } from "../words";
import type { PulumiResult, RunPulumi } from "./pulumi";

/**
 * A deployment in which the successor of each resource, by URN, is a resource of the state. Pulumi imports nothing under a URN that the
 * state has, and its pending create does not survive an update, so only the state itself can take a successor in.
 */
export function withSuccessors(exported: unknown, ids: ReadonlyMap<string, string>): unknown {
    const deployment = at(exported, "deployment");
    const resources = [at(deployment, "resources") ?? []].flat().filter(isObject);
    const operations = [at(deployment, "pending_operations") ?? []].flat().filter(isObject);
    const successors = new Map(
        operations
            .filter(({ type }) => type === "creating")
            .map(({ resource }) => [String(at(resource, "urn")), resource] as const),
    );
    const merged = resources.flatMap((resource) => {
        const urn = String(resource.urn);
        const [successor, id] = [successors.get(urn), ids.get(urn)];
        if (resource.delete === true || id === undefined || !isObject(successor)) {
            return [resource];
        }
        // A refresh fills the outputs in.
        const made = { ...successor, id, outputs: {} };
        // Pulumi keeps a predecessor that it has deleted, with a mark. Another one is still to be deleted by the next update.
        return resource.pendingReplacement === true ? [made] : [made, { ...resource, delete: true }];
    });
    return { ...(exported as object), deployment: { ...(deployment as object), resources: merged } };
}

/** Writes the successors into the state, which drops the pending creates, and reads them from Azure. Ends with the first call that fails. */
export async function takeInSuccessors({
    successors,
    flags,
    pulumi,
}: {
    successors: ReadonlyMap<string, string>;
    /** Flags that name the stack and its project. */
    flags: readonly string[];
    pulumi: RunPulumi;
}): Promise<PulumiResult> {
    const folder = mkdtempSync(join(tmpdir(), "azure-realtime-recover-"));
    const file = join(folder, "stack.json");
    const targets = [...successors.keys()].flatMap((urn) => ["--target", urn]);
    const calls: [args: string[], then?: () => void][] = [
        [
            ["stack", "export", ...flags, "--file", file],
            () => {
                const exported: unknown = JSON.parse(readFileSync(file, "utf8"));
                writeFileSync(file, JSON.stringify(withSuccessors(exported, successors)), { mode: 0o600 });
            },
        ],
        [["stack", "import", ...flags, "--file", file]],
        // What Azure does not have leaves the state again.
        [["refresh", ...flags, "--yes", "--skip-preview", ...targets]],
    ];
    let last: PulumiResult = { code: 0, output: "" };
    try {
        for (const [args, then] of calls) {
            last = await pulumi(args);
            if (last.code !== 0) {
                break;
            }
            then?.();
        }
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
    return last;
}
