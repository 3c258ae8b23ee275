import { UpstreamError } from "../core/upstream/errors";
import { isValidGroup } from "./dataPlane/groups";

/** What a handler changes of a client it lets in. What it leaves out stays as the token says. */
export interface ConnectAnswer {
    userId?: string;
    groups?: string[];
    roles?: string[];
    subprotocol?: string;
}

/** Reads the answer to a connect event, whatever its content type. Throws `UpstreamError` when the client cannot be let in with it. */
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
        answer.userId = userId;
    }
    // An empty list of groups changes nothing; an empty list of roles takes them all away.
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
        return JSON.parse(text);
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
