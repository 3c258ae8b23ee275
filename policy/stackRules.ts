import { ifKnown } from "./known";
import type { Properties } from "./rules";

/** A resource of a stack, with what it refers to. */
export interface StackResource {
    urn: string;
    type: string;
    name: string;
    props: Properties;
    dependencies: readonly { urn: string }[];
}

/** A rule about resources together. */
export interface StackRule {
    name: string;
    description: string;
    /** A fault for each resource that breaks the rule. */
    faults(resources: readonly StackResource[]): { urn: string; message: string }[];
}

const services = ["azure-native:webpubsub:WebPubSub", "azure-native:signalrservice:SignalR"];

/** Whoever pays for a Premium tier has people who depend on the service. */
function isProduction({ type, props }: StackResource): boolean {
    const sku = ifKnown(() => (props.sku as { name?: unknown } | undefined)?.name);
    return services.includes(type) && String(sku).startsWith("Premium");
}

/** Services of a Premium tier to which no resource of a type refers. */
function without(type: string, message: string): StackRule["faults"] {
    return (resources) => {
        const referred = new Set(
            resources
                .filter((one) => one.type === `azure-native:${type}`)
                .flatMap(({ dependencies }) => dependencies.map(({ urn }) => urn)),
        );
        return resources
            .filter((one) => isProduction(one) && !referred.has(one.urn))
            .map(({ urn, name }) => ({ urn, message: `${name}: ${message}` }));
    };
}

export const stackRules: readonly StackRule[] = [
    {
        name: "production-is-logged",
        description: "A realtime service of a Premium tier sends its logs somewhere.",
        faults: without(
            "monitor:DiagnosticSetting",
            "no diagnostic setting refers to this service of a Premium tier. Give the backend diagnostics: {}, or add a Diagnostics.",
        ),
    },
    {
        name: "production-has-alerts",
        description: "A realtime service of a Premium tier has an alert on its metrics.",
        faults: without(
            "monitor:MetricAlert",
            "no metric alert refers to this service of a Premium tier. Give the backend alerts: {}, or add an Alerts.",
        ),
    },
];
