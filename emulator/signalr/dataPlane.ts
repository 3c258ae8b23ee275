import { createRestAuthorizer, type RestAuthorizer } from "../core/rest/authorize";
import { badRequest } from "../core/rest/errors";
import { createRest, type RestHandler } from "../core/rest/rest";
import type { ServiceFrame } from "../core/service/service";
import type { RoleName } from "../identity";
import { isValidHub } from "../webpubsub/dataPlane/dataPlane";
import { isValidGroup } from "../webpubsub/dataPlane/groups";
import { appServerKey } from "./appServerKey";
import type { Hub } from "./hub";
import { appServerKeyPath, signalRRoutes } from "./rest";

/** What Entra tokens for this kind of service are for. */
export const resource = "https://signalr.azure.com";
export const apiVersions = ["2022-06-01"] as const;

/** Which roles may call what. Source: the data actions of Azure's built-in roles. */
const restRoles: readonly RoleName[] = ["signalRServiceOwner", "signalRRestApiOwner"];
const appServerRoles: readonly RoleName[] = ["signalRServiceOwner", "signalRAppServer"];

/** The REST side of the service. */
export function createSignalRDataPlane(frame: ServiceFrame<Hub>): RestHandler {
    const { core, settings } = frame;
    const source = settings().name;

    const authorizerFor = (roles: readonly RoleName[]): RestAuthorizer =>
        createRestAuthorizer({
            clock: core.clock,
            identity: core.identity,
            keys: () => frame.keys().forRest,
            hosts: frame.hosts,
            resource,
            roles,
            scope: settings().id,
            entraRefused: () =>
                settings().disableAadAuth === true
                    ? "The service has Entra authentication off (disableAadAuth)."
                    : undefined,
        });
    const authorizeRest = authorizerFor(restRoles);
    const authorizeAppServer = authorizerFor(appServerRoles);

    return createRest({
        apiVersions,
        checkParameters,
        routes: signalRRoutes({
            hub: frame.hub,
            needHub: (name) => frame.hub(name) ?? frame.addHub(name),
            appServerKey: () => appServerKey(frame),
        }),
        authorize: (check) => (check.path === appServerKeyPath ? authorizeAppServer : authorizeRest)(check),
        onRefused({ method, path, error }) {
            // Asking whether something exists is not a failure when it does not.
            if (method !== "HEAD" || error.status !== 404) {
                const message = `${method} ${path} was refused with ${error.status}: ${error.message}`;
                core.log({ level: "warning", source, message });
            }
        },
        onCrash: (error) =>
            core.log({
                level: "error",
                source,
                message: error instanceof Error ? (error.stack ?? error.message) : String(error),
            }),
    });
}

/** Names in a path, checked before the caller is known. Throws `RestError`. */
function checkParameters({ hub, group, user, connection }: Record<string, string>): void {
    if (hub !== undefined && !isValidHub(hub)) {
        throw badRequest(`Invalid hub name '${hub}': a letter, then up to 127 letters, digits or any of _\`,.[].`);
    }
    if (group !== undefined && !isValidGroup(group)) {
        throw badRequest("Invalid group name: 1 to 1024 characters, not only blanks.");
    }
    if (user?.trim() === "" || connection?.trim() === "") {
        throw badRequest("Invalid user or connection id: it is blank.");
    }
}
