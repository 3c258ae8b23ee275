import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Recorded } from "../../local/engine/recorder";
import { aliasUrns } from "../../local/engine/urn";
import { recordStackHere } from "../support/recordedStacks";
import { stackVariants } from "../support/recorder";

interface StoredNames {
    /** URNs that the stack registers now. */
    urns: string[];
    /** URNs of earlier versions, which users still have in their state. An alias must lead from each to a current URN. */
    former: string[];
}

const path = join(__dirname, "urns.snapshot.json");
const stored = (existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {}) as Record<string, StoredNames>;
const update = process.env.UPDATE_SNAPSHOTS === "1";

/** The other URNs under which a state may contain a program's resources. */
function aliasesOf(resources: Recorded[]): Set<string> {
    return new Set(
        resources.flatMap(({ urn, type, name, parent, aliases }) => {
            const [stack = "", project = ""] = urn.replace("urn:pulumi:", "").split("::");
            return aliasUrns({ stack, project, type, name, aliases, ...(parent && { parent }) });
        }),
    );
}

/** URNs whose resources a user's next update would delete and recreate. */
function lost({ before, resources }: { before: StoredNames; resources: Recorded[] }): string[] {
    const made = new Set(resources.map(({ urn }) => urn));
    const aliases = aliasesOf(resources);
    return [...before.urns, ...before.former].filter((urn) => !made.has(urn) && !aliases.has(urn));
}

describe("names that users have in their state", function () {
    this.timeout(60_000);

    for (const variant of stackVariants) {
        it(`lead to the resources of ${variant.label}; UPDATE_SNAPSHOTS=1 stores new names and keeps the old ones`, async () => {
            const resources = await recordStackHere(variant);
            const urns = resources.map(({ urn }) => urn).sort();
            const before = stored[variant.label] ?? { urns: [], former: [] };
            assert.deepEqual(lost({ before, resources }), [], "give what has another name an alias to its old one");
            if (update) {
                const former = [...before.former, ...before.urns.filter((urn) => !urns.includes(urn))].sort();
                stored[variant.label] = { urns, former };
                writeFileSync(path, `${JSON.stringify(stored, undefined, 2)}\n`);
            }
            assert.deepEqual(urns, stored[variant.label]?.urns);
        });
    }

    it("are missed when a resource, its type or its parent changes its name without an alias", async () => {
        const [variant] = stackVariants;
        assert.ok(variant);
        const resources = await recordStackHere(variant);
        const before = { urns: resources.map(({ urn }) => urn), former: [] };
        const hub = resources.find(({ type }) => type.endsWith(":WebPubSubHub") && type.startsWith("azure-native"));
        assert.ok(hub);
        const renamed = (aliases: Recorded["aliases"]) =>
            resources.map((one) =>
                one === hub ? { ...hub, urn: `${hub.urn}-new`, name: `${hub.name}-new`, aliases } : one,
            );
        assert.deepEqual(lost({ before, resources: renamed(hub.aliases) }), [hub.urn]);
        assert.deepEqual(lost({ before, resources: renamed([{ name: hub.name }]) }), []);
        assert.deepEqual(lost({ before: { urns: [], former: ["urn:gone"] }, resources }), ["urn:gone"]);
    });
});
