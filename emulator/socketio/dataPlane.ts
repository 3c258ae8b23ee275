import type { KeyObject } from "node:crypto";
import { createRest, type RestHandler } from "../core/rest";
import { createRestAuthorizer } from "../core/restAuth";
import type { CoreServices } from "../core/services";
import type { Hub } from "./hub";
import { issueClientToken, type KeyRing, resource } from "./keys";
import { apiVersions, checkParameters, socketIORoutes } from "./rest";
import type { RealtimeServiceOptions } from "./types";

export interface DataPlaneOptions {
    core: CoreServices;
    hosts: readonly string[];
    hub(name: string): Hub | undefined;
    keys(): KeyRing;
    serviceKey: KeyObject;
    settings(): RealtimeServiceOptions;
}

/** The REST side of a service: its routes, who may call them, and what is logged when a call is refused. */
export function createDataPlane(options: DataPlaneOptions): RestHandler {
    const { core, settings } = options;
    const source = settings().name;
    return createRest({
        apiVersions,
        checkParameters,
        routes: socketIORoutes({
            hub: options.hub,
            issueToken: ({ hub, ...request }) =>
                issueClientToken({
                    ...request,
                    key: options.serviceKey,
                    audience: `http://${options.hosts[0]}/clients/socketio/hubs/${encodeURIComponent(hub)}`,
                    now: core.clock.now(),
                }),
        }),
        authorize: createRestAuthorizer({
            clock: core.clock,
            identity: core.identity,
            keys: () => options.keys().forRest,
            hosts: options.hosts,
            resource,
            roles: ["webPubSubServiceOwner"],
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
