import type { FunctionApp } from "../emulator/functions";
import type { ResourceState } from "../local/engine/state";
import type { Properties } from "../local/engine/values";
import { stackOf } from "./stackJson";
import { backendNames } from "./verify/backend";

/** What the comparison needs from a stack that runs on this machine. */
export interface ServedStack {
    outputs: Properties;
    resources: ResourceState[];
    apps(): Pick<FunctionApp, "hostName" | "hostKeys">[];
}

const timeoutMilliseconds = 10_000;

/**
 * What is wrong with the hubs of each backend: the code and the service agree on a hub by its name alone, and where they differ every
 * client is let in and no function runs. Says nothing of what it cannot compare.
 */
export async function hubFaults({ outputs, resources, apps }: ServedStack): Promise<string[]> {
    const stack = stackOf({ outputs, resources });
    const found = await Promise.all(backendNames(stack).map((component) => faultOf({ stack, component, apps })));
    return found.filter((fault) => fault !== undefined);
}

async function faultOf({
    stack,
    component,
    apps,
}: {
    stack: ReturnType<typeof stackOf>;
    component: string;
    apps: ServedStack["apps"];
}): Promise<string | undefined> {
    // Loaded only here, because a start without a backend needs none of it.
    const { compareHubs, readDeployed } = require("./verify") as typeof import("./verify");
    try {
        const deployed = readDeployed({ stack, component });
        const app = apps().find(({ hostName }) => hostName === new URL(deployed.negotiateUrl).host);
        if (app === undefined) {
            return undefined;
        }
        const { masterKey } = await app.hostKeys();
        const finding = await compareHubs({
            deployed: { ...deployed, masterKey },
            milliseconds: timeoutMilliseconds,
            fetch,
        });
        return finding.status === "failed" ? `${component}: ${finding.message}` : undefined;
    } catch {
        // A host that does not run, or a backend without an address, has said so itself.
        return undefined;
    }
}
