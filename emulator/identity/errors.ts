/** A caller is not authenticated (401) or not allowed (403). The message never holds the token. */
export class AuthorizationError extends Error {
    override readonly name = "AuthorizationError";

    constructor(
        readonly status: 401 | 403,
        message: string,
    ) {
        super(message);
    }
}
