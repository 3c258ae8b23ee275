import * as pulumi from "@pulumi/pulumi";
import type { FunctionAppArgs } from "../functionApp/args";
import { checkEventAuth, isOpen, isOtherAudience } from "../functionApp/easyAuth";
import type { CheckedEventAuth, EventAuth, EventCaller } from "../functionApp/easyAuthArgs";
import { ServiceIdentity } from "../service/args";
import { type Checks, isKnown, lateError } from "../shared/checks";
import { type EventHandlerAuth, EventHandlerAuthType } from "../shared/eventTargets";

/** A place for events, as far as its proof goes. */
interface Target {
    urlTemplate?: pulumi.Input<string>;
    auth?: pulumi.Input<EventHandlerAuth>;
}

interface Question {
    eventAuth?: FunctionAppArgs["eventAuth"];
    serviceIdentityType?: ServiceIdentity;
    identityType?: FunctionAppArgs["identityType"];
    /** From host.json: `api`, or empty. */
    routePrefix: string;
    negotiatePath: string;
}

/** Checks which calls of a backend's app need a token. */
export function checkBackendAuth(checks: Checks, args: Question): CheckedEventAuth | undefined {
    const { routePrefix, negotiatePath } = args;
    const auth = checkEventAuth(checks, args.eventAuth, routePrefix === "" ? [] : [`/${routePrefix}`]);
    const part = checks.at("eventAuth.");
    if (auth === undefined) {
        return undefined;
    }
    const given = (args.eventAuth as EventAuth | undefined)?.openPaths;
    if (routePrefix === "" && given === undefined && !auth.login) {
        part.fault(
            "openPaths",
            "host.json has an empty route prefix, so no path stands for all functions. Name the open paths, such as /negotiate.",
        );
    }
    if (auth.login && isOpen(negotiatePath, auth.openPaths)) {
        part.fault(
            "openPaths",
            `they cover ${negotiatePath}, so nobody would have to log in for it. Name narrower paths, or remove login.`,
        );
    }
    if (!auth.login && given !== undefined && !isOpen(negotiatePath, auth.openPaths)) {
        part.advise(
            "openPaths",
            `they do not cover ${negotiatePath}, so it answers 401 to every client. Add it, unless clients get their token elsewhere.`,
            (reason) => reason,
        );
    }
    if (auth.login && args.serviceIdentityType === ServiceIdentity.SystemAssigned) {
        part.fault(
            "login",
            "it tells the service by its client id, which a SystemAssigned identity does not show. Use serviceIdentityType UserAssigned.",
        );
    }
    return auth;
}

/** Refuses handlers of the backend's own app that would be answered with 401. */
export function checkOwnTargets(
    checks: Checks,
    path: string,
    {
        targets,
        auth,
    }: { targets: pulumi.Input<pulumi.Input<Target>[]> | undefined; auth: CheckedEventAuth | undefined },
): void {
    if (auth === undefined || targets === undefined || !isKnown(targets)) {
        return;
    }
    for (const [index, target] of targets.entries()) {
        const own = isKnown(target) ? target : {};
        const { urlTemplate, auth: given } = own as Target;
        if (urlTemplate !== undefined || given === undefined || !isKnown(given)) {
            continue;
        }
        const { type, managedIdentity } = given as EventHandlerAuth;
        const resource =
            managedIdentity !== undefined && isKnown(managedIdentity) ? managedIdentity.resource : undefined;
        if (type === EventHandlerAuthType.None || isOtherAudience(resource, auth.clientId)) {
            checks.fault(
                `${path}[${index}].auth`,
                "eventAuth asks for the service's token for eventAuth.clientId on the backend's own app. Remove it: the component sets it.",
            );
        }
    }
}

/** Gives a handler of the backend's own app the proof that the app asks for. */
export function withOwnAuth<T extends Target>(auth: CheckedEventAuth | undefined): (target: T) => T {
    return (target) => {
        if (auth === undefined || target.auth !== undefined) {
            return target;
        }
        const own = { type: EventHandlerAuthType.ManagedIdentity, managedIdentity: { resource: auth.clientId } };
        const { urlTemplate } = target;
        if (isKnown(urlTemplate)) {
            return urlTemplate === undefined ? { ...target, auth: own } : target;
        }
        const late = pulumi.output(urlTemplate).apply((url) => (url === undefined ? pulumi.output(own) : undefined));
        return { ...target, auth: late as unknown as pulumi.Input<EventHandlerAuth> };
    };
}

/** The service, as the app's authentication knows it. */
export function callersOf(
    auth: CheckedEventAuth | undefined,
    service: { principalId: pulumi.Output<string>; identityClientId: pulumi.Output<string> },
): EventCaller[] | undefined {
    if (auth === undefined) {
        return undefined;
    }
    const known = (value: pulumi.Output<string>) =>
        value.apply((id) => {
            if (id === "") {
                throw lateError(
                    `eventAuth: the service has no ${auth.login ? "user-assigned " : ""}identity to sign in with. Give it one, or remove eventAuth.`,
                );
            }
            return id;
        });
    return [
        auth.login
            ? { principalId: service.principalId, clientId: known(service.identityClientId) }
            : { principalId: known(service.principalId) },
    ];
}
