import type { FunctionState, Probes } from "../../core/probes";
import { compileWildcards, type WildcardPart } from "../../core/wildcards";

/** What the export knows of apps and services besides their events. */
export interface Places {
    /** Address of an app or service by its name; undefined for one that is gone. */
    address(name: string): URL | undefined;
    /** Kind of trigger in the words of `faas.trigger`. */
    trigger(app: string, name: string): string;
    /** The app's route that takes a path. */
    route(app: string, path: string): string | undefined;
    /** Learns of an app or service with its first event, because both may be gone when the event is sent. */
    see(name: string | undefined): void;
    /** Looks anew, because apps change. Those that are gone stay known, because their last events are sent after them. */
    refresh(): void;
}

interface Place {
    address: URL;
    /** Whether it is an app whose functions are not known yet. */
    isStarting: boolean;
    functions: FunctionState[];
    routes: { text: string; fits(path: string): boolean }[];
}

/** Realtime triggers and queues hand over messages. */
const triggers: readonly [trigger: string, types: RegExp][] = [
    ["http", /^http/i],
    ["timer", /^timer/i],
    ["pubsub", /^(webpubsub|socketio|signalr|queue|servicebus|eventhub|eventgrid|kafka|rabbitmq)/i],
    ["datasource", /^(blob|cosmosdb|sql|mysql)/i],
];

export function createPlaces({ services, apps }: Probes): Places {
    const known = new Map<string, Place>();

    function refresh(): void {
        for (const { name, endpoint } of services) {
            known.set(name, { address: new URL(endpoint), isStarting: false, functions: [], routes: [] });
        }
        for (const app of apps) {
            const functions = app.functions();
            // An app that stops or starts anew has no functions, but its events of before may still wait.
            if (functions.length > 0 || !known.has(app.name)) {
                const texts = functions.flatMap(({ route }) => route ?? []);
                const routes = texts.map((text) => ({ text, fits: matcherOf(text) }));
                const isStarting = functions.length === 0;
                known.set(app.name, { address: new URL(app.url), isStarting, functions, routes });
            }
        }
    }

    refresh();
    return {
        address: (name) => known.get(name)?.address,
        trigger(app, name) {
            const type = known.get(app)?.functions.find((fn) => fn.name === name)?.trigger ?? "";
            return triggers.find(([, types]) => types.test(type))?.[0] ?? "other";
        },
        route: (app, path) => known.get(app)?.routes.find(({ fits }) => fits(path))?.text,
        see(name) {
            if (name !== undefined && known.get(name)?.isStarting !== false) {
                refresh();
            }
        },
        refresh,
    };
}

/** Goes through a path part by part, in linear time: callers write paths, and a regular expression would try every way to split one. */
function matcherOf(route: string): (path: string) => boolean {
    const parts = route.split("/").filter((part) => part !== "");
    const fitting = parts.map(partMatcherOf);
    const catchAll = parts.findIndex((part) => part.startsWith("{*"));
    const needed = parts.filter((part) => !part.startsWith("{*") && !/^\{[^}]*(\?|=[^}]*)\}$/.test(part)).length;
    return (path) => {
        const pieces = path.replace(/^\//, "").split("/");
        if (pieces.at(-1) === "") {
            pieces.pop();
        }
        const isLong = pieces.length > parts.length && catchAll < 0;
        const single = catchAll < 0 ? pieces : pieces.slice(0, catchAll);
        return pieces.length >= needed && !isLong && single.every((piece, at) => piece !== "" && fitting[at]?.(piece));
    };
}

function partMatcherOf(part: string): (piece: string) => boolean {
    const texts = part.split(/\{[^}]*\}/);
    const wildcards = texts.flatMap((text, at): WildcardPart[] => [
        ...(at === 0 ? [] : [{ kind: "any" } as const]),
        { kind: "literal", text },
    ]);
    return compileWildcards(wildcards, { ignoreCase: true });
}

const collections = "hubs|groups|users|connections|permissions";
const ids = new RegExp(`/(${collections})/(?!:)[^/]+`, "g");
const known = new RegExp(`^/api(/v1)?(/health|(/(${collections})(/\\{\\w+\\})?)+)(/:\\w+)?/?$`);

/** The route of a call of the services' data plane, whose paths have the names of groups and users in them. */
export function restRouteOf(path: string): string | undefined {
    const route = path.replace(ids, (_, collection: string) => `/${collection}/{${collection.slice(0, -1)}}`);
    return known.test(route) ? route : undefined;
}
