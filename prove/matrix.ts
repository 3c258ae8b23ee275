import type { ServiceName } from "../cli/services";

/** What the stacks' program can be configured with, and the values that a key allows. */
export type AllowedValues = Readonly<Record<string, { type: string; allowed?: readonly unknown[] } | undefined>>;

/** One backend to deploy: a choice of service, plan, source of the key and sign-in. */
export interface Entry {
    name: string;
    backend: ServiceName;
    plan: string;
    /** Configuration of the stacks' program. */
    config: Record<string, string>;
    /** Estimated cost in US dollars, for an hour that nobody needs in full. */
    dollars: number;
    /** Ids of the lines of docs/not-proven.md that a run of this entry answers. */
    answers: string[];
    /** Minutes without traffic before a last message. Defaults to none. */
    idleMinutes?: number;
}

/** List prices from memory, for an hour of one instance. Prices differ by region and change: look before you start. */
const planDollars: Record<string, number> = { Y1: 0, FC1: 0, B1: 0.02, EP1: 0.22 };
/** A vault, two storage accounts, a workspace and their calls. */
const restDollars = 0.05;

const keySources = ["KeyVault", "Discovered", "HostKey"];
const connectionAuths = ["Identity", "AccessKey"];
const deliveries = ["Extracted", "Mounted", "Url"];
const services: ServiceName[] = ["socketio", "webpubsub", "signalr"];
// Smallest first.
const plans = ["Y1", "FC1", "B1", "EP1"];

/** The line of docs/not-proven.md that a destroy answers when the deployer has no role in the vault. */
export const destroyAnswer = "destroy-without-vault-role";
/** The line that the first message after a pause answers. */
export const pauseAnswer = "flex-key-vault";

/**
 * Every combination that the program allows, smallest first. What it does not allow is named in `skipped`. The app on Flex Consumption
 * with its keys in a vault is left alone for `idleMinutes`, because 401s are reported after a pause.
 */
export function listEntries(
    keys: AllowedValues,
    { idleMinutes }: { idleMinutes: number },
): { entries: Entry[]; skipped: string[] } {
    const skipped = new Set<string>();
    const may = (key: string, value: string): boolean => {
        const known = keys[key];
        const isAllowed = known !== undefined && (known.allowed?.includes(value) ?? true);
        if (!isAllowed) {
            skipped.add(`${key} ${value}: the program's configuration does not have it`);
        }
        return isAllowed;
    };
    const entries: Entry[] = [];
    for (const plan of plans.filter((value) => may("plan", value))) {
        for (const keySource of keySources) {
            for (const connectionAuth of connectionAuths) {
                for (const backend of services) {
                    // On SignalR the URL with the key exists before the extension could make one.
                    if (backend === "signalr" && keySource === "Discovered") {
                        continue;
                    }
                    if (backend === "socketio" && plan === "FC1" && !may("allowSocketIOTriggerOnFlex", "true")) {
                        continue;
                    }
                    for (const delivery of plan === "B1"
                        ? deliveries.filter((value) => may("packageDelivery", value))
                        : []) {
                        entries.push(entryOf({ backend, plan, keySource, connectionAuth, delivery, idleMinutes }));
                    }
                    if (plan !== "B1" || keys.packageDelivery === undefined) {
                        entries.push(entryOf({ backend, plan, keySource, connectionAuth, idleMinutes }));
                    }
                }
            }
        }
    }
    return { entries: entries.sort((one, other) => weight(one) - weight(other)), skipped: [...skipped] };
}

/** The default sign-in and key source come first, then the cheaper plan. */
function weight({ plan, config }: Entry): number {
    const isDefault = config.keySource === "KeyVault" && config.connectionAuth === "Identity";
    return plans.indexOf(plan) + (isDefault ? 0 : 10);
}

function entryOf({
    backend,
    plan,
    keySource,
    connectionAuth,
    delivery,
    idleMinutes,
}: {
    backend: ServiceName;
    plan: string;
    keySource: string;
    connectionAuth: string;
    delivery?: string;
    idleMinutes: number;
}): Entry {
    const parts = [backend, plan, keySource, connectionAuth, ...(delivery === undefined ? [] : [delivery])];
    const isDefault = keySource === "KeyVault" && connectionAuth === "Identity";
    const idles = plan === "FC1" && isDefault && idleMinutes > 0;
    return {
        name: parts.join("-").toLowerCase(),
        backend,
        plan,
        config: {
            backend,
            plan,
            keySource,
            connectionAuth,
            keyRotation: "1",
            ...(delivery !== undefined && { packageDelivery: delivery }),
            ...(backend === "socketio" && plan === "FC1" && { allowSocketIOTriggerOnFlex: "true" }),
        },
        dollars: (planDollars[plan] ?? 0) + restDollars,
        ...(idles && { idleMinutes }),
        answers: [
            ...(backend === "socketio" && plan === "FC1" ? ["flex-socketio-trigger"] : []),
            ...(backend === "socketio" && plan === "Y1" && isDefault ? ["y1-preview-bundle"] : []),
            ...(delivery !== undefined && isDefault ? [`b1-delivery-${delivery.toLowerCase()}`] : []),
            ...(plan === "FC1" && isDefault ? ["flex-one-deploy"] : []),
            ...(idles ? [pauseAnswer] : []),
            ...(keySource === "HostKey" ? ["host-key"] : []),
            ...(keySource === "KeyVault" || connectionAuth === "AccessKey" ? [destroyAnswer] : []),
        ],
    };
}
