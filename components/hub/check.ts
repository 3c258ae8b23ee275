import type * as pulumi from "@pulumi/pulumi";
import { checkListeners, type ListenerArgs } from "../rules/eventListeners";
import { AnonymousConnectPolicy, keepAliveRule, systemEventRule, userEventPatternRule } from "../rules/hub";
import { type Checks, oneOf } from "../shared/checks";
import { type AddFault, checkTargets, type EventTarget, isKnown } from "../shared/eventTargets";
import { nameRule } from "../shared/names";

/** A handler as the rules see it; every part may be an output. */
interface HandlerArgs extends EventTarget {
    systemEvents?: pulumi.Input<pulumi.Input<string>[]>;
    userEventPattern?: pulumi.Input<string>;
}

interface HubArgs {
    hubName?: pulumi.Input<string>;
    eventHandlers?: pulumi.Input<pulumi.Input<HandlerArgs>[]>;
    eventListeners?: ListenerArgs[];
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
        eventHandlers: checkTargets<HandlerArgs>(checks, {
            path: `${prefix}eventHandlers`,
            targets: args.eventHandlers,
            placeholders: ["hub", "event"],
            urlOptional,
            look: lookAtHandler,
        }) as A["eventHandlers"],
        eventListeners: checkListeners({
            checks,
            path: `${prefix}eventListeners`,
            listeners: args.eventListeners,
        }) as A["eventListeners"],
    };
}

function lookAtHandler({ systemEvents, userEventPattern }: HandlerArgs, add: AddFault): void {
    if (isKnown(userEventPattern) && userEventPattern !== undefined) {
        add("userEventPattern", userEventPatternRule(userEventPattern));
    }
    if (isKnown(systemEvents) && systemEvents !== undefined) {
        for (const [index, event] of systemEvents.entries()) {
            add(`systemEvents[${index}]`, isKnown(event) ? systemEventRule(event) : undefined);
        }
    }
}
