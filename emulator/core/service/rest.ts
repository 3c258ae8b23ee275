import type { RoleName } from "../../identity";
import { createRestAuthorizer } from "../rest/authorize";
import { createRest, type RestHandler, type RestRoute } from "../rest/rest";
import type { ServiceFrame } from "./service";

export interface ServiceRestOptions {
    apiVersions: readonly string[];
    routes: readonly RestRoute[];
    /** Audience of Entra tokens for this kind of service. */
    resource: string;
    /** Roles of which a caller with an Entra token needs one. */
    roles(path: string): readonly RoleName[];
    /** Whether the audience of a key's token may be the path as it was sent. Defaults to false. */
    asSent?: boolean;
}

/** The REST side of a realtime service: checks callers against its keys and roles, and logs what it refuses. */
export function createServiceRest(
    frame: Omit<ServiceFrame<unknown>, "addHub">,
    { apiVersions, routes, resource, roles, asSent = false }: ServiceRestOptions,
): RestHandler {
    const { core, settings } = frame;
    const source = settings().name;
    return createRest({
        apiVersions,
        routes,
        recorder: frame.recorder,
        authorize: createRestAuthorizer({
            clock: core.clock,
            identity: core.identity,
            keys: () => frame.keys().forRest,
            hosts: frame.hosts,
            asSent,
            resource,
            roles,
            scope: settings().id,
            entraRefused: () =>
                settings().disableAadAuth === true
                    ? "The service has Entra authentication off (disableAadAuth)."
                    : undefined,
        }),
        onRefused({ method, path, error }) {
            // HEAD asks whether something exists, so a 404 is an ordinary answer to it.
            if (method !== "HEAD" || error.status !== 404) {
                const message = `${method} ${path} was refused with ${error.status}: ${error.message}`;
                frame.logRefusal({ level: "warning", source, message });
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
