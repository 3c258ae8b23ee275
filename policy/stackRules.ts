import { ifKnown } from "./known";
import type { Properties } from "./rules";

/** A resource of a stack, with what it refers to. */
export interface StackResource {
    urn: string;
    type: string;
    name: string;
    props: Properties;
    dependencies: readonly { urn: string }[];
    opts: { protect: boolean };
}

/** A rule about resources together. */
export interface StackRule {
    name: string;
    description: string;
    /** Whether a fault is told and stops nothing. */
    isAdvice?: boolean;
    /** A fault for each resource that breaks the rule. */
    faults(resources: readonly StackResource[]): { urn: string; message: string }[];
}

const services = ["azure-native:webpubsub:WebPubSub", "azure-native:signalrservice:SignalR"];
/** A replica has logs and metrics of its own. */
const watched = [...services, "azure-native:webpubsub:WebPubSubReplica", "azure-native:signalrservice:SignalRReplica"];

/** Whoever pays for a Premium tier has people who depend on the service. */
function isPremium({ props }: StackResource): boolean {
    const sku = ifKnown(() => (props.sku as { name?: unknown } | undefined)?.name);
    return String(sku).startsWith("Premium");
}

/** Resources of a Premium tier to which no resource of a type refers. */
function without(type: string, message: string, { types = watched, protects = false } = {}): StackRule["faults"] {
    return (resources) => {
        const referred = new Set(
            resources
                .filter((one) => one.type === `azure-native:${type}`)
                .flatMap(({ dependencies }) => dependencies.map(({ urn }) => urn)),
        );
        return resources
            .filter((one) => types.includes(one.type) && isPremium(one) && !referred.has(one.urn))
            .filter(({ opts }) => !(protects && opts.protect))
            .map(({ urn, name }) => ({ urn, message: `${name}: ${message}` }));
    };
}

/** The site that a resource belongs to, and its slot. Undefined where a preview does not know it. */
function siteOf({ props }: StackResource): { app: string; slot: string } | undefined {
    const [app, slot] = [ifKnown(() => props.name), ifKnown(() => props.slot)];
    return app === undefined ? undefined : { app: String(app).toLowerCase(), slot: String(slot).toLowerCase() };
}

function openSlots(resources: readonly StackResource[]): { urn: string; message: string }[] {
    const sites = (type: string) => resources.filter((one) => one.type === `azure-native:web:${type}`);
    const guarded = sites("WebAppAuthSettingsV2").map((one) => siteOf(one)?.app);
    const guardedSlots = sites("WebAppAuthSettingsV2Slot").map(siteOf);
    return sites("WebAppSlot")
        .filter((one) => {
            const site = siteOf(one);
            return (
                site !== undefined &&
                guarded.includes(site.app) &&
                !guardedSlots.some((auth) => auth?.app === site.app && auth.slot === site.slot)
            );
        })
        .map(({ urn, name }) => ({
            urn,
            message: `${name}: the app has App Service authentication and this slot has none, so anybody can send events to the slot. Add a WebAppAuthSettingsV2Slot, or use stagingSlot and eventAuth of the backend.`,
        }));
}

export const stackRules: readonly StackRule[] = [
    {
        name: "production-is-logged",
        description: "A realtime service of a Premium tier sends its logs somewhere.",
        faults: without(
            "monitor:DiagnosticSetting",
            "no diagnostic setting refers to this service or replica of a Premium tier. Give the backend diagnostics: {}, or add a Diagnostics.",
        ),
    },
    {
        name: "production-has-alerts",
        description: "A realtime service of a Premium tier has an alert on its metrics.",
        faults: without(
            "monitor:MetricAlert",
            "no metric alert refers to this service or replica of a Premium tier. Give the backend alerts: {}, or add an Alerts.",
        ),
    },
    {
        name: "production-is-kept",
        description: "A realtime service of a Premium tier is not deleted by mistake.",
        isAdvice: true,
        faults: without(
            "authorization:ManagementLockByScope",
            "this service of a Premium tier has no lock and is not protected, so one command deletes it. Give the backend lockData: true or protectData: true.",
            { types: services, protects: true },
        ),
    },
    {
        name: "slot-behind-login",
        description:
            "A slot of an app with App Service authentication has it too: a swap moves code, and no authentication.",
        faults: openSlots,
    },
];
