import { AuthorizationError, type Identity, type TokenClaims } from "../identity";

/** App Service authentication of an app, as in `authsettingsV2` of a site. */
export interface EasyAuthSettings {
    /** Whether a call without a valid token is refused. */
    requireAuthentication: boolean;
    /** Status of that refusal. */
    refusal: 401 | 403;
    /** Paths that the platform does not look at, each with everything below it. */
    excludedPaths: string[];
    /** The app registration, for which people log in. */
    clientId: string;
    allowedAudiences: string[];
    /** Why no token can be valid: its issuer is another one. */
    issuerFault?: string;
    /** Client ids of the apps that may call. Undefined when all may. */
    allowedApplications?: string[];
    /** Object ids of those who may call. Undefined when all may. */
    allowedIdentities?: string[];
    /** Whether people can log in in a browser. */
    hasLogin: boolean;
}

/** What a host asks of the platform about one call. */
export type AuthQuestion = { token: string } | { logIn: string };

/** The caller, or the refusal. */
export type AuthAnswer =
    | { claims: TokenClaims }
    | { session: string }
    | {
          status: 401 | 403;
          /** For the log; it holds no token. */
          reason: string;
      };

/** Judges tokens as App Service does. Only this process can: it alone has the key that signs them. */
export function createAuthenticator(
    identity: Identity,
    settings: () => EasyAuthSettings | undefined,
): (question: AuthQuestion) => AuthAnswer {
    return (question) => {
        const known = settings();
        if (known === undefined) {
            return { status: 401, reason: "the app has no authentication" };
        }
        if ("logIn" in question) {
            return known.hasLogin
                ? { session: identity.issueUserToken({ name: question.logIn, clientId: known.clientId }) }
                : { status: 401, reason: "nobody can log in, because clientSecretSettingName is not set" };
        }
        return judge(identity, known, question.token);
    };
}

function judge(identity: Identity, settings: EasyAuthSettings, token: string): AuthAnswer {
    if (settings.issuerFault !== undefined) {
        return { status: 401, reason: settings.issuerFault };
    }
    let claims: TokenClaims;
    try {
        claims = identity.readToken({ token, audiences: [settings.clientId, ...settings.allowedAudiences] });
    } catch (error) {
        // Strangers write tokens: whatever is wrong with one, only its own call is refused.
        return { status: 401, reason: error instanceof AuthorizationError ? error.message : "it cannot be read" };
    }
    const { allowedApplications, allowedIdentities } = settings;
    if (allowedApplications !== undefined && !holds(allowedApplications, claims.appid)) {
        return { status: 403, reason: `application ${claims.appid} is not among allowedApplications` };
    }
    return allowedIdentities === undefined || holds(allowedIdentities, claims.oid)
        ? { claims }
        : { status: 403, reason: `principal ${claims.oid} is not among allowedPrincipals.identities` };
}

function holds(list: readonly string[], id: string): boolean {
    return list.some((one) => one.toLowerCase() === id.toLowerCase());
}
