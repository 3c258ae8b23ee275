import { type RestError, validationProblem } from "../../core/rest/errors";
import { invalidGroupText, isValidGroup } from "../../core/rest/names";
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
            const clientType = query.get("clientType") ?? "Default";
            if (!options.clientTypes.includes(clientType.toLowerCase())) {
                throw notValid("clientType", clientType);
            }
            const groups = query.getAll("group");
            if (!groups.every(isValidGroup)) {
                throw invalid("group", invalidGroupText);
            }
            const token = options.issueToken({
                hub: parameters.hub ?? "",
                userId: query.get("userId") ?? undefined,
                roles: query.getAll("role"),
                groups,
                minutes: readMinutes(query.get("minutesToExpire")),
                isMqtt: clientType.toLowerCase() === "mqtt",
            });
            return { status: 200, body: { token } };
        },
    };
}

/** A parameter that breaks a rule, in the form of the recorded answer to `clientType=socketio`. */
function invalid(name: string, message: string): RestError {
    return validationProblem(name, message, "json");
}

function notValid(name: string, value: string): RestError {
    return invalid(name, `The value '${value}' is not valid.`);
}

function readMinutes(text: string | null): number {
    if (text === null) {
        return 60;
    }
    if (!/^-?\d+$/.test(text) || Math.abs(Number(text)) > maxMinutes) {
        throw notValid("minutesToExpire", text);
    }
    if (Number(text) < 1) {
        throw invalid(
            "minutesToExpire",
            `minutesToExpire is '${text}'; it has to be an integer from 1 to ${maxMinutes}.`,
        );
    }
    return Number(text);
}
