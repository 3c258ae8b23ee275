import type { Product } from "../inspect";
import { ActionError, type ConnectionState, type HandMessage, type ServiceProbe, type TestClient } from "../probes";
import type { CoreServices } from "../services";
import type { Member, Registry } from "./registry";
import { signToken } from "./tokens";
import type { RealtimeServiceOptions } from "./types";

/** Counters of one connection. */
export interface Traffic {
    /** When the client connected, in milliseconds since the Unix epoch. */
    readonly since: number;
    /** Bytes of payload from the client. */
    in: number;
    /** Bytes of payload to the client. */
    out: number;
}

export function createTraffic(now: number): Traffic {
    return { since: now, in: 0, out: 0 };
}

export interface ConnectionView {
    transport: string;
    protocol: string;
    traffic: Traffic;
}

/** Claims and place of a test client's token. */
export interface ClientPass {
    /** Path and query of the endpoint, and of the token's audience. */
    path: string;
    audience: string;
    claims: Record<string, unknown>;
}

/** What the inspector sees of a hub and can do to it, for one kind of service. */
export interface HubProbe<H, M extends Member = Member> {
    registry(hub: H): Registry<M>;
    /** One text for each event handler. */
    handlers(hub: H): string[];
    view(connection: M): ConnectionView;
    /** Name of a group for people; undefined for one that is only the service's own. Defaults to the name itself. */
    groupName?(group: string): string | undefined;
    /** Whether a connection is in a group because the group is its own. A hub's list of groups leaves such groups out. Defaults to none. */
    isOwnGroup?(member: M, group: string): boolean;
    /** The group of that name, as the registry calls it. Defaults to the name itself. */
    groupOf?(name: string, hub: string): string;
    /** Whether a name that begins with a slash stands for a namespace of every hub. Defaults to false. */
    hasNamespaces?: boolean;
    /** Sends to connections, and tells to how many. Throws `ActionError`. */
    send(hub: H, members: readonly M[], message: HandMessage): number;
    close(hub: H, connection: M, reason: string): void;
    /** Destroys the socket without a goodbye. */
    cut(connection: M): void;
    /** Takes a role away. Throws `ActionError` for services without roles. */
    revoke(connection: M, role: string): void;
    pass(client: TestClient): ClientPass;
}

export interface ProbeOptions<H, M extends Member> {
    core: CoreServices;
    product: Product;
    endpoint: string;
    serviceKey: Buffer;
    probe: HubProbe<H, M>;
    settings(): RealtimeServiceOptions;
    hubs(): Iterable<H & { readonly name: string }>;
    hub(name: string): H | undefined;
    onExpire(member: M): void;
}

const mostGroups = 1000;
const mostGroupsOfOne = 100;
const tokenSeconds = 3600;

/** Makes a service visible to the inspector. Returns what hides it again. */
export function probeService<H, M extends Member>(options: ProbeOptions<H, M>): () => void {
    const { probes } = options.core;
    if (probes === undefined) {
        return () => undefined;
    }
    const probe = createServiceProbe(options);
    probes.services.add(probe);
    return () => void probes.services.delete(probe);
}

function createServiceProbe<H, M extends Member>(options: ProbeOptions<H, M>): ServiceProbe {
    const { probe, product, endpoint } = options;
    const { groupName = (name: string) => name, groupOf = (name: string) => name } = probe;

    function* members(): Iterable<{ hub: H & { readonly name: string }; member: M }> {
        for (const hub of options.hubs()) {
            for (const member of probe.registry(hub).all()) {
                yield { hub, member };
            }
        }
    }

    function find(id: string): { hub: H; member: M } | undefined {
        for (const hub of options.hubs()) {
            const member = probe.registry(hub).get(id);
            if (member !== undefined) {
                return { hub, member };
            }
        }
        return undefined;
    }

    function toFound(id: string, run: (hub: H, member: M) => void): boolean {
        const found = find(id);
        if (found === undefined) {
            return false;
        }
        run(found.hub, found.member);
        return true;
    }

    function toState(hub: string, member: M): ConnectionState {
        const { transport, protocol, traffic } = probe.view(member);
        const groups: string[] = [];
        for (const group of member.groups) {
            const name = groupName(group);
            if (name !== undefined && groups.push(name) >= mostGroupsOfOne) {
                break;
            }
        }
        return {
            id: member.connectionId,
            service: options.settings().name,
            hub,
            ...(member.userId !== undefined && { user: member.userId }),
            transport,
            protocol,
            groups,
            ...traffic,
        };
    }

    function receivers(registry: Registry<M>, { to, hub }: HandMessage): M[] {
        if ("group" in to) {
            return registry.select({ from: registry.inGroup(groupOf(to.group, hub)) });
        }
        if ("user" in to) {
            return registry.select({ from: registry.ofUser(to.user) });
        }
        if ("connection" in to) {
            const found = registry.get(to.connection);
            return found === undefined ? [] : [found];
        }
        return registry.select({});
    }

    return {
        id: options.settings().id,
        name: options.settings().name,
        product,
        endpoint,
        hubs: () =>
            [...options.hubs()].map((hub) => {
                const registry = probe.registry(hub);
                const groups: { name: string; connections: number }[] = [];
                for (const [group, inGroup] of registry.groups()) {
                    const { size } = inGroup;
                    const isOwn =
                        size === 1 && [...inGroup].some((member) => probe.isOwnGroup?.(member, group) === true);
                    const name = isOwn ? undefined : groupName(group);
                    if (name !== undefined && groups.push({ name, connections: size }) >= mostGroups) {
                        break;
                    }
                }
                return { name: hub.name, handlers: probe.handlers(hub), connections: registry.size, groups };
            }),
        connections(most) {
            const states: ConnectionState[] = [];
            for (const { hub, member } of members()) {
                if (states.length >= most) {
                    break;
                }
                states.push(toState(hub.name, member));
            }
            return states;
        },
        count() {
            let count = 0;
            for (const hub of options.hubs()) {
                count += probe.registry(hub).size;
            }
            return count;
        },
        send(message) {
            const named = options.hub(message.hub);
            const hubs = probe.hasNamespaces === true && message.hub.startsWith("/") ? [...options.hubs()] : [];
            if (named === undefined && hubs.length === 0) {
                const names = [...options.hubs()].map(({ name }) => name).join(", ");
                throw new ActionError(
                    `'hub' is '${message.hub}'; hubs of service ${options.settings().name} are ${names || "none"}.`,
                );
            }
            let count = 0;
            for (const hub of named === undefined ? hubs : [named]) {
                count += probe.send(hub, receivers(probe.registry(hub), message), message);
            }
            return count;
        },
        close: ({ connection, reason }) => toFound(connection, (hub, member) => probe.close(hub, member, reason)),
        cut: (connection) => toFound(connection, (_, member) => probe.cut(member)),
        expire: (connection) =>
            toFound(connection, (hub, member) => {
                options.onExpire(member);
                probe.close(hub, member, "The access token has expired.");
            }),
        revoke: ({ connection, role }) => toFound(connection, (_, member) => probe.revoke(member, role)),
        connect(client) {
            const { path, audience, claims } = probe.pass(client);
            const accessToken = signToken({
                key: options.serviceKey,
                claims: { ...client.claims, aud: `${endpoint}${audience}`, ...claims },
                now: options.core.clock.now(),
                lifetimeSeconds: tokenSeconds,
            });
            return { url: `${endpoint.replace(/^http/, "ws")}${path}`, accessToken, protocol: client.protocol };
        },
    };
}

/** What a handler of Web PubSub takes, in one line. The query of its URL holds a key. */
export function describeHandler(handler: {
    urlTemplate: string;
    systemEvents?: string[];
    userEventPattern?: string;
}): string {
    const events = [...(handler.systemEvents ?? []), handler.userEventPattern ?? ""].filter((name) => name !== "");
    return `${handler.urlTemplate.split("?")[0]}: ${events.join(", ") || "no event"}`;
}
