/** A caller who is not known (401), or is known and may not (403). The message never holds the token. */
export class AuthorizationError extends Error {
    override readonly name = "AuthorizationError";

    constructor(
        readonly status: 401 | 403,
        message: string,
    ) {
        super(message);
    }
}
