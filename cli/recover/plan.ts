import { UsageError } from "../words";
import { azureIdOf } from "./azureIds";
import { type Interrupted, type PendingCreate, partsOf } from "./pending";

/** One call of the Pulumi CLI. */
export interface Step {
    args: string[];
    /** The resource that the call imports; undefined for the call that ends the recovery. */
    imports?: { urn: string; id: string };
}

export interface RecoveryPlan {
    steps: Step[];
    /** Ids of resources that were made to replace others of the state, by URN. */
    successors: Map<string, string>;
    /** Flags that name the stack and its project for the Pulumi CLI. */
    flags: string[];
    /** What the user has to decide or to know, one sentence or more each. */
    remarks: string[];
    /** Pending creates that the plan does not settle. */
    unsettled: number;
}

export interface RecoveryOptions {
    interrupted: Interrupted;
    /** Ids that the user gives, by URN. They take precedence over computed ones. */
    ids: ReadonlyMap<string, string>;
    subscriptionId?: string;
    /** Name of the stack for the CLI. Defaults to the one in the export. */
    stack?: string;
    /** Folder of the Pulumi project. */
    cwd?: string;
}

/**
 * Plans how the state takes in what an interrupted update created: one `pulumi import` each, and then the removal of the pending
 * creates. `pulumi refresh --import-pending-creates` does not serve: version 3.248 of the CLI forgets the resources that it names.
 */
export function planRecovery(options: RecoveryOptions): RecoveryPlan {
    const { interrupted, ids, subscriptionId } = options;
    const remarks: string[] = [];
    const imports: Step[] = [];
    const successors = new Map<string, string>();
    let unsettled = 0;

    for (const create of interrupted.creates) {
        const given = ids.get(create.urn);
        const computed = given === undefined ? azureIdOf({ ...create, subscriptionId }) : { id: given };
        if (given === undefined && !create.type.startsWith("azure-native:")) {
            // A resource of another provider, such as a random value, exists in the state alone.
            remarks.push(`${create.urn} is not a resource of Azure. The next \`pulumi up\` creates it.`);
        } else if ("id" in computed) {
            if (!interrupted.known.has(create.urn)) {
                imports.push(importStep({ create, id: computed.id, options }));
            } else if (isReplaced({ urn: create.urn, id: computed.id, interrupted })) {
                successors.set(create.urn, computed.id);
            }
        } else {
            unsettled += 1;
            remarks.push(
                `${create.urn}: ${computed.reason}. Look in the portal: if the resource exists, add --id '${create.urn}=<its Azure id>'; if not, the next \`pulumi up\` creates it.`,
            );
        }
    }
    const pending = new Set(interrupted.creates.map(({ urn }) => urn));
    for (const [urn, id] of ids) {
        if (!pending.has(urn)) {
            imports.push(importStep({ create: leftBehind(urn, interrupted), id, options }));
        }
    }
    for (const other of interrupted.others) {
        remarks.push(`${other}: the next \`pulumi up --refresh\` settles this.`);
    }
    // While a resource is unsettled, its pending create stays in the state as the only trace of it.
    const clears = interrupted.creates.length > 0 && unsettled === 0;
    const steps = clears && successors.size === 0 ? [...imports, clearStep(options)] : imports;
    return { steps, successors, flags: stackFlags(options), remarks, unsettled };
}

/** Whether a pending create was to replace the resource with its URN in the state. An earlier recovery left one with the same id. */
function isReplaced({ urn, id, interrupted }: { urn: string; id: string; interrupted: Interrupted }): boolean {
    return interrupted.deleted.has(urn) || interrupted.known.get(urn)?.toLowerCase() !== id.toLowerCase();
}

function importStep({
    create: { type, name, urn, parent, provider },
    id,
    options,
}: {
    create: PendingCreate;
    id: string;
    options: RecoveryOptions;
}): Step {
    const args = [
        "import",
        ...common(options),
        "--protect=false",
        "--generate-code=false",
        ...(parent === undefined ? [] : ["--parent", `parent=${parent}`]),
        ...(provider === undefined ? [] : ["--provider", `provider=${provider}`]),
        "--",
        type,
        name,
        id,
    ];
    return { args, imports: { urn, id } };
}

/** Drops the pending creates. Only the stack itself is refreshed, so that no other change of Azure gets into the state unseen. */
function clearStep(options: RecoveryOptions): Step {
    const args = ["refresh", ...common(options), "--clear-pending-creates", "--target", options.interrupted.stackUrn];
    return { args };
}

function common(options: RecoveryOptions): string[] {
    return [...stackFlags(options), "--yes", "--skip-preview"];
}

function stackFlags({ interrupted, stack, cwd }: RecoveryOptions): string[] {
    const name = stack ?? interrupted.stackUrn.split(":")[2] ?? "";
    return ["--stack", name, ...(cwd === undefined ? [] : ["--cwd", cwd])];
}

/** A resource whose creation failed, so that the export does not mention it. Its parent is found by the types in its URN. */
function leftBehind(urn: string, { known, stackUrn }: Interrupted): PendingCreate {
    if (known.has(urn)) {
        throw new UsageError(`--id ${urn}: the state has this resource already, so there is nothing to recover.`);
    }
    const parts = partsOf(urn);
    const [, project] = urn.split("::");
    if (!urn.startsWith(stackUrn.split("::", 2).join("::")) || project === undefined) {
        throw new UsageError(`--id ${urn}: the URN is of another stack than the export, which is ${stackUrn}.`);
    }
    const types = urn.split("::").slice(2, -1).join("::");
    if (!types.includes("$")) {
        return { ...parts, inputs: {} };
    }
    const above = types.slice(0, types.lastIndexOf("$"));
    const parents = [...known.keys()].filter((candidate) => candidate.split("::").slice(2, -1).join("::") === above);
    const nearest = parents
        .filter((candidate) => parents.length === 1 || parts.name.startsWith(nameOf(candidate)))
        .sort((one, other) => nameOf(other).length - nameOf(one).length)[0];
    if (nearest === undefined) {
        throw new UsageError(
            `--id ${urn}: the export has ${parents.length === 0 ? "no parent" : "several parents"} of type ${above} for it. Import it by hand with \`pulumi import --parent\`.`,
        );
    }
    return { ...parts, inputs: {}, parent: nearest };
}

function nameOf(urn: string): string {
    return urn.slice(urn.lastIndexOf("::") + 2);
}
