import * as pulumi from "@pulumi/pulumi";
import { type Checks, checkLate, holdsLater, isKnown, oneOf, type Rule, show } from "./checks";
import { object, required, text } from "./shape";
import { urlTemplateRule } from "./urls";

/** How the service proves itself to a handler of its events. */
export const EventHandlerAuthType = {
    /** With no token: the key in the handler's URL is the proof. */
    None: "None",
    /** With a Microsoft Entra token of the service's own identity. */
    ManagedIdentity: "ManagedIdentity",
} as const;
export type EventHandlerAuthType = (typeof EventHandlerAuthType)[keyof typeof EventHandlerAuthType];

/** The app that the tokens of a realtime service are for. */
export interface EventHandlerManagedIdentity {
    /** Application id or application id URI of the handler's app registration. */
    resource: pulumi.Input<string>;
}

/** How the service proves itself to a handler of its events. */
export interface EventHandlerAuth {
    /** None, or ManagedIdentity for a token of the service's identity with each call. */
    type: pulumi.Input<EventHandlerAuthType>;
    /** Required for ManagedIdentity, refused for None. */
    managedIdentity?: pulumi.Input<EventHandlerManagedIdentity>;
}

// A rule asks for the resource, because only one of the types needs it.
export const authShape = object<EventHandlerAuth>({
    type: required(text),
    managedIdentity: object<EventHandlerManagedIdentity>({ resource: text }),
});

/** A place that a service sends events to, as far as all services have it in common. */
interface EventTarget {
    urlTemplate?: pulumi.Input<string>;
    auth?: pulumi.Input<EventHandlerAuth>;
}

/** Reports a fault of one part of a target, when there is one. */
export type AddFault = (part: string, reason: string | undefined) => void;

export interface TargetRules<T> {
    /** Placeholders that the service fills into a URL. */
    placeholders: readonly string[];
    /** Whether a target may leave its URL out, because the backend knows it. */
    urlOptional: boolean;
    /** Looks at the parts that only targets of this service have. */
    look: (target: T, add: AddFault) => void;
}

/** Checks the parts of targets that are known now, and all of them when they are known. Returns the targets to use. */
export function checkTargets<T extends EventTarget, V extends pulumi.Input<pulumi.Input<T>[]> | undefined>(
    checks: Checks,
    path: string,
    targets: V,
    rules: TargetRules<T>,
): V {
    const faults = faultsOf(targets, rules);
    for (const fault of faults) {
        checks.fault(`${path}${fault.path}`, fault.reason);
    }
    if (targets === undefined || faults.length > 0) {
        return targets;
    }
    if (isKnown(targets) && targets.every(isKnown)) {
        return targets.map((target, index) => guardTarget(checks, `${path}[${index}]`, target as T, rules)) as V;
    }
    return checkLate<T[], V>(targets, (known) =>
        faultsOf(known, rules).map((fault) => checks.describe(`${path}${fault.path}`, fault.reason)),
    );
}

/** The same target, with a check of each part that is known later. Each on its own, so that a preview shows the parts known now. */
function guardTarget<T extends EventTarget>(checks: Checks, path: string, target: T, rules: TargetRules<T>): T {
    const parts = Object.entries(target).map(([key, value]) => {
        if (!holdsLater(value)) {
            return [key, value];
        }
        const guarded = checkLate<unknown, unknown>(value, (known) =>
            faultsIn({ ...target, [key]: known }, "", rules)
                .filter((fault) => fault.path.split(/[.[]/)[1] === key)
                .map((fault) => checks.describe(`${path}${fault.path}`, fault.reason)),
        );
        return [key, guarded];
    });
    return Object.fromEntries(parts) as T;
}

/** Changes each target of a list. Where the list is known, parts of its targets may still be unknown, and only those stay so. */
export function mapTargets<T extends object, R>(
    targets: pulumi.Input<pulumi.Input<T>[]>,
    map: (target: T) => R,
): R[] | pulumi.Output<R[]> {
    return isKnown(targets) && targets.every(isKnown)
        ? targets.map((target) => map(target as T))
        : pulumi.output(targets).apply((known) => (known as T[]).map(map) as never);
}

/** A target with the URL of the backend's own Function App where it has none. */
export function withOwnUrl<T extends { urlTemplate?: pulumi.Input<string> }>(
    own: pulumi.Output<string>,
): (target: T) => T & { urlTemplate: pulumi.Input<string> } {
    return (target) => {
        const { urlTemplate: given } = target;
        return {
            ...target,
            urlTemplate: isKnown(given) ? (given ?? own) : pulumi.output(given).apply((url) => url ?? own),
        };
    };
}

interface Fault {
    /** Below the list: `[0].urlTemplate`. */
    path: string;
    reason: string;
}

function faultsOf<T extends EventTarget>(
    targets: pulumi.Input<pulumi.Input<T>[]> | undefined,
    rules: TargetRules<T>,
): Fault[] {
    if (targets === undefined || !isKnown(targets)) {
        return [];
    }
    return targets.flatMap((target, index) => (isKnown(target) ? faultsIn(target, `[${index}]`, rules) : []));
}

function faultsIn<T extends EventTarget>(target: T, path: string, rules: TargetRules<T>): Fault[] {
    const { urlTemplate, auth } = target;
    const faults: Fault[] = [];
    const add: AddFault = (part, reason) => {
        if (reason !== undefined) {
            faults.push({ path: `${path}.${part}`, reason });
        }
    };
    if (isKnown(urlTemplate) && !(urlTemplate === undefined && rules.urlOptional)) {
        add("urlTemplate", urlTemplateRule(rules.placeholders)(urlTemplate ?? ""));
    }
    rules.look(target, add);
    lookAtAuth(auth, add);
    return faults;
}

function lookAtAuth(auth: EventTarget["auth"], add: AddFault): void {
    if (auth === undefined || !isKnown(auth) || auth.type === undefined || !isKnown(auth.type)) {
        return;
    }
    const reason = oneOf(EventHandlerAuthType)(auth.type);
    if (reason !== undefined) {
        add("auth.type", reason);
        return;
    }
    const identity = auth.managedIdentity;
    if (auth.type === EventHandlerAuthType.None) {
        const unused =
            identity === undefined
                ? undefined
                : "it needs auth type ManagedIdentity; None sends no token. Change the type, or remove it.";
        add("auth.managedIdentity", unused);
        return;
    }
    const resource = identity !== undefined && isKnown(identity) ? identity.resource : identity;
    if (resource === undefined || (typeof resource === "string" && resource.trim() === "")) {
        const advice = "Give the application id or id URI that the token is for.";
        add("auth.managedIdentity.resource", `${show(resource)} is not a resource. ${advice}`);
    }
}

/** A rule for names of one sort of thing, separated by commas. */
export function patternRule(things: "event" | "hub"): Rule<string> {
    return (value) =>
        typeof value === "string" && value.split(",").every((part) => part.trim() !== "")
            ? undefined
            : `${show(value)} is not a pattern. Allowed: * for every ${things}, or ${things} names separated by commas.`;
}
