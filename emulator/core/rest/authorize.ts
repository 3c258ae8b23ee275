import type { IncomingMessage } from "node:http";
import { AuthorizationError, type Identity, type RoleName } from "../../identity/index";
import type { Clock } from "../clock";
import { bearerToken } from "../http";
import { claimedAudiences, TokenError, type VerifyingKey, verifyToken } from "../service/tokens";
import { forbidden, type RestError, unauthorized } from "./errors";

export interface RestAuthOptions {
    clock: Clock;
    identity: Identity;
    /** The access keys that are valid now. */
    keys(): readonly VerifyingKey[];
    hosts: readonly string[];
    /** Whether the audience of a key's token may be the path as it was sent, without any decoding. */
    asSent: boolean;
    /** Audience of Entra tokens for this kind of service. */
    resource: string;
    /** Roles of which an Entra caller needs one for a call to this path. */
    roles(path: string): readonly RoleName[];
    /** ARM id of the service. */
    scope: string;
    /** The reason to refuse Entra tokens; undefined when they are accepted. */
    entraRefused(): string | undefined;
}

export interface RestAuthCheck {
    request: IncomingMessage;
    path: string;
    /** Whether only an Entra token opens the operation. */
    entraOnly: boolean;
}

/** Lets a data-plane call through, or throws `RestError` 401 or 403 with the reason. */
export type RestAuthorizer = (check: RestAuthCheck) => Promise<void>;

export function createRestAuthorizer(options: RestAuthOptions): RestAuthorizer {
    return async ({ request, path, entraOnly }) => {
        const token = bearerToken(request);
        if (token === undefined) {
            throw unauthorized("The call has no 'Authorization: Bearer' header.");
        }
        try {
            if (claimedAudiences(token).some((audience) => audience.replace(/\/$/, "") === options.resource)) {
                await authorizeEntra({ token, path, options });
            } else if (entraOnly) {
                throw unauthorized(
                    `This operation needs an Entra token for '${options.resource}'; a token signed with an access key is not enough.`,
                );
            } else {
                verifyToken({
                    token,
                    keys: options.keys(),
                    audience: { hosts: options.hosts, path, asSent: options.asSent },
                    now: options.clock.now(),
                    remember: true,
                });
            }
        } catch (error) {
            throw toRestError(error);
        }
    };
}

async function authorizeEntra({
    token,
    path,
    options,
}: {
    token: string;
    path: string;
    options: RestAuthOptions;
}): Promise<void> {
    const refused = options.entraRefused();
    if (refused !== undefined) {
        throw unauthorized(refused);
    }
    await options.identity.authorize({
        token,
        audience: options.resource,
        anyRole: options.roles(path),
        scope: options.scope,
    });
}

function toRestError(error: unknown): unknown {
    if (error instanceof TokenError) {
        return unauthorized(error.message);
    }
    if (error instanceof AuthorizationError) {
        return (error.status === 403 ? forbidden : unauthorized)(error.message) satisfies RestError;
    }
    return error;
}
