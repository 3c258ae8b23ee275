import type { Resource } from "./types";

export interface Node {
    resource: Resource;
    /** Column: a resource stands right of everything that it waits for. */
    column: number;
    row: number;
}

export interface Graph {
    nodes: Node[];
    /** Pairs of nodes: the second depends on the first. Without those that follow from others. */
    edges: [Node, Node][];
    columns: number;
    rows: number;
}

/** Resources that the picture shows: what a cloud holds, or held before the update. Components only group them. */
export function drawnResources(resources: readonly Resource[]): Resource[] {
    return resources.filter(
        ({ type, id, last }) => (id !== undefined || last === "deleted") && !type.startsWith("pulumi:"),
    );
}

/** Resources that each resource waits for, directly. A dependency on a component is one on what it holds. */
function dependenciesOf(resources: readonly Resource[]): Map<string, Set<string>> {
    const drawn = new Set(drawnResources(resources).map(({ urn }) => urn));
    const children = new Map<string, string[]>();
    for (const { urn, parent } of resources) {
        if (parent !== undefined) {
            children.set(parent, [...(children.get(parent) ?? []), urn]);
        }
    }
    const expand = (urn: string, seen: Set<string>): string[] => {
        if (drawn.has(urn) || seen.has(urn)) {
            return drawn.has(urn) ? [urn] : [];
        }
        seen.add(urn);
        return (children.get(urn) ?? []).flatMap((child) => expand(child, seen));
    };
    return new Map(
        drawnResources(resources).map(({ urn, dependsOn }) => {
            const all = new Set(dependsOn.flatMap((other) => expand(other, new Set())));
            all.delete(urn);
            return [urn, all];
        }),
    );
}

/** Everything that a resource waits for, directly or not. */
function reachable(direct: ReadonlyMap<string, ReadonlySet<string>>): Map<string, Set<string>> {
    const all = new Map<string, Set<string>>();
    const visit = (urn: string): Set<string> => {
        const known = all.get(urn);
        if (known !== undefined) {
            return known;
        }
        const found = new Set<string>();
        // Entered before its dependencies, so that a circle ends.
        all.set(urn, found);
        for (const other of direct.get(urn) ?? []) {
            found.add(other);
            for (const further of visit(other)) {
                found.add(further);
            }
        }
        return found;
    };
    for (const urn of direct.keys()) {
        visit(urn);
    }
    return all;
}

const sweeps = 6;

/** Places the resources in columns, so that edges run from left to right and cross as little as is easy to reach. */
export function layOut(resources: readonly Resource[]): Graph {
    const direct = dependenciesOf(resources);
    const all = reachable(direct);
    const kept = new Map(
        [...direct].map(([urn, others]) => [
            urn,
            [...others].filter((other) => ![...others].some((via) => via !== other && all.get(via)?.has(other))),
        ]),
    );
    const columnOf = new Map<string, number>();
    const column = (urn: string, path: ReadonlySet<string>): number => {
        const known = columnOf.get(urn);
        if (known !== undefined || path.has(urn)) {
            return known ?? 0;
        }
        const before = kept.get(urn) ?? [];
        const found = Math.max(-1, ...before.map((other) => column(other, new Set([...path, urn])))) + 1;
        columnOf.set(urn, found);
        return found;
    };
    const nodes = new Map(
        drawnResources(resources).map((resource): [string, Node] => [
            resource.urn,
            { resource, column: column(resource.urn, new Set()), row: 0 },
        ]),
    );
    const edges = [...kept].flatMap(([urn, others]) =>
        others.map((other): [Node, Node] => [nodes.get(other) as Node, nodes.get(urn) as Node]),
    );
    // Each stands beside the first that waits for it, so that lines are short and columns are even. From the right, because those to the right move first.
    for (const node of [...nodes.values()].sort((a, b) => b.column - a.column)) {
        const after = edges.flatMap(([from, to]) => (from === node ? to.column : []));
        if (after.length > 0) {
            node.column = Math.max(node.column, Math.min(...after) - 1);
        }
    }
    const used = [...new Set([...nodes.values()].map((node) => node.column))].sort((a, b) => a - b);
    const columns = used.map((number, index) => {
        const members = [...nodes.values()].filter((node) => node.column === number);
        for (const node of members) {
            node.column = index;
        }
        return members;
    });
    order(columns, edges);
    return {
        nodes: [...nodes.values()],
        edges,
        columns: columns.length,
        rows: Math.max(0, ...columns.map(({ length }) => length)),
    };
}

/** Sorts each column by the mean row of the neighbours, from the left and from the right in turn. */
function order(columns: Node[][], edges: readonly [Node, Node][]): void {
    const neighbours = new Map<Node, Node[]>();
    for (const [from, to] of edges) {
        neighbours.set(from, [...(neighbours.get(from) ?? []), to]);
        neighbours.set(to, [...(neighbours.get(to) ?? []), from]);
    }
    const tallest = Math.max(0, ...columns.map(({ length }) => length));
    const number = (nodes: Node[]) => {
        nodes.forEach((node, index) => {
            // Short columns stand in the middle.
            node.row = index + (tallest - nodes.length) / 2;
        });
    };
    columns.forEach(number);
    for (let sweep = 0; sweep < sweeps; sweep++) {
        for (const nodes of sweep % 2 === 0 ? columns : [...columns].reverse()) {
            const weight = new Map(
                nodes.map((node) => {
                    const rows = (neighbours.get(node) ?? []).map(({ row }) => row);
                    const mean = rows.reduce((sum, row) => sum + row, 0) / rows.length;
                    return [node, rows.length === 0 ? node.row : mean];
                }),
            );
            nodes.sort((a, b) => (weight.get(a) ?? 0) - (weight.get(b) ?? 0));
            number(nodes);
        }
    }
}
