import { isValidGroup } from "../core/hubGroupRoutes";
import { type HubRoutesOptions, hubRoutes } from "../core/hubRoutes";
import type { RestRoute } from "../core/rest";
import type { RestBody } from "../core/restBody";
import { badRequest, RestError } from "../core/restErrors";
import type { Connection } from "./connection";
import { messages } from "./errors";
import { type Outgoing, PacketError, parseOutgoing } from "./protocol";

/** Versions of the data plane that the service knows, oldest first. */
export const apiVersions = ["2021-10-01", "2022-11-01", "2023-07-01", "2024-01-01", "2024-12-01"] as const;

/** The data plane of a Socket.IO service: that of every hub, with Engine.IO packets as messages. */
export function socketIORoutes(options: Omit<HubRoutesOptions<Connection, Outgoing>, "toMessage">): RestRoute[] {
    return hubRoutes({ ...options, toMessage });
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

const hubName = /^[A-Za-z][A-Za-z0-9_`,.[\]]{0,127}$/;

/** Names in a path, checked before the caller is known. Throws `RestError`. */
export function checkParameters({ hub, group, user, connection }: Record<string, string>): void {
    if (hub !== undefined && !hubName.test(hub)) {
        throw badRequest(`Invalid hub name '${hub}': a letter, then up to 127 letters, digits or any of _\`,.[].`);
    }
    if (group !== undefined && !isValidGroup(group)) {
        throw badRequest("Invalid group name: 1 to 1024 characters, not only blanks.");
    }
    if (user?.trim() === "" || connection?.trim() === "") {
        throw badRequest("Invalid user or connection id: it is blank.");
    }
}
