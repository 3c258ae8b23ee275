import type { World } from "../azure/world";
import { changedPaths, ignoreChanges } from "./diff";
import type { Listener, Step } from "./events";
import type { Handler, Made, ProviderFunction, ProviderSettings } from "./handler";
import { type Engine, type Registered, StoppedError } from "./monitor";
import { decide, previewed, type Resumed, tidyStack, toState, type Work } from "./plan";
import type { Registration } from "./registration";
import { findDependents, removeLeftovers, removeNow } from "./removal";
import type { ResourceState, StateFile } from "./state";
import { aliasUrns, buildUrn, parseUrn } from "./urn";
import type { Decoded } from "./values";

export interface UpdateOptions {
    project: string;
    stack: string;
    preview: boolean;
    file: StateFile;
    handlers: Map<string, Handler>;
    functions: Map<string, ProviderFunction>;
    settings: ProviderSettings;
    /** The live local Azure, with everything from the last run open again. Not asked for in a preview. */
    world: () => Promise<World>;
    /** Resources that could not be opened again as they were, or not at the same place, and why. */
    resumed: () => Map<string, Resumed>;
    on: Listener;
    /** Called when a resource has failed: the program has nothing more to do. */
    onFailure(): void;
    now(): number;
}

export interface Update extends Engine {
    steps: Step[];
    outputs: Decoded;
    /** Waits for calls under way, then deletes what the program no longer has; only after a program that ended well. */
    finish(options: { succeeded: boolean }): Promise<void>;
    /** Whether a resource failed or `stop` was called: what the program says from then on is only its end. */
    stopped(): boolean;
    /** No new work from here on. */
    stop(): void;
}

/** A resource's URN, and what the last run knows it as. */
interface Claim {
    urn: string;
    before?: ResourceState;
}

const stackType = "pulumi:pulumi:Stack";

function describe(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}

export function startUpdate(options: UpdateOptions): Update {
    const { state } = options.file;
    const steps: Step[] = [];
    const seen = new Set<string>();
    const formerUrns = new Map<string, string>();
    const forced = new Set<string>();
    const pending = new Set<Promise<unknown>>();
    const outputs: Decoded = { values: {}, secrets: [] };
    let stopped = false;

    function report(step: Step): void {
        steps.push(step);
        options.on({ kind: "finished", step });
    }

    function claimUrn(r: Registration, urn: string): Claim {
        if (seen.has(urn)) {
            throw new Error(
                `duplicate resource URN ${urn}: two resources of one type and parent are named "${r.name}"`,
            );
        }
        seen.add(urn);
        const formerParent = r.parent ? formerUrns.get(r.parent) : undefined;
        const aliases = aliasUrns({
            ...r,
            stack: options.stack,
            project: options.project,
            ...(formerParent && { formerParent }),
        });
        const known = [urn, ...aliases.filter((alias) => !seen.has(alias))].find((item) => state.resources.has(item));
        if (known === undefined) {
            return { urn };
        }
        if (known !== urn) {
            formerUrns.set(urn, known);
        }
        seen.add(known);
        const before = state.resources.get(known);
        return before ? { urn, before } : { urn };
    }

    function remember(resource: ResourceState, before?: ResourceState): void {
        if (options.preview) {
            return;
        }
        if (before) {
            state.resources.delete(before.urn);
        }
        state.resources.delete(resource.urn);
        state.resources.set(resource.urn, resource);
        options.file.save();
    }

    function registerGroup(r: Registration, { urn, before }: Claim): Registered {
        // Explicit providers need an id; components have none.
        const id = r.custom ? "local" : "";
        remember(toState({ r: { ...r, inputs: {} }, urn, made: { id, outputs: {}, keep: {} } }), before);
        if (r.type !== stackType) {
            const { type, name, parent } = r;
            const operation = before ? "unchanged" : "created";
            report({ operation, urn, type, name, ...(parent && { parent }), custom: false, seconds: 0, changed: [] });
        }
        return { urn, id, values: r.inputs, secrets: r.secretInputs };
    }

    async function replace({
        r,
        handler,
        before,
        world,
    }: Work & { before: ResourceState; world: World }): Promise<Made> {
        if (before.protect) {
            throw new Error("it is protected, and this change replaces it: take the protect option off first");
        }
        const sameId = handler.id({ inputs: r.inputs, settings: options.settings }) === before.id;
        if (!(r.deleteBeforeReplace ?? sameId)) {
            const made = await handler.create({ world, inputs: r.inputs });
            state.condemned.push(before);
            return made;
        }
        for (const dependent of findDependents({ of: before, state, handlers: options.handlers })) {
            if (seen.has(dependent.urn)) {
                continue;
            }
            forced.add(dependent.urn);
            await removeNow({ ...options, world, resource: dependent });
        }
        await removeNow({ ...options, world, resource: before });
        return handler.create({ world, inputs: r.inputs });
    }

    async function apply({ r, handler, operation, before }: Work): Promise<Made> {
        const world = await options.world();
        if (operation === "created" || !before) {
            return handler.create({ world, inputs: r.inputs });
        }
        if (operation === "replaced") {
            return replace({ r, handler, operation, before, world });
        }
        const changed = changedPaths({ before: before.inputs, after: r.inputs }).length > 0;
        return changed ? handler.update({ world, inputs: r.inputs, before }) : before;
    }

    async function registerCustom({ r, handler, urn, before }: Claim & { r: Registration; handler: Handler }) {
        // Resumption may change outputs of the last run, on which the comparison rests.
        if (!options.preview) {
            await options.world();
        }
        const inputs = handler.check({
            logicalName: r.name,
            inputs: before
                ? ignoreChanges({ before: before.inputs, after: r.inputs, paths: r.ignoreChanges })
                : r.inputs,
            preview: options.preview,
            settings: options.settings,
            ...(before && { before: before.inputs }),
        });
        const checked = { ...r, inputs };
        const resumed = before && !options.preview ? options.resumed().get(before.urn) : undefined;
        const decision = decide({
            r: checked,
            handler,
            forced: forced.has(urn),
            ...(before && { before }),
            ...(resumed && { resumed }),
        });
        const work = { r: checked, handler, operation: decision.operation, ...(before && { before }) };
        const made = options.preview ? previewed(work) : await apply(work);
        const resource = toState({ r: checked, urn, made, handler });
        remember(resource, before);
        const registered = { urn, id: made.id, values: made.outputs, secrets: resource.secrets };
        return { registered, decision };
    }

    function findHandler(type: string): Handler {
        const handler = options.handlers.get(type);
        if (handler) {
            return handler;
        }
        const known = [...options.handlers.keys()].join(", ");
        throw new Error(`resource type ${type} is not supported by the local Azure. Supported are: ${known}`);
    }

    /** Reports the failure once, and ends the program quietly. */
    function fail(o2: {
        label: Omit<Step, "operation" | "seconds" | "changed">;
        seconds: number;
        error: unknown;
    }): never {
        stopped = true;
        const reason = describe(o2.error);
        report({ ...o2.label, operation: "failed", seconds: o2.seconds, changed: [], reason });
        options.onFailure();
        throw new StoppedError(reason);
    }

    async function register(r: Registration): Promise<Registered> {
        if (stopped) {
            throw new StoppedError("stopped");
        }
        const parent = r.parent ? { parent: r.parent } : {};
        const urn = buildUrn({ stack: options.stack, project: options.project, type: r.type, name: r.name, ...parent });
        const label = { urn, type: r.type, name: r.name, ...parent, custom: r.custom };
        const began = options.now();
        const seconds = () => (options.now() - began) / 1000;
        try {
            const claim = claimUrn(r, urn);
            if (!r.custom || r.type.startsWith("pulumi:providers:")) {
                return registerGroup(r, claim);
            }
            const handler = findHandler(r.type);
            options.on({ kind: "started", ...label });
            const { registered, decision } = await track(registerCustom({ r, handler, ...claim }));
            report({ ...label, ...decision, seconds: seconds() });
            return registered;
        } catch (error) {
            return fail({ label, seconds: seconds(), error });
        }
    }

    /** Work under way is let finish, so that the state knows about it. */
    function track<T>(work: Promise<T>): Promise<T> {
        const settled = work.catch(() => undefined).finally(() => pending.delete(settled));
        pending.add(settled);
        return work;
    }

    async function invoke({ token, values, secrets }: Decoded & { token: string }): Promise<Decoded> {
        if (stopped) {
            throw new StoppedError("stopped");
        }
        const providerFunction = options.functions.get(token);
        if (!providerFunction) {
            const known = [...options.functions.keys()].join(", ");
            throw new Error(`Function ${token} is not supported by the local Azure. Supported are: ${known}`);
        }
        const key = JSON.stringify([token, values]);
        if (options.preview) {
            const answer = providerFunction.known?.(options.settings) ?? state.answers[key];
            if (!answer) {
                throw new Error(`${token} has no answer in a preview before the first update`);
            }
            return { values: answer, secrets };
        }
        const answer = await providerFunction.run({ world: await options.world(), args: values });
        state.answers[key] = answer;
        return { values: answer, secrets };
    }

    return {
        steps,
        outputs,
        register,
        invoke,
        registerOutputs({ urn, values, secrets }) {
            if (parseUrn(urn).type !== stackType) {
                return;
            }
            outputs.values = values;
            outputs.secrets = secrets;
        },
        read({ type, name, id, parent }) {
            const found = [...state.resources.values()].find(
                (resource) => resource.type === type && resource.id === id,
            );
            if (!found) {
                throw new Error(`${type} "${id}" does not exist in the local Azure`);
            }
            const urn = buildUrn({
                stack: options.stack,
                project: options.project,
                type,
                name,
                ...(parent && { parent }),
            });
            return { urn, id, values: found.outputs, secrets: found.secrets };
        },
        log({ level, text, urn }) {
            // A failed resource is reported as a step; the SDK's own words for it would repeat that.
            if (!stopped) {
                options.on({
                    kind: "message",
                    level,
                    text: tidyStack(text),
                    ...(urn && { source: parseUrn(urn).name }),
                });
            }
        },
        stopped: () => stopped,
        stop() {
            stopped = true;
        },
        async finish({ succeeded }) {
            while (pending.size > 0) {
                await Promise.all(pending);
            }
            if (!succeeded || stopped) {
                return;
            }
            await removeLeftovers({ ...options, seen, report });
            if (options.preview) {
                return;
            }
            state.outputs = outputs.values;
            state.secretOutputs = outputs.secrets;
            options.file.save();
        },
    };
}
