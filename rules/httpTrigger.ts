import { invalidValue } from "./bindings";
import { parseRouteTemplate, type RouteTemplate } from "./routeTemplate";

/** Levels of keys, from AuthorizationLevel.cs of azure-webjobs-sdk-extensions, by their numbers. */
export const authLevels = ["anonymous", "user", "function", "system", "admin"] as const;
export type AuthLevel = (typeof authLevels)[number];

/** What the host reads from an HTTP trigger. */
export interface HttpTrigger {
    /** The function's name when the trigger names no route. */
    route: string;
    /** Methods as they are written. Undefined for all of them; an empty list takes no request. */
    methods?: string[];
    authLevel: AuthLevel;
}

/** An HTTP trigger and the function that has it. */
export interface NamedTrigger {
    name: string;
    trigger: HttpTrigger;
}

/**
 * Reads an HTTP trigger of a function. Throws in the host's words when a property has another type, and for a route that the host keeps
 * to itself. Sources: WebJobsCoreScriptBindingProvider.cs and ScriptHost.cs of azure-functions-host, ValidateHttpFunction.
 */
export function readHttpTrigger(options: { name: string; binding: Record<string, unknown> }): HttpTrigger {
    const property = (wanted: string) =>
        Object.entries(options.binding).find(([key]) => key.toLowerCase() === wanted.toLowerCase())?.[1] ?? undefined;
    const [authLevel, methods, route] = [property("authLevel"), property("methods"), property("route")];
    if (methods !== undefined && !(Array.isArray(methods) && methods.every((method) => typeof method !== "object"))) {
        throw invalidValue("methods", "of type JArray");
    }
    if (route !== undefined && typeof route === "object") {
        throw invalidValue("route", "of type String");
    }
    const own = route === undefined ? "" : String(route);
    const trigger = {
        route: own.trim() === "" ? options.name : own,
        authLevel: readAuthLevel(authLevel),
        ...(methods !== undefined && { methods: methods.map(String) }),
    };
    if (/^(admin|runtime)/.test(trimSlashes(trigger.route).toLowerCase())) {
        throw new Error(
            `The specified route conflicts with one or more built in routes. The route '${trigger.route}' begins with 'admin' or 'runtime'.`,
        );
    }
    return trigger;
}

function readAuthLevel(value: unknown): AuthLevel {
    if (value === undefined || value === "") {
        return "function";
    }
    const text = typeof value === "object" ? "" : String(value).trim();
    const level = authLevels[Number(text)] ?? authLevels.find((known) => known === text.toLowerCase());
    if (text === "" || level === undefined) {
        throw invalidValue("authLevel", "of enum type AuthorizationLevel");
    }
    return level;
}

/**
 * Throws when another function has the same route and a method in common. The text is compared without regard to case and slashes at
 * its ends, but methods are compared as they are written. Source: ScriptHost.cs of azure-functions-host, HttpRoutesConflict.
 */
export function checkConflict({ route, methods }: HttpTrigger, others: readonly NamedTrigger[]): void {
    const conflict = others.find(({ trigger: other }) => {
        const isSame = trimSlashes(route).toLowerCase() === trimSlashes(other.route).toLowerCase();
        const takesAll = [methods, other.methods].some((list) => list === undefined || list.length === 0);
        return isSame && (takesAll || methods?.some((method) => other.methods?.includes(method)));
    });
    if (conflict !== undefined) {
        throw new Error(`The route specified conflicts with the route defined by function '${conflict.name}'.`);
    }
}

function trimSlashes(text: string): string {
    return text.replace(/^\/+|(?<!\/)\/+$/g, "");
}

/**
 * The template under which the host serves a function: the prefix, a slash and the route, as they are written. Throws when ASP.NET Core
 * does not take it, and then the host does not start, whatever its other functions are. Sources: WebJobsRouteBuilder.cs of
 * azure-webjobs-sdk-extensions and WebScriptHostHttpRoutesManager.cs of azure-functions-host; seen in MicrosoftDocs/azure-docs#69447.
 */
export function buildRouteTemplate(options: { name: string; route: string; prefix: string }): RouteTemplate {
    const { name, route, prefix } = options;
    const text = prefix === "" ? route : `${prefix}/${route}`;
    try {
        return parseRouteTemplate(text);
    } catch (error) {
        const advice = /^\/|\/\//.test(prefix === "" ? "" : route)
            ? " Write the route without a slash at its start."
            : "";
        throw new Error(
            `An error occurred while creating the route with name '${name}' and template '${text}'. ` +
                `${error instanceof Error ? error.message : String(error)}${advice}`,
        );
    }
}
