import { RestError } from "../../core/rest/errors";
import type { RestHandler } from "../../core/rest/rest";
import { issueClientToken } from "../../core/service/keys";
import type { Member } from "../../core/service/registry";
import { createServiceRest } from "../../core/service/rest";
import type { ServiceFrame } from "../../core/service/service";
import { hubRoutes } from "./hubs";
import type { HubRoutesOptions } from "./types";

/** Oldest first. */
const apiVersions = ["2021-10-01", "2022-11-01", "2023-07-01", "2024-01-01", "2024-12-01"];
/** Audience of Entra tokens for the service, and issuer of the client tokens that it makes. */
const resource = "https://webpubsub.azure.com";

export interface DataPlaneOptions<M extends Member, P>
    extends Pick<
        HubRoutesOptions<M, P>,
        "hub" | "toMessage" | "permissions" | "countOf" | "groupName" | "clientTypes"
    > {
    frame: Omit<ServiceFrame<unknown>, "addHub">;
    /** Path at which a hub's clients connect; it is the audience of their tokens. */
    clientPath(hub: string): string;
    /** The same for MQTT clients. Without it, the service makes no tokens for them. */
    mqttPath?(hub: string): string;
}

/** The REST side of a Web PubSub resource. Web PubSub and Web PubSub for Socket.IO share it: both are that resource. */
export function createDataPlane<M extends Member, P>(options: DataPlaneOptions<M, P>): RestHandler {
    const { frame } = options;
    return createServiceRest(frame, {
        apiVersions,
        resource,
        roles: () => ["webPubSubServiceOwner"],
        routes: hubRoutes({
            hub: options.hub,
            toMessage: options.toMessage,
            clientTypes: options.clientTypes,
            permissions: options.permissions,
            ...(options.groupName && { groupName: options.groupName }),
            ...(options.countOf && { countOf: options.countOf }),
            issueToken({ hub, isMqtt, ...request }) {
                const pathOf = isMqtt ? options.mqttPath : options.clientPath;
                if (pathOf === undefined) {
                    throw new RestError(501, "Tokens for MQTT clients are not emulated.", { code: "NotImplemented" });
                }
                const origin = `${frame.core.tls?.isDefault ? "https" : "http"}://${frame.hosts[0]}`;
                return issueClientToken({
                    ...request,
                    key: frame.serviceKey,
                    issuer: resource,
                    // In lower case. Source: TokenCredentialSdkGeneratesUsableClientToken of the vendor's own emulator.
                    audience: `${origin}${pathOf(encodeURIComponent(hub.toLowerCase()))}`,
                    now: frame.core.clock.now(),
                });
            },
        }),
    });
}
