import { payload } from "../core/inspect";
import { badRequest, connectionNotFound, RestError, userNotFound } from "../core/rest/errors";
import { isValidHub } from "../core/rest/names";
import type { RestAnswer, RestCall, RestRoute } from "../core/rest/rest";
import { noteBroadcast } from "../core/service/record";
import type { AppServerKey } from "./appServerKey";
import type { Connection } from "./connection";
import type { Hub } from "./hub";
import { readCall } from "./restMessage";
import type { Message } from "./types";

export interface RoutesOptions {
    /** Finds a hub; undefined when no client and no call has named it yet. */
    hub(name: string): Hub | undefined;
    /** Finds a hub, or creates it. */
    needHub(name: string): Hub;
    /** Called with the hub of a message to which no client is connected. */
    onEmptyHub(name: string): void;
    appServerKey(): AppServerKey;
}

/** Path at which an app with an identity asks for a key. The SDK uses GET. */
export const appServerKeyPath = "/api/v1/auth/accessKey";

/** The routes of the data plane. Each hub route exists with and without `v1`, because SDKs and older docs use both. */
export function signalRRoutes(options: RoutesOptions): RestRoute[] {
    const routes = [...sendRoutes(options), ...closeRoutes(options), ...memberRoutes(options)];
    return [
        ...["/api/health", "/api/v1/health"].flatMap((path): RestRoute[] => [
            { method: "HEAD", path, access: "anyone", handle: () => ({ status: 200 }) },
            { method: "GET", path, access: "anyone", handle: () => ({ status: 200 }) },
        ]),
        ...(["GET", "POST"] as const).map(
            (method): RestRoute => ({
                method,
                path: appServerKeyPath,
                access: "entra",
                handle: () => ({ status: 200, body: options.appServerKey() }),
            }),
        ),
        ...routes,
        ...userRoutes(options, { add: 200, remove: 204, removeAll: 204 }),
        ...[...routes, ...userRoutes(options, { add: 202, remove: 202, removeAll: 200 })].map((route) => ({
            ...route,
            path: route.path.replace("/api/", "/api/v1/"),
        })),
    ];
}

const base = "/api/hubs/{hub}";

/** The hub's full name: with an application, its name comes first, so that applications do not share hubs. */
function nameOf({ parameters, query }: RestCall): string {
    const application = query.get("application") ?? "";
    if (application !== "" && !isValidHub(application)) {
        throw badRequest(`Invalid application name '${application}': it has the rules of a hub name.`);
    }
    return application === "" ? (parameters.hub ?? "") : `${application}_${parameters.hub}`;
}

type Targets = (hub: Hub, parameters: Record<string, string>) => Iterable<Connection> | undefined;

/** Members that a path below a hub addresses. */
const targets: readonly [path: string, find: Targets][] = [
    ["", () => undefined],
    ["/groups/{group}", (hub, { group }) => hub.registry.inGroup(group ?? "")],
    ["/users/{user}", (hub, { user }) => hub.registry.ofUser(user ?? "")],
];

const connectionTarget: readonly [path: string, find: Targets] = [
    "/connections/{connection}",
    (hub, { connection }) => {
        const found = hub.registry.get(connection ?? "");
        return found === undefined ? [] : [found];
    },
];

function sendRoutes({ hub, onEmptyHub }: RoutesOptions): RestRoute[] {
    return [...targets, connectionTarget].flatMap(([path, find]) => {
        async function handle(call: RestCall): Promise<RestAnswer> {
            const message = await readCall(call.request);
            const found = hub(nameOf(call));
            let count = 0;
            let isAnybody = false;
            if ((found?.registry.size ?? 0) === 0) {
                onEmptyHub(nameOf(call));
            }
            if (found !== undefined) {
                const excluded = call.query.getAll("excluded");
                const from = find(found, call.parameters);
                const members = found.registry.select({ from, excluded });
                isAnybody = call.span !== undefined && found.registry.select({ from }).length > 0;
                found.send(members, message);
                count = members.length;
            }
            noteSent(call, { count, isAnybody, message });
            return { status: 202 };
        }
        return [
            { method: "POST", path: `${base}${path}/:send`, handle },
            { method: "POST", path: `${base}${path}`, handle },
        ] satisfies RestRoute[];
    });
}

/** Records a call of clients' methods, and to how many connections it went. */
function noteSent(
    { span, parameters }: RestCall,
    { count, isAnybody, message }: { count: number; isAnybody: boolean; message: Message },
): void {
    if (span !== undefined) {
        const { group, user, connection } = parameters;
        const target = {
            ...(group !== undefined && { group }),
            ...(user !== undefined && { user }),
            ...(connection !== undefined && { connection }),
        };
        const text = message.json ?? JSON.stringify(message.arguments);
        noteBroadcast(span, { name: message.target, count, isAnybody, ...target, ...payload(text, "json") });
    }
}

function closeRoutes({ hub }: RoutesOptions): RestRoute[] {
    const close = (call: RestCall, find: Targets): void => {
        const found = hub(nameOf(call));
        const reason = call.query.get("reason") ?? "";
        const excluded = call.query.getAll("excluded");
        // All members are selected before the first is closed, because closing changes the group that they are selected from.
        for (const member of found?.registry.select({ from: find(found, call.parameters), excluded }) ?? []) {
            found?.close(member, reason);
        }
    };
    const [path, find] = connectionTarget;
    return [
        ...targets.map(
            ([target, findTarget]): RestRoute => ({
                method: "POST",
                path: `${base}${target}/:closeConnections`,
                handle(call) {
                    close(call, findTarget);
                    return { status: 204 };
                },
            }),
        ),
        {
            method: "DELETE",
            path: `${base}${path}`,
            handle(call) {
                close(call, find);
                return { status: 200 };
            },
        },
    ];
}

/** HEAD and GET routes that answer 200, or the error that the check throws. */
function checkRoutes(path: string, check: (call: RestCall) => void): RestRoute[] {
    return (["HEAD", "GET"] as const).map((method) => ({
        method,
        path: `${base}${path}`,
        handle(call) {
            check(call);
            return { status: 200 };
        },
    }));
}

function memberRoutes({ hub }: RoutesOptions): RestRoute[] {
    function change(call: RestCall, operation: "join" | "leave"): RestAnswer {
        const { connection = "", group = "" } = call.parameters;
        const registry = hub(nameOf(call))?.registry;
        const member = registry?.get(connection);
        if (registry !== undefined && member !== undefined) {
            registry[operation](member, group);
        } else if (operation === "join") {
            throw connectionNotFound(connection);
        }
        // To leave a group without being there is no error. Source: RemoveNonexistentConnectionFromGroupRestApiTest of
        // Azure/azure-signalr, which calls the service.
        return { status: 200 };
    }

    const paths = ["/groups/{group}/connections/{connection}", "/connections/{connection}/groups/{group}"];
    return [
        ...checkRoutes("/connections/{connection}", (call) => {
            if (hub(nameOf(call))?.registry.get(call.parameters.connection ?? "") === undefined) {
                throw connectionNotFound(call.parameters.connection ?? "", "Warning");
            }
        }),
        ...checkRoutes("/groups/{group}", (call) => {
            if ((hub(nameOf(call))?.registry.inGroup(call.parameters.group ?? "").size ?? 0) === 0) {
                throw groupNotFound(call.parameters.group ?? "");
            }
        }),
        ...checkRoutes("/users/{user}", (call) => {
            if ((hub(nameOf(call))?.registry.ofUser(call.parameters.user ?? "").size ?? 0) === 0) {
                throw userNotFound(call.parameters.user ?? "");
            }
        }),
        ...paths.flatMap((path): RestRoute[] => [
            { method: "PUT", path: `${base}${path}`, handle: (call) => change(call, "join") },
            { method: "DELETE", path: `${base}${path}`, handle: (call) => change(call, "leave") },
        ]),
        {
            method: "DELETE",
            path: `${base}/connections/{connection}/groups`,
            handle(call) {
                const registry = hub(nameOf(call))?.registry;
                const member = registry?.get(call.parameters.connection ?? "");
                for (const group of [...(member?.groups ?? [])]) {
                    registry?.leave(member as Connection, group);
                }
                return { status: 200 };
            },
        },
    ];
}

/** The statuses differ between version 1 and 2022-06-01. Source: docs/swagger of Azure/azure-signalr. */
function userRoutes(
    { hub, needHub }: RoutesOptions,
    statuses: { add: number; remove: number; removeAll: number },
): RestRoute[] {
    const paths = ["/users/{user}/groups/{group}", "/groups/{group}/users/{user}"];
    const memberOf = ({ parameters }: RestCall) => ({ user: parameters.user ?? "", group: parameters.group ?? "" });
    return [
        ...paths.flatMap((path): RestRoute[] => [
            ...checkRoutes(path, (call) => {
                const member = memberOf(call);
                if (hub(nameOf(call))?.userGroups.has(member) !== true) {
                    throw new RestError(404, `User \`${member.user}\` is not in group \`${member.group}\`.`, {
                        code: "Info.User.NotInGroup",
                        target: "User",
                    });
                }
            }),
            {
                method: "PUT",
                path: `${base}${path}`,
                handle(call) {
                    const ttlSeconds = readTtl(call.query.get("ttl"));
                    needHub(nameOf(call)).userGroups.add({ ...memberOf(call), ttlSeconds });
                    return { status: statuses.add };
                },
            },
            {
                method: "DELETE",
                path: `${base}${path}`,
                handle(call) {
                    hub(nameOf(call))?.userGroups.remove(memberOf(call));
                    return { status: statuses.remove };
                },
            },
        ]),
        {
            method: "DELETE",
            path: `${base}/users/{user}/groups`,
            handle(call) {
                hub(nameOf(call))?.userGroups.removeAll(call.parameters.user ?? "");
                return { status: statuses.removeAll };
            },
        },
    ];
}

function readTtl(text: string | null): number | undefined {
    if (text === null) {
        return undefined;
    }
    // setTimeout cannot wait longer.
    if (!/^\d+$/.test(text) || Number(text) > 2_147_483) {
        throw badRequest(`ttl is '${text}'; it has to be a whole number of seconds from 0 to 2147483.`);
    }
    return Number(text);
}

function groupNotFound(group: string): RestError {
    return new RestError(404, `Group \`${group}\` has no such connection.`, {
        code: "Warning.Group.NotExisted",
        target: "Group",
    });
}
