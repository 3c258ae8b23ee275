/** The data plane refuses a call, with this status and these details in the body. */
export class RestError extends Error {
    override readonly name = "RestError";

    constructor(
        readonly status: number,
        message: string,
        readonly details: { code: string; target?: string },
    ) {
        super(message);
    }
}

export function badRequest(message: string): RestError {
    return new RestError(400, message, { code: "Error.BadRequest" });
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

export function connectionNotFound(connectionId: string): RestError {
    return new RestError(404, `Connection \`${connectionId}\` is not found.`, {
        code: "Error.Connection.NotExisted",
        target: "Connection",
    });
}

export function userNotFound(userId: string): RestError {
    return new RestError(404, `User \`${userId}\` is not found.`, { code: "Warning.User.NotExisted", target: "User" });
}
