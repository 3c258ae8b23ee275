import type { StateFile } from "./state";

/** Subscription, tenant and default region of the local Azure. */
export interface ProviderSettings {
    subscriptionId: string;
    tenantId: string;
    /** Id of the application that deploys. Undefined for the local Azure's own. */
    clientId?: string;
    /** Config `azure-native:location`. */
    location?: string;
    /** Region of a resource group that this run or an earlier one has created. */
    groupLocation?(name: string): string | undefined;
}

// Without a subscription of its own, every local stack shares one subscription and tenant, so resource ids stay the same from run to run.
const localSubscription = "10ca1000-0000-4000-8000-000000000001";
const localTenant = "10ca1000-0000-4000-8000-000000000002";

const given = (value: string | undefined) => (value === "" ? undefined : value);

/**
 * Settings of one stack: of its config, or of the environment, as azure-native reads them (`getConfig` of provider/pkg/provider/auth.go).
 * The stack's state file tells the regions of its resource groups.
 */
export function createSettings({
    file,
    config = {},
    env = {},
}: {
    file: StateFile;
    /** Config of the stack, by full key. */
    config?: Readonly<Record<string, string>>;
    env?: NodeJS.ProcessEnv;
}): ProviderSettings {
    const location = given(config["azure-native:location"]);
    const clientId = given(config["azure-native:clientId"]) ?? given(env.ARM_CLIENT_ID);
    return {
        subscriptionId:
            given(config["azure-native:subscriptionId"]) ?? given(env.ARM_SUBSCRIPTION_ID) ?? localSubscription,
        tenantId: given(config["azure-native:tenantId"]) ?? given(env.ARM_TENANT_ID) ?? localTenant,
        ...(clientId !== undefined && { clientId }),
        ...(location !== undefined && { location }),
        groupLocation(name) {
            const groups = [...file.state.resources.values()].filter(({ type }) => type.endsWith(":ResourceGroup"));
            const found = groups.find(({ outputs }) => outputs.name === name)?.outputs.location;
            return typeof found === "string" ? found : undefined;
        },
    };
}
