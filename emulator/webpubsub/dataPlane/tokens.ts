import { badRequest } from "../../core/rest/errors";
import { invalidGroup, isValidGroup } from "../../core/rest/names";
import type { RestRoute } from "../../core/rest/rest";
import type { Member } from "../../core/service/registry";
import type { HubRoutesOptions } from "./types";

const maxMinutes = 2 ** 31 - 1;

/** Makes client tokens signed by the service, for callers that have an identity and no access key. */
export function tokenRoute<M extends Member, P>(options: HubRoutesOptions<M, P>): RestRoute {
    return {
        method: "POST",
        path: "/api/hubs/{hub}/:generateToken",
        access: "entra",
        async handle({ parameters, query }) {
            const clientType = readClientType(query.get("clientType") ?? "Default");
            const groups = query.getAll("group");
            if (!groups.every(isValidGroup)) {
                throw invalidGroup();
            }
            const token = options.issueToken({
                hub: parameters.hub ?? "",
                userId: query.get("userId") ?? undefined,
                roles: query.getAll("role"),
                groups,
                minutes: readMinutes(query.get("minutesToExpire")),
                isMqtt: clientType === "mqtt",
            });
            return { status: 200, body: { token } };
        },
    };
}

/** The SDK asks for the protocol that its caller names, in lower case: @azure/web-pubsub, hubClient.getClientAccessToken. */
function readClientType(clientType: string): string {
    const type = clientType.toLowerCase();
    if (type !== "default" && type !== "socketio" && type !== "mqtt") {
        throw badRequest(`clientType '${clientType}' is not known. Known are Default, SocketIO, MQTT.`);
    }
    return type;
}

function readMinutes(text: string | null): number {
    if (text === null) {
        return 60;
    }
    const minutes = /^\d+$/.test(text) ? Number(text) : 0;
    if (minutes < 1 || minutes > maxMinutes) {
        throw badRequest(`minutesToExpire is '${text}'; it has to be an integer from 1 to ${maxMinutes}.`);
    }
    return minutes;
}
