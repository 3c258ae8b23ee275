import { messageOf } from "../../emulator/core/errors";
import type { World } from "../azure/world";
import { checkInputs } from "./checked";
import { type Claim, Claims } from "./claims";
import { changedPaths } from "./diff";
import type { Listener, Step } from "./events";
import type { Handler, Made } from "./handler";
import type { Handlers } from "./handlers";
import { keepInitFailed } from "./initFailed";
import { invokeFunction, type LookupOptions, readResource } from "./lookups";
import { type Engine, type Registered, StoppedError } from "./monitor";
import { type Decision, decide, isMoved, previewed, type Resumed, tidyStack, toState, type Work } from "./plan";
import { isProvider, Providers } from "./providers";
import type { Registration } from "./registration";
import { findDependents, removeLeftovers, removeNow } from "./removal";
import { deletesFirst, refuseExisting, refuseProtected } from "./replacement";
import { outputsOf } from "./standIns";
import type { ResourceState, StackState } from "./state";
import { standInHandler } from "./unknownType";
import { buildUrn, parseUrn } from "./urn";
import type { Decoded } from "./values";

export interface UpdateOptions extends LookupOptions {
    project: string;
    stack: string;
    handlers: Handlers;
    /** Resources that reopened with changed outputs or not at all, with the reason. */
    resumed: () => Map<string, Resumed>;
    on: Listener;
    /** Called when a resource has failed, so that the caller ends the program. */
    onFailure(): void;
    /** Milliseconds since some moment, to measure durations. */
    now(): number;
}

type Label = Omit<Step, "operation" | "seconds" | "changed">;

const stackType = "pulumi:pulumi:Stack";

/** One update or preview of a stack: carries out what the program registers, and keeps the state file up to date. */
export class Update implements Engine {
    readonly steps: Step[] = [];
    readonly outputs: Decoded = { values: {}, secrets: [] };
    private readonly state: StackState;
    private readonly claims: Claims;
    /** Resources deleted because a resource that they depend on was replaced: registering one recreates it. */
    private readonly forced = new Set<string>();
    private readonly providers = new Providers();
    private readonly pending = new Set<Promise<unknown>>();
    private isStopped = false;

    constructor(private readonly options: UpdateOptions) {
        this.state = options.file.state;
        this.claims = new Claims({ project: options.project, stack: options.stack }, this.state);
    }

    /** Whether a resource failed or `stop` was called. Whatever the program prints after that is only its end. */
    stopped(): boolean {
        return this.isStopped;
    }

    /** Refuses every call from now on. */
    stop(): void {
        this.isStopped = true;
    }

    async register(registration: Registration): Promise<Registered> {
        this.requireRunning();
        const { type, name, custom } = registration;
        const parent = registration.parent ? { parent: registration.parent } : {};
        const urn = this.urnOf({ type, name, ...parent });
        const label = { urn, type, name, ...parent, custom };
        const began = this.options.now();
        const seconds = () => (this.options.now() - began) / 1000;
        try {
            if (registration.refusal !== undefined) {
                throw new Error(registration.refusal);
            }
            const claim = this.claims.claim(registration, urn);
            if (!custom || isProvider(type)) {
                return this.registerGroup(registration, claim);
            }
            const handler = this.handlerOf(registration);
            if (handler === undefined) {
                throw new Error(this.options.handlers.refusal(type));
            }
            this.options.on({ kind: "started", ...label });
            const { registered, decision } = await this.track(this.registerCustom(registration, { ...claim, handler }));
            this.report({ ...label, ...decision, seconds: seconds() });
            return registered;
        } catch (error) {
            return this.fail(error, { label, seconds: seconds() });
        }
    }

    registerOutputs({ urn, values, secrets }: Decoded & { urn: string }): void {
        if (parseUrn(urn).type === stackType) {
            this.outputs.values = values;
            this.outputs.secrets = secrets;
            return;
        }
        const component = this.state.resources.get(urn);
        if (component !== undefined && !this.options.preview) {
            component.outputs = values;
            component.secrets = secrets;
        }
    }

    async read(resource: { type: string; name: string; id: string; parent?: string }): Promise<Registered> {
        const { type, name, id, parent } = resource;
        const label = { type, name, custom: true, ...(parent && { parent }) };
        const urn = this.urnOf(label);
        const began = this.options.now();
        try {
            return { urn, id, ...(await readResource(resource, this.options)) };
        } catch (error) {
            // The SDK would wait for ever for a resource that could not be read.
            return this.fail(error, { label: { urn, ...label }, seconds: (this.options.now() - began) / 1000 });
        }
    }

    invoke(call: Decoded & { token: string }): Promise<Decoded> {
        this.requireRunning();
        return invokeFunction(call, this.options);
    }

    log({ level, text, urn }: { level: "info" | "warning" | "error"; text: string; urn: string }): void {
        // A failed resource is reported as a step, so the SDK's own message about it would repeat the step.
        if (!this.isStopped) {
            const source = urn && { source: parseUrn(urn).name };
            this.options.on({ kind: "message", level, text: tidyStack(text), ...source });
        }
    }

    /** Waits for pending calls. After a successful program, deletes the resources that it no longer registers. */
    async finish({ succeeded }: { succeeded: boolean }): Promise<void> {
        while (this.pending.size > 0) {
            await Promise.all(this.pending);
        }
        if (!succeeded || this.isStopped) {
            return;
        }
        await removeLeftovers({ ...this.options, seen: this.claims.seen, report: (step) => this.report(step) });
        if (this.options.preview) {
            return;
        }
        this.state.outputs = this.outputs.values;
        this.state.secretOutputs = this.outputs.secrets;
        this.options.file.save();
    }

    private handlerOf({ type, name }: Registration): Handler | undefined {
        const outputs = outputsOf(this.options.standIns, { type, name });
        return outputs === undefined ? this.options.handlers.get(type) : standInHandler(type, outputs);
    }

    private requireRunning(): void {
        if (this.isStopped) {
            throw new StoppedError("stopped");
        }
    }

    private urnOf(resource: { type: string; name: string; parent?: string }): string {
        return buildUrn({ stack: this.options.stack, project: this.options.project, ...resource });
    }

    private report(step: Step): void {
        this.steps.push(step);
        this.options.on({ kind: "finished", step });
    }

    /** Reports the failure as a step and stops the update, so that the program ends without repeating the error. */
    private fail(error: unknown, { label, seconds }: { label: Label; seconds: number }): never {
        this.stop();
        const reason = messageOf(error);
        this.report({ ...label, operation: "failed", seconds, changed: [], reason });
        this.options.onFailure();
        throw new StoppedError(reason);
    }

    /** Lets `finish` wait for this work, so that the state knows every resource that was created. */
    private track<T>(work: Promise<T>): Promise<T> {
        const settled = work.catch(() => undefined).finally(() => this.pending.delete(settled));
        this.pending.add(settled);
        return work;
    }

    private remember(resource: ResourceState, before?: ResourceState): void {
        if (this.options.preview) {
            return;
        }
        if (before) {
            this.state.resources.delete(before.urn);
        }
        this.state.resources.delete(resource.urn);
        this.state.resources.set(resource.urn, resource);
        this.options.file.save();
    }

    /** Registers a component or an explicit provider: neither has a handler. */
    private registerGroup(registration: Registration, { urn, before }: Claim): Registered {
        const { type, name, parent, custom, inputs, secretInputs } = registration;
        // An explicit provider needs an id; a component has none.
        const warning = custom ? this.providers.add({ urn, ...registration }, this.options.settings) : undefined;
        if (warning !== undefined) {
            this.options.on({ kind: "message", level: "warning", source: name, text: warning });
        }
        const id = custom ? "local" : "";
        // A component keeps its outputs until the program gives new ones, so a program that fails in between loses none.
        const made = { id, outputs: before?.outputs ?? {}, keep: {} };
        const state = toState({ registration: { ...registration, inputs: {} }, urn, made });
        const secrets = [...new Set([...state.secrets, ...(before?.secrets ?? [])])];
        this.remember({ ...state, secrets }, before);
        if (type !== stackType) {
            const label = { urn, type, name, ...(parent && { parent }), custom: false };
            this.report({ ...label, operation: before ? "unchanged" : "created", seconds: 0, changed: [] });
        }
        return { urn, id, values: inputs, secrets: secretInputs };
    }

    private async registerCustom(
        registration: Registration,
        { urn, before, handler }: Claim & { handler: Handler },
    ): Promise<{ registered: Registered; decision: Decision }> {
        const { preview, settings } = this.options;
        // Opening the world may change outputs of the last run, and the comparison below rests on them.
        if (!preview) {
            await this.options.world();
        }
        const { checked, compared } = await checkInputs({
            registration,
            handler,
            before,
            preview,
            settings: this.providers.settingsFor(registration, settings),
        });
        const resumed = before && !preview ? this.options.resumed().get(before.urn) : undefined;
        const decision = decide({
            registration: checked,
            handler,
            forced: this.forced.has(urn),
            ...(before && { moved: isMoved({ before, id: handler.id({ inputs: checked.inputs, settings }) }) }),
            ...(before && { before }),
            ...(resumed && { resumed }),
            ...(compared && { compared }),
        });
        const work = {
            registration: checked,
            handler,
            operation: decision.operation,
            ...(before && { before }),
        };
        if (preview && before && decision.operation === "replaced" && deletesFirst({ ...work, before, settings })) {
            for (const { urn: dependent } of this.dependentsOf(before)) {
                this.forced.add(dependent);
            }
        }
        const remember = (kept: ResourceState) => this.remember(kept, before);
        const made = preview
            ? previewed(work)
            : await keepInitFailed({ work, urn, state: this.state, remember, made: this.apply(work) });
        const resource = toState({ registration: checked, urn, made, handler });
        remember(resource);
        return { registered: { urn, id: made.id, values: made.outputs, secrets: resource.secrets }, decision };
    }

    private async apply(work: Work): Promise<Made> {
        const world = await this.options.world();
        const { registration, handler, operation, before } = work;
        const { inputs } = registration;
        if (operation === "created" || !before) {
            if (!before) {
                refuseExisting({ handler, id: handler.id({ inputs, settings: world }), state: this.state });
            }
            return handler.create({ world, inputs });
        }
        if (operation === "replaced") {
            return this.replace({ ...work, before, world });
        }
        const changed = handler.provider
            ? operation === "updated"
            : changedPaths({ before: before.inputs, after: inputs }).length > 0;
        return changed ? handler.update({ world, inputs, before }) : before;
    }

    private async replace({
        registration,
        handler,
        before,
        world,
    }: Work & { before: ResourceState; world: World }): Promise<Made> {
        refuseProtected(before);
        const { inputs } = registration;
        if (!deletesFirst({ registration, handler, before, settings: this.options.settings })) {
            const made = await handler.create({ world, inputs });
            this.state.condemned.push(before);
            return made;
        }
        const doomed = [...this.dependentsOf(before), before];
        doomed.forEach(refuseProtected);
        const deletions = new Set(doomed.map(({ urn }) => urn));
        for (const resource of doomed) {
            if (resource !== before) {
                this.forced.add(resource.urn);
            }
            await removeNow({ ...this.options, deletions, world, resource });
        }
        return handler.create({ world, inputs });
    }

    /** Resources to be deleted before `before` is. A resource that this update has registered does not depend on it any more. */
    private dependentsOf(before: ResourceState): ResourceState[] {
        const found = findDependents({ of: before, state: this.state, handlers: this.options.handlers });
        return found.filter(({ urn }) => !this.claims.seen.has(urn));
    }
}
