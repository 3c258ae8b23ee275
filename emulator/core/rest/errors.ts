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
            /** Whether the service's framework refuses the call before the service reads it, with a body of its own. */
            isProblem?: boolean;
        },
    ) {
        super(message);
    }
}

export function badRequest(message: string): RestError {
    return new RestError(400, message, { code: "Error.BadRequest" });
}

/** A parameter that cannot be read. Source: recordings of "can broadcast with filter" in Azure/azure-sdk-for-js. */
export function validationProblem(target: string, message: string): RestError {
    return new RestError(400, message, { code: "Error.BadRequest", target, isProblem: true });
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
