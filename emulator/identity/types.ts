import type { RoleName } from "./roles";

/** Who a token speaks for: a managed identity that belongs to a resource, or is one. */
export interface Principal {
    /** Object id that role assignments name. */
    principalId: string;
    /** Application id that code uses to choose between several identities. */
    clientId: string;
    /** ARM id of the resource with the system-assigned identity, or of the user-assigned identity itself. */
    resourceId: string;
}

/** What lets a principal do something at a scope and at everything below it. */
export interface RoleAssignment {
    id: string;
    principalId: string;
    /** GUID of the role definition, without the path before it. */
    roleId: string;
    /** ARM id of a resource, resource group or subscription. */
    scope: string;
}

export interface Caller {
    principalId: string;
}

export interface TokenRequest {
    principalId: string;
    /** The service the token is for, such as `https://vault.azure.net`; `/.default` and a last slash do not count. */
    audience: string;
    /** Defaults to 60. */
    minutes?: number;
}

export interface RoleCheck {
    principalId: string;
    /** One of these is enough. */
    anyRole: readonly RoleName[];
    /** ARM id of what the caller wants to use. */
    scope: string;
}

export interface TokenCheck extends Omit<RoleCheck, "principalId"> {
    /** The bearer token, without the word `Bearer`. */
    token: string;
    audience: string;
}

/** Entra ID and role assignments of one emulator: it issues the tokens and decides what they open. */
export interface Identity {
    /** App Service's managed identity endpoint, for `IDENTITY_ENDPOINT`. */
    endpoint: string;
    /** Adds a principal, or replaces the one with the same id. */
    addPrincipal(principal: Principal): void;
    removePrincipal(principalId: string): void;
    /** Adds an assignment, or replaces the one with the same id. */
    assignRole(assignment: RoleAssignment): void;
    removeRole(id: string): void;
    /** A value for `IDENTITY_HEADER` that lets a process ask tokens for exactly these principals; the first is the default. */
    openIdentitySession(principals: readonly Principal[]): IdentitySession;
    issueToken(request: TokenRequest): Promise<string>;
    /** Verifies a bearer token and its principal's role at the scope or above it. Throws `AuthorizationError`. */
    authorize(check: TokenCheck): Promise<Caller>;
    /** The same decision for a caller in this process. Throws `AuthorizationError` with status 403. */
    requireRole(check: RoleCheck): void;
    close(): Promise<void>;
}

export interface IdentitySession {
    header: string;
    close(): void;
}
