import type * as pulumi from "@pulumi/pulumi";
import { checkList } from "../rules/checkList";
import { patternRule } from "../rules/hub";
import { type Checks, type Rule, show, wholeNumber } from "../shared/checks";
import { type AddFault, checkTargets, type EventTarget, isKnown } from "../shared/eventTargets";

/** What a connection's events are about. */
export const UpstreamCategory = { Connections: "connections", Messages: "messages" } as const;
export type UpstreamCategory = (typeof UpstreamCategory)[keyof typeof UpstreamCategory];

interface TemplateArgs extends EventTarget {
    hubPattern?: pulumi.Input<string>;
    categoryPattern?: pulumi.Input<string>;
    eventPattern?: pulumi.Input<string>;
}

/** What only a SignalR Service has. */
export interface SignalRArgs {
    upstreamTemplates?: pulumi.Input<pulumi.Input<TemplateArgs>[]>;
    allowedOrigins?: pulumi.Input<pulumi.Input<string>[]>;
    connectionTimeoutInSeconds?: pulumi.Input<number>;
    features?: pulumi.Input<
        pulumi.Input<{
            flag: pulumi.Input<string>;
            value: pulumi.Input<string>;
            properties?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
        }>[]
    >;
}

export const connectionTimeoutRule = wholeNumber({ min: 1, max: 120, unit: "seconds" });

export const categoryPatternRule: Rule<string> = (value) => {
    const allowed: string[] = ["*", ...Object.values(UpstreamCategory)];
    return typeof value === "string" && value.split(",").every((part) => allowed.includes(part.trim()))
        ? undefined
        : `${show(value)} is not a pattern. Allowed: * for both, connections, messages, or both with a comma.`;
};

const originRule: Rule<string> = (value) =>
    value === "*" || (/^https?:\/\/[^/?#\s]+$/i.test(value) && URL.canParse(value))
        ? undefined
        : `${show(value)} is not an origin. Allowed: *, or scheme and host such as https://chat.example.com, without a path.`;

const originsRule: Rule<readonly string[]> = (origins) => {
    if (origins.length === 0) {
        return "it is empty, so no page could connect. Allowed: *, or origins such as https://chat.example.com.";
    }
    return origins.map(originRule).find((reason) => reason !== undefined);
};

const featureRule: Rule<readonly { flag: string }[]> = (features) =>
    features.some(({ flag }) => flag.toLowerCase() === "servicemode")
        ? "ServiceMode is always Serverless here. Remove it."
        : undefined;

/** Checks what only a SignalR Service has, and answers it guarded. */
export function checkSignalRArgs<A extends SignalRArgs>(
    checks: Checks,
    args: A,
    { urlOptional = false }: { urlOptional?: boolean } = {},
): A {
    return {
        ...args,
        upstreamTemplates: checkTargets<TemplateArgs>(checks, {
            path: "upstreamTemplates",
            targets: args.upstreamTemplates,
            placeholders: ["hub", "category", "event"],
            urlOptional,
            look: lookAtTemplate,
        }),
        allowedOrigins: checkList(checks, { path: "allowedOrigins", value: args.allowedOrigins, rule: originsRule }),
        connectionTimeoutInSeconds: checks.input({
            path: "connectionTimeoutInSeconds",
            value: args.connectionTimeoutInSeconds,
            rule: connectionTimeoutRule,
        }),
        features: checkList(checks, { path: "features", value: args.features, rule: featureRule }),
    };
}

function lookAtTemplate({ hubPattern, categoryPattern, eventPattern }: TemplateArgs, add: AddFault): void {
    const look = (part: string, value: pulumi.Input<string> | undefined, rule: Rule<string>): void => {
        if (value !== undefined && isKnown(value)) {
            add(part, rule(value));
        }
    };
    look("hubPattern", hubPattern, patternRule("hub"));
    look("categoryPattern", categoryPattern, categoryPatternRule);
    look("eventPattern", eventPattern, patternRule("event"));
}

const ofNewServices = [
    "upstreamTemplates",
    "allowedOrigins",
    "connectionTimeoutInSeconds",
    "features",
    "networkACLs",
    "liveTraceConfiguration",
] as const;

/** All of these stand on the service itself, which somebody else manages when it exists already. */
export function refuseSettingsBesideExisting(
    checks: Checks,
    args: { existingServiceName?: unknown } & Partial<Record<(typeof ofNewServices)[number], unknown>>,
): void {
    for (const key of ofNewServices) {
        if (args.existingServiceName !== undefined && args[key] !== undefined) {
            checks.fault(key, "it is for a new service, and existingServiceName names one. Remove one of them.");
        }
    }
}
