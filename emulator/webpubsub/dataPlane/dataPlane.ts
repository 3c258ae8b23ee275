import { createRestAuthorizer } from "../../core/rest/authorize";
import { badRequest } from "../../core/rest/errors";
import { createRest, type RestHandler } from "../../core/rest/rest";
import { issueClientToken } from "../../core/service/keys";
import type { Member } from "../../core/service/registry";
import type { ServiceFrame } from "../../core/service/service";
import type { RoleName } from "../../identity/index";
import { isValidGroup } from "./groups";
import { type HubRoutesOptions, hubRoutes } from "./hubs";

export interface DataPlaneOptions<M extends Member, P>
    extends Pick<HubRoutesOptions<M, P>, "hub" | "toMessage" | "permissions"> {
    frame: Omit<ServiceFrame<unknown>, "addHub">;
    apiVersions: readonly string[];
    /** What Entra tokens are for, and who issues tokens of the service's own. */
    resource: string;
    /** Roles that may call. */
    roles: readonly RoleName[];
    /** Path of a hub's clients, which their tokens are for. */
    clientPath(hub: string): string;
}

/** The REST side of a service with hubs: its routes, who may call them, and what is logged when a call is refused. */
export function createDataPlane<M extends Member, P>(options: DataPlaneOptions<M, P>): RestHandler {
    const { frame, resource } = options;
    const { core, settings } = frame;
    const source = settings().name;
    return createRest({
        apiVersions: options.apiVersions,
        checkParameters,
        routes: hubRoutes({
            hub: options.hub,
            toMessage: options.toMessage,
            permissions: options.permissions,
            issueToken: ({ hub, ...request }) =>
                issueClientToken({
                    ...request,
                    key: frame.serviceKey,
                    issuer: resource,
                    audience: `http://${frame.hosts[0]}${options.clientPath(encodeURIComponent(hub))}`,
                    now: core.clock.now(),
                }),
        }),
        authorize: createRestAuthorizer({
            clock: core.clock,
            identity: core.identity,
            keys: () => frame.keys().forRest,
            hosts: frame.hosts,
            resource,
            roles: options.roles,
            scope: settings().id,
            entraRefused: () =>
                settings().disableAadAuth === true
                    ? "The service has Entra authentication off (disableAadAuth)."
                    : undefined,
        }),
        onRefused({ method, path, error }) {
            // Asking whether something exists is not a failure when it does not.
            if (method !== "HEAD" || error.status !== 404) {
                core.log({
                    level: "warning",
                    source,
                    message: `${method} ${path} was refused with ${error.status}: ${error.message}`,
                });
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

const hubName = /^[A-Za-z][A-Za-z0-9_`,.[\]]{0,127}$/;

export function isValidHub(hub: string): boolean {
    return hubName.test(hub);
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
