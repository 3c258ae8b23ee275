import type { RestBody } from "../core/rest/body";
import { badRequest, RestError } from "../core/rest/errors";
import type { RestHandler } from "../core/rest/rest";
import type { ServiceFrame } from "../core/service/service";
import { createDataPlane } from "../webpubsub/dataPlane/dataPlane";
import type { Connection } from "./connection";
import { messages } from "./errors";
import type { Hub } from "./hub";
import { groupName } from "./inspect";
import { type Outgoing, PacketError, parseOutgoing } from "./protocol";

/** The data plane of a Socket.IO service: Web PubSub's, with Engine.IO packets as messages. */
export function createSocketIODataPlane(frame: ServiceFrame<Hub>): RestHandler {
    return createDataPlane<Connection, Outgoing>({
        frame,
        clientPath: (hub) => `/clients/socketio/hubs/${hub}`,
        clientTypes: ["default", "socketio", "mqtt"],
        hub: frame.hub,
        toMessage,
        groupName,
        countOf: (members, { namespace }) =>
            members.filter(({ sockets }) => sockets.get(namespace)?.state === "connected").length,
    });
}

function toMessage(body: RestBody): Outgoing {
    if (body.kind !== "text") {
        throw new RestError(415, messages.onlyText, { code: "Error.UnsupportedMediaType" });
    }
    try {
        return parseOutgoing(body.data.toString("utf8"));
    } catch (error) {
        throw error instanceof PacketError ? badRequest(messages.badPacket(error.message)) : error;
    }
}
