import { compileFilter, type Filter, FilterError } from "../../core/filter/filter";
import { readJson } from "../../core/rest/body";
import { badRequest, connectionNotFound, groupNotFound, userNotFound, validationProblem } from "../../core/rest/errors";
import { invalidGroupText, isValidGroup } from "../../core/rest/names";
import type { RestRoute } from "../../core/rest/rest";
import type { Member } from "../../core/service/registry";
import { listGroupConnections } from "./groupPage";
import type { HubRoutesOptions } from "./types";

/** Membership of connections and users in groups. */
export function groupRoutes<M extends Member, P>(options: HubRoutesOptions<M, P>): RestRoute[] {
    const hubOf = (parameters: Record<string, string>) => options.hub(parameters.hub ?? "");
    const connectionOf = (parameters: Record<string, string>) =>
        hubOf(parameters)?.registry.get(parameters.connection ?? "");
    const usersOf = (parameters: Record<string, string>) =>
        hubOf(parameters)?.registry.ofUser(parameters.user ?? "") ?? [];

    return [
        bulkRoute(options, "addToGroups"),
        bulkRoute(options, "removeFromGroups"),
        {
            method: "HEAD",
            path: "/api/hubs/{hub}/groups/{group}",
            handle({ parameters }) {
                if ((hubOf(parameters)?.registry.inGroup(parameters.group ?? "").size ?? 0) === 0) {
                    throw groupNotFound(parameters.group ?? "");
                }
                return { status: 200 };
            },
        },
        {
            method: "GET",
            path: "/api/hubs/{hub}/groups/{group}/connections",
            handle: (call) =>
                listGroupConnections(call, hubOf(call.parameters)?.registry.inGroup(call.parameters.group ?? "") ?? []),
        },
        {
            method: "PUT",
            path: "/api/hubs/{hub}/groups/{group}/connections/{connection}",
            handle({ parameters }) {
                const member = connectionOf(parameters);
                if (member === undefined) {
                    throw connectionNotFound(parameters.connection ?? "");
                }
                hubOf(parameters)?.registry.join(member, parameters.group ?? "");
                return { status: 200 };
            },
        },
        {
            method: "DELETE",
            path: "/api/hubs/{hub}/groups/{group}/connections/{connection}",
            handle({ parameters }) {
                const member = connectionOf(parameters);
                if (member !== undefined) {
                    hubOf(parameters)?.registry.leave(member, parameters.group ?? "");
                }
                return { status: 204 };
            },
        },
        {
            method: "DELETE",
            path: "/api/hubs/{hub}/connections/{connection}/groups",
            handle({ parameters }) {
                const member = connectionOf(parameters);
                for (const group of [...(member?.groups ?? [])]) {
                    hubOf(parameters)?.registry.leave(member as M, group);
                }
                return { status: 204 };
            },
        },
        {
            method: "HEAD",
            path: "/api/hubs/{hub}/users/{user}",
            handle({ parameters }) {
                if ([...usersOf(parameters)].length === 0) {
                    throw userNotFound(parameters.user ?? "");
                }
                return { status: 200 };
            },
        },
        {
            method: "PUT",
            path: "/api/hubs/{hub}/users/{user}/groups/{group}",
            handle({ parameters }) {
                const members = [...usersOf(parameters)];
                if (members.length === 0) {
                    throw userNotFound(parameters.user ?? "");
                }
                for (const member of members) {
                    hubOf(parameters)?.registry.join(member, parameters.group ?? "");
                }
                return { status: 200 };
            },
        },
        {
            method: "DELETE",
            path: "/api/hubs/{hub}/users/{user}/groups/{group}",
            handle({ parameters }) {
                for (const member of usersOf(parameters)) {
                    hubOf(parameters)?.registry.leave(member, parameters.group ?? "");
                }
                return { status: 204 };
            },
        },
        {
            method: "DELETE",
            path: "/api/hubs/{hub}/users/{user}/groups",
            handle({ parameters }) {
                for (const member of usersOf(parameters)) {
                    for (const group of [...member.groups]) {
                        hubOf(parameters)?.registry.leave(member, group);
                    }
                }
                return { status: 204 };
            },
        },
    ];
}

function bulkRoute<M extends Member, P>(
    options: HubRoutesOptions<M, P>,
    operation: "addToGroups" | "removeFromGroups",
): RestRoute {
    return {
        method: "POST",
        path: `/api/hubs/{hub}/:${operation}`,
        async handle({ request, parameters }) {
            const { groups, filter } = parseGroups(await readJson(request));
            const compiled = compileBodyFilter(filter);
            const registry = options.hub(parameters.hub ?? "")?.registry;
            for (const member of registry?.select({ filter: compiled }) ?? []) {
                for (const group of groups) {
                    operation === "addToGroups" ? registry?.join(member, group) : registry?.leave(member, group);
                }
            }
            return { status: 200 };
        },
    };
}

/** The body's member is named in the words of the service's own class. */
function compileBodyFilter(text: string | undefined): Filter | undefined {
    try {
        return compileFilter(text);
    } catch (error) {
        throw error instanceof FilterError ? validationProblem("Filter", error.message) : error;
    }
}

/** Reads the members in any case. Source: JsonSerializerOptions.Web in WebPubSubEmulatorController.Groups.cs of the vendor's own emulator. */
function parseGroups(body: unknown): { groups: string[]; filter: string | undefined } {
    if (typeof body !== "object" || body === null || Array.isArray(body)) {
        throw badRequest("The request body is not a valid groups request.");
    }
    const members = new Map(Object.entries(body).map(([name, value]) => [name.toLowerCase(), value as unknown]));
    const groups = members.get("groups");
    if (!Array.isArray(groups) || groups.length === 0 || !groups.every(isValidGroup)) {
        throw validationProblem("Groups", invalidGroupText);
    }
    const filter = members.get("filter") ?? undefined;
    if (filter !== undefined && typeof filter !== "string") {
        throw badRequest("'filter' has to be a string.");
    }
    return { groups, filter };
}
