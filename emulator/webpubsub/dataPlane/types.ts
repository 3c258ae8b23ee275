import type { RestBody } from "../../core/rest/body";
import type { RestCall } from "../../core/rest/rest";
import type { Member, Registry } from "../../core/service/registry";

/** How many permissions for single groups a connection can hold. Source: the service's own emulator. */
export const maxPermissions = 1000;

export interface Permission {
    action: "sendToGroup" | "joinLeaveGroup";
    /** The group it is for. */
    target: string;
}

/** Where permissions are kept. */
export interface PermissionStore<M> {
    /** False when the connection already holds the most permissions allowed. */
    grant(member: M, permission: Permission): boolean;
    /** False when the connection already holds the most exceptions allowed. */
    revoke(member: M, permission: Permission): boolean;
    has(member: M, permission: Permission): boolean;
}

/** The part of a hub that the data plane uses. */
export interface HubTarget<M extends Member, P> {
    registry: Registry<M>;
    send(members: readonly M[], message: P): void;
    close(member: M, reason: string): void;
}

export interface ClientTokenRequest {
    hub: string;
    userId: string | undefined;
    roles: string[];
    groups: string[];
    minutes: number;
    /** Whether the token is for MQTT clients. */
    isMqtt: boolean;
}

export interface HubRoutesOptions<M extends Member, P> {
    /** Finds a hub; undefined when no client ever connected to it, which is not an error. */
    hub(name: string): HubTarget<M, P> | undefined;
    /** Turns a body into a message. Throws `RestError` when the service cannot send it. */
    toMessage(body: RestBody, call: RestCall): P;
    /** How many of the members can take the message. Defaults to all. */
    countOf?(members: readonly M[], message: P): number;
    /** Name of a group for people. Defaults to the name itself. */
    groupName?(group: string): string | undefined;
    /** Store of permissions. Defaults to a set in each connection. */
    permissions?: PermissionStore<M>;
    /** The kinds of clients that callers can name, in lower case. */
    clientTypes: readonly string[];
    /** Throws `RestError` when the service has no such clients. */
    issueToken(request: ClientTokenRequest): string;
}
