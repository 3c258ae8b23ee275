import type * as pulumi from "@pulumi/pulumi";
import { checkList } from "../rules/checkList";
import { EventHandlerAuthType } from "../rules/hub";
import { type Checks, isLater, oneOf, show } from "./checks";
import { urlTemplateRule } from "./urls";

/** Somewhere that a service sends events to, as the rules see it; every part may be an output. */
export interface EventTarget {
    urlTemplate?: pulumi.Input<string>;
    auth?: pulumi.Input<{
        type: pulumi.Input<string>;
        managedIdentity?: pulumi.Input<{ resource: pulumi.Input<string> }>;
    }>;
}

export type EventTargets<T extends EventTarget> = pulumi.Input<pulumi.Input<T>[]> | undefined;

/** Adds a fault of one part of a target, when there is one. */
export type AddFault = (part: string, reason: string | undefined) => void;

export interface TargetsQuestion<T extends EventTarget> {
    path: string;
    targets: EventTargets<T>;
    /** What the service fills into an address. */
    placeholders: readonly string[];
    /** Whether a target may leave its URL out, because the composition knows it. */
    urlOptional: boolean;
    /** Looks at the parts that only this sort of target has. */
    look: (target: T, add: AddFault) => void;
}

/** Checks targets, what is known of them at once and the rest when it is known; answers them guarded. */
export function checkTargets<T extends EventTarget>(
    checks: Checks,
    question: TargetsQuestion<T>,
): TargetsQuestion<T>["targets"] {
    const { path, targets } = question;
    if (targets === undefined) {
        return undefined;
    }
    const faults = targetFaults(question);
    for (const fault of faults) {
        checks.fault(fault.path, fault.reason);
    }
    if (faults.length > 0) {
        return targets;
    }
    return checkList<T, typeof targets>(checks, {
        path,
        value: targets,
        rule: (known) =>
            targetFaults({ ...question, targets: [...known] })
                .map((fault) => `${fault.path}: ${fault.reason}`)
                .join(" ") || undefined,
    });
}

interface Fault {
    path: string;
    reason: string;
}

/** What is wrong with the parts of targets that are known now. */
export function targetFaults<T extends EventTarget>(question: TargetsQuestion<T>): Fault[] {
    const { targets, path } = question;
    if (targets === undefined || !isKnown(targets)) {
        return [];
    }
    return (targets as pulumi.Input<T>[]).flatMap((target, index) =>
        isKnown(target) ? faultsOf({ ...question, target: target as T, path: `${path}[${index}]` }) : [],
    );
}

function faultsOf<T extends EventTarget>(question: TargetsQuestion<T> & { target: T }): Fault[] {
    const { target, path, placeholders, urlOptional } = question;
    const { urlTemplate, auth } = target;
    const faults: Fault[] = [];
    const add: AddFault = (part, reason) => {
        if (reason !== undefined) {
            faults.push({ path: `${path}.${part}`, reason });
        }
    };
    if (isKnown(urlTemplate) && !(urlTemplate === undefined && urlOptional)) {
        add("urlTemplate", urlTemplateRule(placeholders)(urlTemplate ?? ""));
    }
    question.look(target, add);
    lookAtAuth(auth, add);
    return faults;
}

function lookAtAuth(auth: EventTarget["auth"], add: AddFault): void {
    if (auth === undefined || !isKnown(auth) || !isKnown(auth.type)) {
        return;
    }
    const reason = oneOf(EventHandlerAuthType)(auth.type);
    if (reason !== undefined) {
        add("auth.type", reason);
        return;
    }
    const identity = auth.managedIdentity;
    if (auth.type === EventHandlerAuthType.None) {
        add(
            "auth.managedIdentity",
            identity === undefined ? undefined : "it needs auth type ManagedIdentity; None sends no token.",
        );
        return;
    }
    const given = identity !== undefined && isKnown(identity) ? identity.resource : identity;
    if (given === undefined || given === "") {
        add(
            "auth.managedIdentity.resource",
            `${show(given)} is not a resource. Give the application id or id URI that the token is for.`,
        );
    }
}

export function isKnown<T>(value: pulumi.Input<T>): value is T & pulumi.Input<T> {
    return !isLater(value);
}
