import { parseJson } from "../core/json";
import { isValidGroup } from "../core/rest/names";
import { userIdFault } from "../core/upstream/cloudEvents";
import { UpstreamError } from "../core/upstream/errors";

/** Changes that a handler makes to a client it accepts. Missing members stay as in the token. */
export interface ConnectAnswer {
    userId?: string;
    groups?: string[];
    roles?: string[];
    subprotocol?: string;
}

/** Reads the answer to a connect event, whatever its content type. Throws `UpstreamError` when the answer is not valid. */
export function readConnectAnswer(body: Buffer): ConnectAnswer {
    const text = body.toString("utf8").trim();
    if (text === "") {
        return {};
    }
    const fields = parse(text);
    if (fields === null) {
        return {};
    }
    if (typeof fields !== "object" || Array.isArray(fields)) {
        throw refuse("it is not a JSON object");
    }
    const { userId, groups, roles, subprotocol } = fields as Record<string, unknown>;
    const answer: ConnectAnswer = {};
    if (isText("userId", userId)) {
        const fault = userIdFault(userId);
        if (fault !== undefined) {
            throw refuse(fault);
        }
        answer.userId = userId;
    }
    // An empty list of groups changes nothing, but an empty list of roles removes all roles.
    if (isTexts("groups", groups) && groups.length > 0) {
        if (!groups.every(isValidGroup)) {
            throw refuse("'groups' has a name that is not 1 to 1024 characters, or only blanks");
        }
        answer.groups = groups;
    }
    if (isTexts("roles", roles)) {
        answer.roles = roles;
    }
    if (isText("subprotocol", subprotocol) && subprotocol !== "") {
        answer.subprotocol = subprotocol;
    }
    return answer;
}

function parse(text: string): unknown {
    try {
        return parseJson(text);
    } catch {
        throw refuse("it is not JSON");
    }
}

function isText(name: string, value: unknown): value is string {
    if (value === undefined || value === null) {
        return false;
    }
    if (typeof value !== "string") {
        throw refuse(`'${name}' is not a string`);
    }
    return true;
}

function isTexts(name: string, value: unknown): value is string[] {
    if (value === undefined || value === null) {
        return false;
    }
    if (!Array.isArray(value) || !value.every((item) => typeof item === "string")) {
        throw refuse(`'${name}' is not a list of strings`);
    }
    return true;
}

function refuse(reason: string): UpstreamError {
    return new UpstreamError(`the answer to the connect event cannot be used: ${reason}.`);
}
