import { isDeepStrictEqual } from "node:util";
import { changedPaths, touches } from "./diff";
import type { Operation } from "./events";
import type { Comparison, Handler, Made } from "./handler";
import type { Registration } from "./registration";
import type { ResourceState } from "./state";
import { hasUnknown, type Value } from "./values";

/** A resource of the last run that reopened with other outputs, or not at all. */
export interface Resumed {
    /** Whether the resource no longer exists and must be created again. */
    lost: boolean;
    reason: string;
}

/** One resource to be carried out as decided. */
export interface Work {
    registration: Registration;
    handler: Handler;
    operation: Operation;
    before?: ResourceState;
}

export interface Decision {
    operation: Exclude<Operation, "deleted" | "failed">;
    changed: string[];
    reason?: string;
}

/** Compares a registration with the resource of the last run. */
export function decide(options: {
    registration: Registration;
    handler: Handler;
    before?: ResourceState;
    resumed?: Resumed;
    /** What the provider of the handler says, where it has one. */
    compared?: Comparison;
    /** Whether this update deletes the resource, or has deleted it, because it depends on a replaced one. */
    forced: boolean;
    /** Whether the resource is in another subscription than before. */
    moved?: boolean;
}): Decision {
    const { registration, handler, before, resumed, compared } = options;
    if (!before) {
        return { operation: options.forced ? "replaced" : "created", changed: [] };
    }
    if (resumed?.lost) {
        return { operation: "created", changed: [], reason: resumed.reason };
    }
    if (options.forced) {
        return { operation: "replaced", changed: [] };
    }
    const changed =
        compared?.changes === false ? [] : changedPaths({ before: before.inputs, after: registration.inputs });
    if (compared?.replaces || touches(changed, [...handler.replaceOn, ...registration.replaceOnChanges])) {
        return { operation: "replaced", changed };
    }
    if (options.moved) {
        return { operation: "replaced", changed, reason: "its subscription changed" };
    }
    if (isTriggered({ before: before.replacementTrigger, after: registration.replacementTrigger })) {
        return { operation: "replaced", changed, reason: "its replacement trigger changed" };
    }
    if (changed.length > 0) {
        return { operation: "updated", changed };
    }
    if (compared?.changes) {
        return { operation: "updated", changed, reason: "its provider found a difference" };
    }
    if (before.initFailed) {
        return { operation: "updated", changed, reason: "its initialisation failed before" };
    }
    return resumed ? { operation: "updated", changed, reason: resumed.reason } : { operation: "unchanged", changed };
}

const subscriptionOf = (id: string) => /^\/subscriptions\/([^/]+)/i.exec(id)?.[1]?.toLowerCase();

/** Whether a resource would be in another subscription. One without a subscription never moves. */
export function isMoved({ before, id }: { before?: { id: string }; id: string }): boolean {
    const [old, own] = [before?.id ?? "", id].map(subscriptionOf);
    return old !== undefined && own !== undefined && old !== own;
}

/** Whether a replacement trigger changed. One that is new or gone replaces nothing; an unknown one always does. */
function isTriggered({ before, after }: { before: Value | undefined; after: Value | undefined }): boolean {
    if (hasUnknown(before) || hasUnknown(after)) {
        return true;
    }
    return before !== undefined && after !== undefined && !isDeepStrictEqual(before, after);
}

/** The outputs that a preview can know: the inputs, and for an update every output that it will not change. */
export function previewed({ registration, handler, operation, before }: Work): Made {
    if (operation === "unchanged" && before) {
        return before;
    }
    if (handler.provider !== undefined) {
        return { id: operation === "updated" && before ? before.id : "", outputs: {} };
    }
    const planned = handler.planned(registration.inputs);
    if (operation !== "updated" || !before) {
        return { id: "", outputs: planned };
    }
    const known = { ...before.outputs, ...planned };
    for (const key of handler.volatile ?? []) {
        delete known[key];
    }
    return { id: before.id, outputs: known };
}

export function toState({
    registration,
    urn,
    made,
    handler,
}: {
    registration: Registration;
    urn: string;
    made: Made;
    handler?: Handler;
}): ResourceState {
    const { type, name, custom, parent, inputs, dependencies, propertyDependencies, protect } = registration;
    const { additionalSecretOutputs, secretInputs, retainOnDelete, replaceOnChanges } = registration;
    const { deletedWith, replacementTrigger } = registration;
    const secrets = new Set([...additionalSecretOutputs, ...(handler?.secretOutputs ?? []), ...secretInputs]);
    return {
        urn,
        type,
        name,
        custom,
        ...(parent ? { parent } : {}),
        id: made.id,
        inputs,
        outputs: made.outputs,
        keep: made.keep ?? {},
        secrets: [...secrets],
        dependencies,
        propertyDependencies,
        protect,
        retainOnDelete,
        ...(deletedWith !== undefined && { deletedWith }),
        ...(replacementTrigger !== undefined && { replacementTrigger }),
        ...(replaceOnChanges.length > 0 && { replaceOnChanges }),
    };
}

// The SDK takes the engine that it speaks to for the Pulumi CLI.
const notSupported = "The local Azure does not support $1. Leave that out where pulumi.getStack() is the local stack";

/** A stack trace without the frames of Node and of packages, because only the program's own frames help its author. */
export function tidyStack(text: string): string {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the SDK colours traces with escape sequences.
    const plain = text.replace(/\x1b\[\d+m/g, "");
    return plain
        .replace(/\n[^\S\n]+at [^\n]*(node:internal|node_modules)[^\n]*/g, "")
        .replace(/The Pulumi CLI does not support (.+?)\. Please update the Pulumi CLI/, notSupported);
}
