import type { HostFunction } from "../extensions/extension";
import { compareRoutes, matchRoute, parseRouteTemplate, type RouteTemplate } from "./routeTemplate";

export type AuthLevel = "anonymous" | "function" | "admin";

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

/** Creates the route of an HTTP function. Throws when its template or its level is not valid. */
export function createRoute({ fn, prefix }: { fn: HostFunction; prefix: string }): HttpRoute {
    const { trigger } = fn;
    const own = typeof trigger.route === "string" && trigger.route !== "" ? trigger.route : fn.name;
    const text = [prefix.replace(/^\/+|\/+$/g, ""), own.replace(/^\/+/, "")].filter((part) => part !== "").join("/");
    const methods = readMethods(trigger.methods);
    return {
        fn,
        template: parseRouteTemplate(text),
        authLevel: readLevel(trigger.authLevel),
        ...(methods === undefined ? {} : { methods }),
    };
}

export function sortRoutes(routes: readonly HttpRoute[]): HttpRoute[] {
    return [...routes].sort((left, right) => compareRoutes(left.template, right.template));
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

function readMethods(methods: unknown): string[] | undefined {
    return Array.isArray(methods) && methods.length > 0
        ? methods.map((method) => String(method).toUpperCase())
        : undefined;
}

function readLevel(level: unknown): AuthLevel {
    const text = level === undefined || level === null || level === "" ? "function" : String(level).toLowerCase();
    if (text !== "anonymous" && text !== "function" && text !== "admin") {
        throw new Error(`authLevel is '${String(level)}'. It must be 'anonymous', 'function' or 'admin'.`);
    }
    return text;
}
