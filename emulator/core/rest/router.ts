import { decodePath } from "../decodePath";

/** Finds the route for a method and a path such as `/api/hubs/chat/groups/room/:send`, whose fixed parts may be in any case. */
export interface Router<T> {
    find(method: string, path: string): RouteMatch<T>;
}

export type RouteMatch<T> =
    | { kind: "found"; route: T; parameters: Record<string, string> }
    | { kind: "method"; allowed: string[] }
    | { kind: "path" };

interface Node<T> {
    literals: Map<string, Node<T>>;
    parameter: Node<T> | undefined;
    methods: Map<string, { route: T; names: readonly string[] }>;
}

export function createRouter<T extends { method: string; path: string }>(routes: readonly T[]): Router<T> {
    const root = createNode<T>();
    for (const route of routes) {
        const names: string[] = [];
        let node = root;
        for (const segment of route.path.split("/").slice(1)) {
            const name = /^\{(\w+)\}$/.exec(segment)?.[1];
            if (name === undefined) {
                node = child(node, segment);
            } else {
                names.push(name);
                node.parameter ??= createNode<T>();
                node = node.parameter;
            }
        }
        node.methods.set(route.method, { route, names });
    }

    return {
        find(method, path) {
            const values: string[] = [];
            const segments = path.replace(/\/$/, "").split("/").slice(1);
            const node = walk({ node: root, segments, values });
            if (node === undefined || node.methods.size === 0) {
                return { kind: "path" };
            }
            const found = node.methods.get(method);
            if (found === undefined) {
                return { kind: "method", allowed: [...node.methods.keys()] };
            }
            const entries = found.names.map((name, index) => [name, values[index] ?? ""] as const);
            return { kind: "found", route: found.route, parameters: Object.fromEntries(entries) };
        },
    };
}

function walk<T>({
    node,
    segments,
    values,
}: {
    node: Node<T>;
    segments: readonly string[];
    values: string[];
}): Node<T> | undefined {
    let current = node;
    for (const segment of segments) {
        const value = decodePath(segment);
        const literal = current.literals.get(value.toLowerCase());
        if (literal !== undefined) {
            current = literal;
            continue;
        }
        if (current.parameter === undefined || value === "") {
            return undefined;
        }
        values.push(value);
        current = current.parameter;
    }
    return current;
}

function child<T>(node: Node<T>, segment: string): Node<T> {
    const literal = segment.toLowerCase();
    let next = node.literals.get(literal);
    if (next === undefined) {
        next = createNode<T>();
        node.literals.set(literal, next);
    }
    return next;
}

function createNode<T>(): Node<T> {
    return { literals: new Map(), parameter: undefined, methods: new Map() };
}
