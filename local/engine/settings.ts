import type { StateFile } from "./state";

/** Subscription, tenant and default region of the local Azure. */
export interface ProviderSettings {
    subscriptionId: string;
    tenantId: string;
    /** Config `azure-native:location`. */
    location?: string;
    /** Region of a resource group that this run or an earlier one has created. */
    groupLocation?(name: string): string | undefined;
}

// Without the config `azure-native:subscriptionId`, every local stack shares one subscription and tenant, so resource ids stay the same from run to run.
const localSubscription = "10ca1000-0000-4000-8000-000000000001";
const tenantId = "10ca1000-0000-4000-8000-000000000002";

/** Settings of one stack; its state file tells the regions of its resource groups. */
export function createSettings({
    file,
    location,
    subscriptionId,
}: {
    file: StateFile;
    location?: string;
    subscriptionId?: string;
}): ProviderSettings {
    return {
        subscriptionId: subscriptionId ?? localSubscription,
        tenantId,
        ...(location && { location }),
        groupLocation(name) {
            const groups = [...file.state.resources.values()].filter(({ type }) => type.endsWith(":ResourceGroup"));
            const found = groups.find(({ outputs }) => outputs.name === name)?.outputs.location;
            return typeof found === "string" ? found : undefined;
        },
    };
}
