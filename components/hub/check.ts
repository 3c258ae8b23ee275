import type * as pulumi from "@pulumi/pulumi";
import { type Checks, isKnown, oneOf, startChecks, wholeNumber } from "../shared/checks";
import { type AddFault, checkTargets, patternRule } from "../shared/eventTargets";
import { nameRule } from "../shared/names";
import { readArgs } from "../shared/shape";
import {
    AnonymousConnectPolicy,
    type EventListener,
    type EventSelection,
    type HubOptions,
    SystemEvent,
    type WebPubSubHubArgs,
} from "./args";
import { checkListeners } from "./eventListeners";
import { hubShape } from "./shape";

const keepAliveRule = wholeNumber({ min: 1, max: 120, unit: "seconds" });
const systemEventRule = oneOf(SystemEvent);

/** Hub options whose listeners are known to be plain. */
export type CheckedHubOptions = Omit<HubOptions, "eventListeners"> & { eventListeners: EventListener[] };

/** Checks the args of WebPubSubHub; throws every fault at once. */
export function checkHubArgs(component: string, given: WebPubSubHubArgs): WebPubSubHubArgs & CheckedHubOptions {
    const checks = startChecks(component);
    const args = readArgs(checks, given, hubShape);
    const checked = {
        ...args,
        ...checkHubOptions(checks, args),
        hubName: checks.input("hubName", args.hubName, nameRule("hub")),
        eventHandlers: checkHandlers(checks, args.eventHandlers, { urlOptional: false }),
    };
    checks.refuse();
    return checked;
}

/** Checks what every hub takes, alone or inside a backend. */
export function checkHubOptions(checks: Checks, args: HubOptions): CheckedHubOptions {
    return {
        anonymousConnectPolicy: checks.input(
            "anonymousConnectPolicy",
            args.anonymousConnectPolicy,
            oneOf(AnonymousConnectPolicy),
        ),
        webSocketKeepAliveIntervalInSeconds: checks.input(
            "webSocketKeepAliveIntervalInSeconds",
            args.webSocketKeepAliveIntervalInSeconds,
            keepAliveRule,
        ),
        eventListeners: checkListeners(checks, args.eventListeners),
    };
}

type Handlers<T> = pulumi.Input<pulumi.Input<T>[]> | undefined;

/** Checks event handlers; a backend may leave a handler's URL out. */
export function checkHandlers<T extends EventSelection & { urlTemplate?: pulumi.Input<string> }>(
    checks: Checks,
    handlers: Handlers<T>,
    { urlOptional }: { urlOptional: boolean },
): Handlers<T> {
    const placeholders = ["hub", "event"];
    return checkTargets<T, Handlers<T>>(checks, "eventHandlers", handlers, {
        placeholders,
        urlOptional,
        look: lookAtSelection,
    });
}

function lookAtSelection({ systemEvents, userEventPattern }: EventSelection, add: AddFault): void {
    if (userEventPattern !== undefined && isKnown(userEventPattern)) {
        add("userEventPattern", patternRule("event")(userEventPattern));
    }
    if (systemEvents !== undefined && isKnown(systemEvents)) {
        for (const [index, event] of systemEvents.entries()) {
            add(`systemEvents[${index}]`, isKnown(event) ? systemEventRule(event) : undefined);
        }
    }
}
