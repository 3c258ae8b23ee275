import { changedPaths, touches } from "./diff";
import type { Operation } from "./events";
import type { Handler, Made } from "./handler";
import type { Registration } from "./registration";
import type { ResourceState } from "./state";

/** What became of a resource of the last run when it was opened again. */
export interface Resumed {
    /** The thing is gone and must be made again. */
    lost: boolean;
    reason: string;
}

export interface Work {
    r: Registration;
    handler: Handler;
    operation: Operation;
    before?: ResourceState;
}

export interface Decision {
    operation: Exclude<Operation, "deleted" | "failed">;
    changed: string[];
    reason?: string;
}

/** Compares what is asked for with what the last run left. */
export function decide(options: {
    r: Registration;
    handler: Handler;
    before?: ResourceState;
    resumed?: Resumed;
    /** Deleted a moment ago, because a resource it cannot do without was replaced. */
    forced: boolean;
}): Decision {
    const { r, handler, before, resumed } = options;
    if (!before) {
        return { operation: options.forced ? "replaced" : "created", changed: [] };
    }
    if (resumed?.lost) {
        return { operation: "created", changed: [], reason: resumed.reason };
    }
    const changed = changedPaths({ before: before.inputs, after: r.inputs });
    if (touches(changed, [...handler.replaceOn, ...r.replaceOnChanges])) {
        return { operation: "replaced", changed };
    }
    if (changed.length > 0) {
        return { operation: "updated", changed };
    }
    return resumed ? { operation: "updated", changed, reason: resumed.reason } : { operation: "unchanged", changed };
}

/** What a preview knows: the inputs, and of an update whatever it will not change. */
export function previewed({ r, handler, operation, before }: Work): Made {
    if (operation === "unchanged" && before) {
        return before;
    }
    const planned = handler.planned(r.inputs);
    if (operation !== "updated" || !before) {
        return { id: "", outputs: planned };
    }
    const known = { ...before.outputs, ...planned };
    for (const key of handler.volatile ?? []) {
        delete known[key];
    }
    return { id: before.id, outputs: known };
}

export function toState(options: { r: Registration; urn: string; made: Made; handler?: Handler }): ResourceState {
    const { r, urn, made, handler } = options;
    const secrets = new Set([...r.additionalSecretOutputs, ...(handler?.secretOutputs ?? []), ...r.secretInputs]);
    return {
        urn,
        type: r.type,
        name: r.name,
        custom: r.custom,
        ...(r.parent ? { parent: r.parent } : {}),
        id: made.id,
        inputs: r.inputs,
        outputs: made.outputs,
        keep: made.keep ?? {},
        secrets: [...secrets],
        dependencies: r.dependencies,
        propertyDependencies: r.propertyDependencies,
        protect: r.protect,
        retainOnDelete: r.retainOnDelete,
    };
}

/** A stack trace without the frames of Node and of packages, which say nothing about the program. */
export function tidyStack(text: string): string {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the SDK colours traces with escape sequences.
    const plain = text.replace(/\x1b\[\d+m/g, "");
    return plain.replace(/\n\s+at [^\n]*(node:internal|node_modules)[^\n]*/g, "");
}
