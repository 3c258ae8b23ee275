import { badRequest, connectionNotFound, RestError } from "../../core/rest/errors";
import { invalidGroup, isValidGroup } from "../../core/rest/names";
import type { RestCall, RestRoute } from "../../core/rest/rest";
import type { Member } from "../../core/service/registry";
import { type HubRoutesOptions, maxPermissions, type Permission, type PermissionStore } from "./types";

/** In the service's order: a call may give a number instead of a name. Source: RestApiTests.Permissions.cs of the vendor's own emulator. */
const actions = ["sendToGroup", "joinLeaveGroup"] as const;

const listed: PermissionStore<Member> = {
    grant(member, permission) {
        member.permissions ??= new Set();
        const key = keyOf(permission);
        if (member.permissions.size >= maxPermissions && !member.permissions.has(key)) {
            return false;
        }
        member.permissions.add(key);
        return true;
    },
    revoke(member, permission) {
        member.permissions?.delete(keyOf(permission));
        return true;
    },
    has: (member, permission) => member.permissions?.has(keyOf(permission)) === true,
};

function keyOf({ action, target }: Permission): string {
    return `${action}:${target}`;
}

/** Permissions of one connection for one group. */
export function permissionRoutes<M extends Member, P>(options: HubRoutesOptions<M, P>): RestRoute[] {
    const store: PermissionStore<M> = options.permissions ?? listed;
    const path = "/api/hubs/{hub}/permissions/{permission}/connections/{connection}";
    const memberOf = ({ parameters }: RestCall): M | undefined =>
        options.hub(parameters.hub ?? "")?.registry.get(parameters.connection ?? "");
    return [
        {
            method: "PUT",
            path,
            handle(call) {
                const permission = readPermission(call);
                const member = memberOf(call);
                if (member === undefined) {
                    throw connectionNotFound(call.parameters.connection ?? "", "Info");
                }
                if (!store.grant(member, permission)) {
                    throw full();
                }
                return { status: 200 };
            },
        },
        {
            method: "DELETE",
            path,
            handle(call) {
                const permission = readPermission(call);
                const member = memberOf(call);
                if (member !== undefined && !store.revoke(member, permission)) {
                    throw full();
                }
                return { status: 204 };
            },
        },
        {
            method: "HEAD",
            path,
            handle(call) {
                const permission = readPermission(call);
                const member = memberOf(call);
                if (member === undefined) {
                    throw connectionNotFound(call.parameters.connection ?? "", "Info");
                }
                if (!store.has(member, permission)) {
                    throw new RestError(404, "The connection does not have this permission.", {
                        code: "Info.Connection.NotExisted",
                        target: "Connection",
                    });
                }
                return { status: 200 };
            },
        },
    ];
}

function full(): RestError {
    return new RestError(409, `The connection already has ${maxPermissions} permissions.`, {
        code: "Error.Connection.Conflict",
        target: "Connection",
    });
}

function readPermission({ parameters, query }: RestCall): Permission {
    const target = query.get("targetName");
    if (!isValidGroup(target)) {
        throw invalidGroup();
    }
    const given = parameters.permission?.toLowerCase();
    const action = actions.find((known, index) => known.toLowerCase() === given || String(index + 1) === given);
    if (action === undefined) {
        throw badRequest(`Permission '${parameters.permission}' is not known. Known are ${actions.join(", ")}.`);
    }
    return { action, target };
}
