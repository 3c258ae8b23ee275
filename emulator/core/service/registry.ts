import type { Filter } from "../filter/filter";

/** A client connection, reduced to what groups, users and filters need. */
export interface Member {
    readonly connectionId: string;
    readonly userId: string | undefined;
    readonly groups: Set<string>;
    /** Granted permissions as `permission:target`. The set is created with the first grant. */
    permissions?: Set<string>;
}

export interface Selection<M> {
    /** Candidates. Defaults to every connection. */
    from?: Iterable<M>;
    filter?: Filter;
    /** Connection ids to leave out. */
    excluded?: readonly string[];
}

/** Connections of one hub, found by id, by group and by user. */
export interface Registry<M extends Member> {
    readonly size: number;
    add(member: M): void;
    remove(member: M): void;
    get(connectionId: string): M | undefined;
    all(): Iterable<M>;
    inGroup(group: string): ReadonlySet<M>;
    ofUser(userId: string): ReadonlySet<M>;
    /** Names and members of the groups that have any. */
    groups(): Iterable<[string, ReadonlySet<M>]>;
    join(member: M, group: string): void;
    leave(member: M, group: string): void;
    /** Selects the members that a call is for. With a filter that names groups, only members of those are looked at. */
    select(selection: Selection<M>): M[];
}

export function createRegistry<M extends Member>(): Registry<M> {
    const connections = new Map<string, M>();
    const groups = new Map<string, Set<M>>();
    const users = new Map<string, Set<M>>();
    const nobody: ReadonlySet<M> = new Set();

    function candidates(selection: Selection<M>): Iterable<M> {
        if (selection.from !== undefined) {
            return selection.from;
        }
        const named = selection.filter?.groups;
        if (named === undefined) {
            return connections.values();
        }
        const first = named[0];
        if (first !== undefined && named.length === 1) {
            return groups.get(first) ?? nobody;
        }
        const union = new Set<M>();
        for (const group of named) {
            for (const member of groups.get(group) ?? nobody) {
                union.add(member);
            }
        }
        return union;
    }

    return {
        get size() {
            return connections.size;
        },
        add(member) {
            connections.set(member.connectionId, member);
            if (member.userId !== undefined) {
                put(users, member.userId, member);
            }
            for (const group of member.groups) {
                put(groups, group, member);
            }
        },
        remove(member) {
            connections.delete(member.connectionId);
            if (member.userId !== undefined) {
                take(users, member.userId, member);
            }
            for (const group of member.groups) {
                take(groups, group, member);
            }
            member.groups.clear();
        },
        get: (connectionId) => connections.get(connectionId),
        all: () => connections.values(),
        inGroup: (group) => groups.get(group) ?? nobody,
        groups: () => groups.entries(),
        ofUser: (userId) => users.get(userId) ?? nobody,
        join(member, group) {
            // The connection may have closed while the call waited; joining now would bring it back.
            if (connections.get(member.connectionId) === member) {
                member.groups.add(group);
                put(groups, group, member);
            }
        },
        leave(member, group) {
            member.groups.delete(group);
            take(groups, group, member);
        },
        select(selection) {
            const { filter, excluded } = selection;
            const chosen: M[] = [];
            for (const member of candidates(selection)) {
                if (!excluded?.includes(member.connectionId) && (filter === undefined || filter.matches(member))) {
                    chosen.push(member);
                }
            }
            return chosen;
        },
    };
}

function put<M>(index: Map<string, Set<M>>, key: string, member: M): void {
    const members = index.get(key);
    if (members === undefined) {
        index.set(key, new Set([member]));
    } else {
        members.add(member);
    }
}

function take<M>(index: Map<string, Set<M>>, key: string, member: M): void {
    const members = index.get(key);
    if (members?.delete(member) && members.size === 0) {
        index.delete(key);
    }
}
