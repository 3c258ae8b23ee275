import { compileFilter } from "../../core/filter/filter";
import { payload } from "../../core/inspect";
import { type RestBody, readMessage } from "../../core/rest/body";
import { badRequest, connectionNotFound } from "../../core/rest/errors";
import type { RestCall, RestRoute } from "../../core/rest/rest";
import { noteBroadcast } from "../../core/service/record";
import type { Member } from "../../core/service/registry";
import { groupRoutes } from "./groups";
import { permissionRoutes } from "./permissions";
import { tokenRoute } from "./tokens";
import type { HubRoutesOptions, HubTarget } from "./types";

/** The routes that Web PubSub and Web PubSub for Socket.IO share. */
export function hubRoutes<M extends Member, P>(options: HubRoutesOptions<M, P>): RestRoute[] {
    return [
        {
            method: "HEAD",
            path: "/api/health",
            access: "anyone",
            handle: () => ({ status: 200, unversioned: true }),
        },
        ...sendRoutes(options),
        ...closeRoutes(options),
        ...connectionRoutes(options),
        ...groupRoutes(options),
        ...permissionRoutes(options),
        tokenRoute(options),
    ];
}

/** Records a message of an app, and to how many connections it went. */
function noteSent(
    { span, parameters, query }: RestCall,
    sent: { count: number; isAnybody: boolean; body: RestBody; groupName?(group: string): string | undefined },
): void {
    if (span !== undefined) {
        const { count, isAnybody, body } = sent;
        const { user, connection } = parameters;
        const group = parameters.group && (sent.groupName?.(parameters.group) ?? parameters.group);
        const filter = query.get("filter");
        const target = {
            ...(group !== undefined && { group }),
            ...(user !== undefined && { user }),
            ...(connection !== undefined && { connection }),
            ...(filter !== null && { message: `filter: ${filter}` }),
        };
        const name = group ?? user ?? connection ?? "all";
        noteBroadcast(span, { name, count, isAnybody, ...target, ...payload(body.data, body.kind) });
    }
}

type Targets<M extends Member, P> = (
    hub: HubTarget<M, P>,
    parameters: Record<string, string>,
) => Iterable<M> | undefined;

/** The parameters that an operation does not have are ignored, as the vendor's own emulator does: SendToUser and SendToConnection. */
function sendRoutes<M extends Member, P>(options: HubRoutesOptions<M, P>): RestRoute[] {
    const route = (
        path: string,
        narrows: { filter: boolean; excluded: boolean },
        targets: Targets<M, P>,
    ): RestRoute => ({
        method: "POST",
        path: `/api/hubs/{hub}/${path}`,
        async handle(call) {
            checkTtl(call.query);
            const filter = narrows.filter ? compileFilter(call.query.get("filter")) : undefined;
            const excluded = narrows.excluded ? excludedOf(call) : undefined;
            const body = await readMessage(call.request);
            const message = options.toMessage(body, call);
            const hub = options.hub(call.parameters.hub ?? "");
            let count = 0;
            let isAnybody = false;
            if (hub !== undefined) {
                const from = targets(hub, call.parameters);
                isAnybody = call.span !== undefined && hub.registry.select({ from }).length > 0;
                const members = hub.registry.select({ from, filter, excluded });
                hub.send(members, message);
                count = options.countOf?.(members, message) ?? members.length;
            }
            noteSent(call, { count, isAnybody, body, ...(options.groupName && { groupName: options.groupName }) });
            return { status: 202 };
        },
    });
    return [
        route(":send", { filter: true, excluded: true }, () => undefined),
        route("groups/{group}/:send", { filter: true, excluded: true }, (hub, { group }) =>
            hub.registry.inGroup(group ?? ""),
        ),
        route("users/{user}/:send", { filter: true, excluded: false }, (hub, { user }) =>
            hub.registry.ofUser(user ?? ""),
        ),
        route("connections/{connection}/:send", { filter: false, excluded: false }, (hub, { connection }) =>
            one(hub.registry.get(connection ?? "")),
        ),
    ];
}

function closeRoutes<M extends Member, P>(options: HubRoutesOptions<M, P>): RestRoute[] {
    const route = (path: string, targets: Targets<M, P>): RestRoute => ({
        method: "POST",
        path: `/api/hubs/{hub}/${path}`,
        handle(call) {
            const hub = options.hub(call.parameters.hub ?? "");
            if (hub !== undefined) {
                // All members are selected before the first is closed, because closing changes the group that they are selected from.
                for (const member of hub.registry.select({
                    from: targets(hub, call.parameters),
                    excluded: excludedOf(call),
                })) {
                    hub.close(member, call.query.get("reason") ?? "");
                }
            }
            return { status: 204 };
        },
    });
    return [
        route(":closeConnections", () => undefined),
        route("groups/{group}/:closeConnections", (hub, { group }) => hub.registry.inGroup(group ?? "")),
        route("users/{user}/:closeConnections", (hub, { user }) => hub.registry.ofUser(user ?? "")),
    ];
}

function connectionRoutes<M extends Member, P>(options: HubRoutesOptions<M, P>): RestRoute[] {
    const path = "/api/hubs/{hub}/connections/{connection}";
    return [
        {
            method: "HEAD",
            path,
            handle({ parameters }) {
                if (options.hub(parameters.hub ?? "")?.registry.get(parameters.connection ?? "") === undefined) {
                    throw connectionNotFound(parameters.connection ?? "", "Warning");
                }
                return { status: 200 };
            },
        },
        {
            method: "DELETE",
            path,
            handle({ parameters, query }) {
                const hub = options.hub(parameters.hub ?? "");
                const member = hub?.registry.get(parameters.connection ?? "");
                if (hub !== undefined && member !== undefined) {
                    hub.close(member, query.get("reason") ?? "");
                }
                return { status: 204 };
            },
        },
    ];
}

function one<M>(member: M | undefined): M[] {
    return member === undefined ? [] : [member];
}

function excludedOf({ query }: RestCall): readonly string[] | undefined {
    const excluded = query.getAll("excluded");
    return excluded.length === 0 ? undefined : excluded;
}

/** Checks how long a message may wait for a client that reconnects, so that a wrong value fails here as it does in Azure. */
function checkTtl(query: URLSearchParams): void {
    const ttl = query.get("messageTtlSeconds");
    if (ttl !== null && !(/^\d+$/.test(ttl) && Number(ttl) <= 300)) {
        throw badRequest(`messageTtlSeconds is '${ttl}'; it has to be an integer from 0 to 300.`);
    }
}
