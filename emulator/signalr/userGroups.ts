import type { Clock } from "../core/clock";
import type { Registry } from "../core/service/registry";
import type { Connection } from "./connection";

/** Users' groups. A user is in them connected or not, so a connection that opens later joins them too. */
export interface UserGroups {
    /** Adds a user. Without a time to live the membership lasts until it is removed. */
    add(member: { user: string; group: string; ttlSeconds?: number }): void;
    remove(member: { user: string; group: string }): void;
    removeAll(user: string): void;
    has(member: { user: string; group: string }): boolean;
    /** Adds a new connection to its user's groups. */
    enter(connection: Connection): void;
    clear(): void;
}

interface Membership {
    cancel?: () => void;
}

export function createUserGroups(options: { clock: Clock; registry: Registry<Connection> }): UserGroups {
    const { clock, registry } = options;
    const users = new Map<string, Map<string, Membership>>();

    function forget({ user, group }: { user: string; group: string }): void {
        const groups = users.get(user);
        groups?.get(group)?.cancel?.();
        if (groups?.delete(group) && groups.size === 0) {
            users.delete(user);
        }
    }

    function remove(member: { user: string; group: string }): void {
        forget(member);
        for (const connection of registry.ofUser(member.user)) {
            registry.leave(connection, member.group);
        }
    }

    return {
        add({ user, group, ttlSeconds }) {
            forget({ user, group });
            const groups = users.get(user) ?? new Map<string, Membership>();
            users.set(user, groups);
            groups.set(
                group,
                ttlSeconds === undefined
                    ? {}
                    : { cancel: clock.after(ttlSeconds * 1000, () => remove({ user, group })) },
            );
            for (const connection of registry.ofUser(user)) {
                registry.join(connection, group);
            }
        },
        remove,
        removeAll(user) {
            for (const group of [...(users.get(user)?.keys() ?? [])]) {
                forget({ user, group });
            }
            for (const connection of registry.ofUser(user)) {
                for (const group of [...connection.groups]) {
                    registry.leave(connection, group);
                }
            }
        },
        has: ({ user, group }) =>
            users.get(user)?.has(group) === true ||
            [...registry.ofUser(user)].some((connection) => connection.groups.has(group)),
        enter(connection) {
            for (const group of users.get(connection.userId ?? "")?.keys() ?? []) {
                registry.join(connection, group);
            }
        },
        clear() {
            for (const [user, groups] of [...users]) {
                for (const group of [...groups.keys()]) {
                    forget({ user, group });
                }
            }
        },
    };
}
