import { decodePath } from "../core/decodePath";
import type { RestHandler } from "../core/rest/rest";
import { createServiceRest } from "../core/service/rest";
import type { ServiceFrame } from "../core/service/service";
import type { RoleName } from "../identity";
import { appServerKey } from "./appServerKey";
import type { Hub } from "./hub";
import { appServerKeyPath, signalRRoutes } from "./rest";

/** Audience of Entra tokens for a SignalR Service. */
export const resource = "https://signalr.azure.com";
export const apiVersions = ["2022-06-01"] as const;

/** Roles that may call, by path. Source: the data actions of Azure's built-in roles. */
const restRoles: readonly RoleName[] = ["signalRServiceOwner", "signalRRestApiOwner"];
const appServerRoles: readonly RoleName[] = ["signalRServiceOwner", "signalRAppServer"];

/** The REST side of a SignalR Service. */
export function createSignalRDataPlane(frame: ServiceFrame<Hub>): RestHandler {
    return createServiceRest(frame, {
        apiVersions,
        resource,
        // The route is found in any spelling of its path, so its roles are too.
        roles: (path) => (spelled(path) === spelled(appServerKeyPath) ? appServerRoles : restRoles),
        // Azure does not publish how it compares audiences here, and the vendor's emulator does not look at them.
        asSent: true,
        routes: signalRRoutes({
            hub: frame.hub,
            needHub: (name) => frame.hub(name) ?? frame.addHub(name),
            onEmptyHub: createHubAdvice(frame),
            appServerKey: () => appServerKey(frame),
        }),
    });
}

function spelled(path: string): string {
    return decodePath(path).replace(/\/$/, "").toLowerCase();
}

/** Tells once of a hub that messages go to while all clients are connected to others, as when the bindings of an app differ. */
function createHubAdvice({ core, hub, hubNames, settings }: ServiceFrame<Hub>): (name: string) => void {
    const told = new Set<string>();
    return (name) => {
        const used = hubNames().filter((other) => (hub(other)?.registry.size ?? 0) > 0);
        const key = name.toLowerCase();
        if (used.length === 0 || told.has(key) || told.size >= 100) {
            return;
        }
        told.add(key);
        const message = `A message for hub '${name}' reaches nobody: clients are connected to ${used.slice(0, 5).join(", ")}. Give the same hubName to the bindings that negotiate and send. This is told once.`;
        core.log({ level: "warning", source: settings().name, message });
    };
}
