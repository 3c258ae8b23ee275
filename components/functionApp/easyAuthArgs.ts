import type * as pulumi from "@pulumi/pulumi";

/**
 * Asks each call of the app for a Microsoft Entra token, before the app's code runs: App Service authentication. The realtime service
 * brings one, signed in with its identity.
 */
export interface EventAuth {
    /**
     * Application (client) id of an app registration in the tenant, with a service principal. The tokens are for it. Pulumi's
     * `@pulumi/azuread` can create it.
     */
    clientId: pulumi.Input<string>;
    /**
     * Paths that need no token, each with everything below it, such as `/api/negotiate`. None may reach `/runtime/webhooks`, where the
     * events arrive. Defaults to what lies below the route prefix of host.json, `/api`; with `login`, to none.
     */
    openPaths?: string[];
    /**
     * Whether people log in. Then calls outside of `openPaths` need a person's token or session, or the service's. Functions read the
     * person's id from the header `x-ms-client-principal-id`. It needs user-assigned identities of app and service, and on the app
     * registration a federated credential for the app's identity. Defaults to false: only the service gets in.
     */
    login?: boolean;
    /** Issuer of the tokens. Defaults to `https://login.microsoftonline.com/<tenant>/v2.0` with the tenant of the deployment. */
    issuer?: pulumi.Input<string>;
}

/** The identity of a realtime service that may send events to the app. */
export interface EventCaller {
    /** Principal id of the identity: the service's `principalId`. */
    principalId: pulumi.Input<string>;
    /** Client id of the identity: the service's `identityClientId`. Required with `login`. */
    clientId?: pulumi.Input<string>;
}

/** What the check of `eventAuth` makes of it. */
export interface CheckedEventAuth extends EventAuth {
    openPaths: string[];
    login: boolean;
}
