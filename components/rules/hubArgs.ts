import * as pulumi from "@pulumi/pulumi";
import { type Checks, isLater, oneOf, show } from "./checks";
import {
    AnonymousConnectPolicy,
    EventHandlerAuthType,
    keepAliveRule,
    systemEventRule,
    userEventPatternRule,
} from "./hub";
import { nameRule } from "./names";
import { urlTemplateRule } from "./urls";

/** A handler as the rules see it; every part may be an output. */
interface HandlerArgs {
    urlTemplate?: pulumi.Input<string>;
    systemEvents?: pulumi.Input<pulumi.Input<string>[]>;
    userEventPattern?: pulumi.Input<string>;
    auth?: pulumi.Input<{
        type: pulumi.Input<string>;
        managedIdentity?: pulumi.Input<{ resource: pulumi.Input<string> }>;
    }>;
}

interface HubArgs {
    hubName?: pulumi.Input<string>;
    eventHandlers?: pulumi.Input<pulumi.Input<HandlerArgs>[]>;
    anonymousConnectPolicy?: pulumi.Input<AnonymousConnectPolicy>;
    webSocketKeepAliveIntervalInSeconds?: pulumi.Input<number>;
}

interface Question<A> {
    checks: Checks;
    args: A;
    /** Where the hub stands in the caller's args: `hubs[0].`. */
    prefix?: string;
    /** What a caller calls the hub's name. */
    nameKey?: string;
    /** Whether a handler may leave its URL out, because the composition knows it. */
    urlOptional?: boolean;
}

/** Checks a hub's args and answers them, outputs guarded. */
export function checkHubArgs<A extends HubArgs>(question: Question<A>): A {
    const { checks, args, prefix = "", nameKey = "hubName", urlOptional = false } = question;
    const path = `${prefix}eventHandlers`;
    return {
        ...args,
        hubName: checks.input({ path: `${prefix}${nameKey}`, value: args.hubName, rule: nameRule("hub") }),
        anonymousConnectPolicy: checks.input({
            path: `${prefix}anonymousConnectPolicy`,
            value: args.anonymousConnectPolicy,
            rule: oneOf(AnonymousConnectPolicy),
        }),
        webSocketKeepAliveIntervalInSeconds: checks.input({
            path: `${prefix}webSocketKeepAliveIntervalInSeconds`,
            value: args.webSocketKeepAliveIntervalInSeconds,
            rule: keepAliveRule,
        }),
        eventHandlers: checkHandlers({ checks, path, handlers: args.eventHandlers, urlOptional }) as A["eventHandlers"],
    };
}

function checkHandlers(question: {
    checks: Checks;
    path: string;
    handlers: HubArgs["eventHandlers"];
    urlOptional: boolean;
}): HubArgs["eventHandlers"] {
    const { checks, path, handlers, urlOptional } = question;
    if (handlers === undefined) {
        return undefined;
    }
    const faults = handlerFaults({ handlers, path, urlOptional });
    for (const fault of faults) {
        checks.fault(fault.path, fault.reason);
    }
    if (faults.length > 0) {
        return handlers;
    }
    // What an output holds is seen here, when it is known.
    return checks.input({
        path,
        value: pulumi.output(handlers),
        rule: (known: HandlerArgs[]) =>
            handlerFaults({ handlers: known, path, urlOptional })
                .map((fault) => `${fault.path}: ${fault.reason}`)
                .join(" ") || undefined,
    }) as HubArgs["eventHandlers"];
}

interface Fault {
    path: string;
    reason: string;
}

/** What is wrong with the parts of handlers that are known now. */
export function handlerFaults(question: {
    handlers: NonNullable<HubArgs["eventHandlers"]>;
    path: string;
    urlOptional: boolean;
}): Fault[] {
    const { handlers, path, urlOptional } = question;
    if (!isKnown(handlers)) {
        return [];
    }
    return (handlers as pulumi.Input<HandlerArgs>[]).flatMap((handler, index) =>
        isKnown(handler) ? oneHandlerFaults({ handler, path: `${path}[${index}]`, urlOptional }) : [],
    );
}

function oneHandlerFaults({
    handler,
    path,
    urlOptional,
}: {
    handler: HandlerArgs;
    path: string;
    urlOptional: boolean;
}): Fault[] {
    const { urlTemplate, systemEvents, userEventPattern } = handler;
    const faults: Fault[] = [];
    const add = (part: string, reason: string | undefined): void => {
        if (reason !== undefined) {
            faults.push({ path: `${path}.${part}`, reason });
        }
    };
    if (isKnown(urlTemplate) && !(urlTemplate === undefined && urlOptional)) {
        add("urlTemplate", urlTemplateRule(urlTemplate ?? ""));
    }
    if (isKnown(userEventPattern) && userEventPattern !== undefined) {
        add("userEventPattern", userEventPatternRule(userEventPattern));
    }
    if (isKnown(systemEvents) && systemEvents !== undefined) {
        for (const [index, event] of systemEvents.entries()) {
            add(`systemEvents[${index}]`, isKnown(event) ? systemEventRule(event) : undefined);
        }
    }
    return [...faults, ...authFaults(handler.auth, `${path}.auth`)];
}

function authFaults(auth: HandlerArgs["auth"], path: string): Fault[] {
    if (auth === undefined || !isKnown(auth) || !isKnown(auth.type)) {
        return [];
    }
    const reason = oneOf(EventHandlerAuthType)(auth.type);
    if (reason !== undefined) {
        return [{ path: `${path}.type`, reason }];
    }
    const identity = auth.managedIdentity;
    const resource = `${path}.managedIdentity.resource`;
    if (auth.type === EventHandlerAuthType.None) {
        return identity === undefined
            ? []
            : [{ path: `${path}.managedIdentity`, reason: "it needs auth type ManagedIdentity; None sends no token." }];
    }
    const given = identity !== undefined && isKnown(identity) ? identity.resource : identity;
    return given === undefined || given === ""
        ? [
              {
                  path: resource,
                  reason: `${show(given)} is not a resource. Give the application id or id URI that the token is for.`,
              },
          ]
        : [];
}

function isKnown<T>(value: pulumi.Input<T>): value is T & pulumi.Input<T> {
    return !isLater(value);
}
