import type { ProviderSettings } from "./engine/handler";
import type { StateFile } from "./engine/state";

// One subscription and tenant for every local stack: ids stay the same from run to run.
const subscriptionId = "10ca1000-0000-4000-8000-000000000001";
const tenantId = "10ca1000-0000-4000-8000-000000000002";

/** The subscription that the local Azure plays, as the resources of one state see it. */
export function createSettings({ file, location }: { file: StateFile; location?: string }): ProviderSettings {
    return {
        subscriptionId: subscriptionId,
        tenantId: tenantId,
        ...(location && { location }),
        groupLocation(name) {
            const groups = [...file.state.resources.values()].filter(({ type }) => type.endsWith(":ResourceGroup"));
            const found = groups.find(({ outputs }) => outputs.name === name)?.outputs.location;
            return typeof found === "string" ? found : undefined;
        },
    };
}
