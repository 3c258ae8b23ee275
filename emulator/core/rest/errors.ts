/** The data plane refuses a call, with this status and these details in the body. */
export class RestError extends Error {
    override readonly name = "RestError";

    constructor(
        readonly status: number,
        message: string,
        readonly details: {
            code: string;
            /** Defaults to `Request`. */
            target?: string;
            /** Media type of a refusal by the service's framework, before the service reads the call; it has a body of its own. */
            problem?: "json" | "problem+json";
            /** Methods that the path takes. */
            allow?: readonly string[];
        },
    ) {
        super(message);
    }
}

export function badRequest(message: string): RestError {
    return new RestError(400, message, { code: "Error.BadRequest" });
}

/**
 * A parameter or body that breaks a rule. Operations that answer with a document say so as JSON, the others as a problem. Sources:
 * "can broadcast with filter" and "can generate socketio client tokens with dac" in Azure/azure-sdk-assets, js/sdk/web-pubsub, and
 * testAddConnectionsToGroupsThrowErrorWhenGroupsIsNull in java/sdk/webpubsub.
 */
export function validationProblem(
    target: string,
    message: string,
    problem: "json" | "problem+json" = "problem+json",
): RestError {
    return new RestError(400, message, { code: "Error.BadRequest", target, problem });
}

export function unauthorized(message: string): RestError {
    return new RestError(401, message, { code: "Error.Unauthorized" });
}

export function forbidden(message: string): RestError {
    return new RestError(403, message, { code: "Error.Forbidden" });
}

export function unsupportedMediaType(contentType: string | undefined): RestError {
    return new RestError(415, `Content type '${contentType ?? ""}' is not supported here.`, {
        code: "Error.UnsupportedMediaType",
    });
}

/** What a missing connection means for a call. Source: recordings of web-pubsub in Azure/azure-sdk-for-js. */
export type Severity = "Error" | "Warning" | "Info";

export function connectionNotFound(connectionId: string, severity: Severity = "Error"): RestError {
    return new RestError(404, `Connection \`${connectionId}\` is not found.`, {
        code: `${severity}.Connection.NotExisted`,
        target: "Connection",
    });
}

/** Only HEAD asks for a group, so nobody has seen the text. This one has the length that the recordings show. */
export function groupNotFound(group: string): RestError {
    return new RestError(404, `Group \`${group}\` is empty.`, {
        code: "Warning.Group.NotExisted",
        target: "Group",
    });
}

export function userNotFound(userId: string): RestError {
    return new RestError(404, `User \`${userId}\` is not found.`, { code: "Warning.User.NotExisted", target: "User" });
}
