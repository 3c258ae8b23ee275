import {
    type AuthLevel,
    buildRouteTemplate,
    checkConflict,
    type HttpTrigger,
    readHttpTrigger,
} from "../../../../rules/httpTrigger";
import type { RouteTemplate } from "../../../../rules/routeTemplate";
import type { HostFunction } from "../extensions/extension";
import { matchRoute } from "./matchRoute";

export type { AuthLevel } from "../../../../rules/httpTrigger";

export interface HttpRoute {
    fn: HostFunction;
    template: RouteTemplate;
    /** Methods in upper case. Defaults to all. */
    methods?: string[];
    authLevel: AuthLevel;
}

export interface RouteMatch {
    route: HttpRoute;
    params: Record<string, string>;
}

/** The HTTP functions of an app, in the order in which the host looks for a match: by the functions' names. */
export interface RouteTable {
    /** Takes a function. Throws when its trigger is not valid, or when its route is another function's. */
    add(fn: HostFunction): void;
    /** The routes. Throws when a template is malformed, with which the host does not start. */
    build(prefix: string): HttpRoute[];
}

export function createRouteTable(): RouteTable {
    const taken: { fn: HostFunction; name: string; trigger: HttpTrigger }[] = [];
    return {
        add(fn) {
            const trigger = readHttpTrigger({ name: fn.name, binding: fn.trigger });
            checkConflict(trigger, taken);
            taken.push({ fn, name: fn.name, trigger });
        },
        build: (prefix) =>
            taken.map(({ fn, name, trigger }) => ({
                fn,
                template: buildRouteTemplate({ name, route: trigger.route, prefix }),
                authLevel: trigger.authLevel,
                ...(trigger.methods && { methods: trigger.methods.map((method) => method.toUpperCase()) }),
            })),
    };
}

/** Finds the first route for a method and path. */
export function findRoute(options: {
    routes: readonly HttpRoute[];
    method: string;
    path: string;
}): RouteMatch | undefined {
    for (const route of options.routes) {
        if (route.methods !== undefined && !route.methods.includes(options.method)) {
            continue;
        }
        const params = matchRoute({ template: route.template, path: options.path });
        if (params !== undefined) {
            return { route, params };
        }
    }
    return undefined;
}
