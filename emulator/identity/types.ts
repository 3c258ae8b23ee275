import type { RoleName } from "./roles";

/** The owner of a token: a system-assigned or user-assigned managed identity. */
export interface Principal {
    /** Object id that role assignments name. */
    principalId: string;
    /** Application id that code uses to choose between several identities. */
    clientId: string;
    /** ARM id of the resource with the system-assigned identity, or of the user-assigned identity itself. */
    resourceId: string;
}

/** Gives a principal a role at a scope and at everything below it. */
export interface RoleAssignment {
    id: string;
    principalId: string;
    /** GUID of the role definition, without the path before it. */
    roleId: string;
    /** ARM id of a resource, resource group or subscription. */
    scope: string;
    /** When it was made, in milliseconds since the Unix epoch. Defaults to now, or to the time of the equal assignment that it replaces. */
    createdOn?: number;
}

/** An assignment with the time from which it counts. */
export interface TimedAssignment extends RoleAssignment {
    createdOn: number;
    /** Milliseconds of the clock's elapsed time. */
    actsFrom: number;
}

export interface Caller {
    principalId: string;
}

export interface TokenRequest {
    principalId: string;
    /** Service that the token is for, such as `https://vault.azure.net`. `/.default` and a trailing slash are ignored. */
    audience: string;
    /** Defaults to 60. */
    minutes?: number;
}

export interface RoleCheck {
    principalId: string;
    /** One of these is enough. */
    anyRole: readonly RoleName[];
    /** ARM id of the resource that the caller wants to use. */
    scope: string;
}

export interface TokenCheck extends Omit<RoleCheck, "principalId"> {
    /** The bearer token, without the word `Bearer`. */
    token: string;
    audience: string;
}

/** What a token says about its owner. */
export interface TokenClaims {
    /** Object id. */
    oid: string;
    /** Client id of the app that got the token. */
    appid: string;
    /** Name of a person, or the object id. */
    name: string;
    all: Record<string, unknown>;
}

/** Entra ID and role assignments of one emulator: issues tokens, and decides who may do what. */
export interface Identity {
    /** App Service's managed identity endpoint, for `IDENTITY_ENDPOINT`. */
    endpoint: string;
    /** Adds a principal, or replaces the one with the same id. */
    addPrincipal(principal: Principal): void;
    removePrincipal(principalId: string): void;
    /** Adds an assignment, or replaces the one with the same id. */
    assignRole(assignment: RoleAssignment): void;
    removeRole(id: string): void;
    /** Creates a value for `IDENTITY_HEADER`, with which a process gets tokens for these principals only. The first is the default. */
    openIdentitySession(principals: readonly Principal[]): IdentitySession;
    issueToken(request: TokenRequest): Promise<string>;
    /** A token of a person who logs in to an app registration, valid for eight hours. There are no passwords here. */
    issueUserToken(request: { name: string; clientId: string }): string;
    /** What a token for one of these audiences says. Throws `AuthorizationError` with status 401. */
    readToken(request: { token: string; audiences: readonly string[] }): TokenClaims;
    /** Verifies a bearer token and its principal's role at the scope or above it. Throws `AuthorizationError`. */
    authorize(check: TokenCheck): Promise<Caller>;
    /** Checks the role of a caller in this process, who needs no token. Throws `AuthorizationError` with status 403. */
    requireRole(check: RoleCheck): void;
    close(): Promise<void>;
}

export interface IdentitySession {
    header: string;
    close(): void;
}
