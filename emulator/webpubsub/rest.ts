import { parseJson } from "../core/json";
import type { RestBody } from "../core/rest/body";
import { badRequest } from "../core/rest/errors";
import type { RestCall, RestHandler } from "../core/rest/rest";
import type { ServiceFrame } from "../core/service/service";
import type { Connection } from "./connection";
import { createDataPlane } from "./dataPlane/dataPlane";
import type { PermissionStore } from "./dataPlane/types";
import type { Hub } from "./hub";
import { type MessageData, metadataFault, type Outgoing, readMetadataHeaders } from "./message";

export function createWebPubSubDataPlane(frame: ServiceFrame<Hub>): RestHandler {
    return createDataPlane<Connection, Outgoing>({
        frame,
        clientPath: (hub) => `/client/hubs/${hub}`,
        // The service does not know `socketio` here. Source: the recording "can generate socketio client tokens with dac".
        clientTypes: ["default", "mqtt"],
        mqttPath: (hub) => `/clients/mqtt/hubs/${hub}`,
        hub: frame.hub,
        toMessage,
        permissions,
    });
}

const permissions: PermissionStore<Connection> = {
    grant: ({ rights }, { action, target }) => rights[action].grant(target),
    revoke: ({ rights }, { action, target }) => rights[action].revoke(target),
    has: ({ rights }, { action, target }) => rights[action].allows(target),
};

/** Reads the message of a send call. Throws `RestError`. */
function toMessage({ kind, data }: RestBody, { request, parameters, query }: RestCall): Outgoing {
    const metadata = readMetadataHeaders(request.headers);
    const fault = metadata === undefined ? undefined : metadataFault(metadata);
    if (fault !== undefined) {
        throw badRequest(fault);
    }
    const message: MessageData = {
        ...(kind === "binary" ? { type: kind, bytes: data } : { type: kind, text: data.toString("utf8") }),
        ...(metadata === undefined ? {} : { metadata }),
    };
    if (message.type === "json") {
        requireJson(message.text);
    }
    return { data: message, group: parameters.group, ttlSeconds: Number(query.get("messageTtlSeconds") ?? 0) };
}

function requireJson(text: string): void {
    try {
        parseJson(text);
    } catch {
        throw badRequest("The request body is not a valid JSON.");
    }
}
