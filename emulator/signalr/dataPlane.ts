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
        roles: (path) => (path === appServerKeyPath ? appServerRoles : restRoles),
        routes: signalRRoutes({
            hub: frame.hub,
            needHub: (name) => frame.hub(name) ?? frame.addHub(name),
            appServerKey: () => appServerKey(frame),
        }),
    });
}
