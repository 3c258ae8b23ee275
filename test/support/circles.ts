/** The circles of a graph, each once, as `a -> b -> a`. Nodes that reach each other in several ways count as one circle. */
export function findCircles(graph: ReadonlyMap<string, readonly string[]>): string[] {
    const seen = new Set<string>();
    const circles: string[] = [];

    function walk(node: string, path: readonly string[]): void {
        const start = path.indexOf(node);
        if (start >= 0) {
            circles.push([...path.slice(start), node].join(" -> "));
            return;
        }
        if (seen.has(node)) {
            return;
        }
        seen.add(node);
        for (const next of new Set(graph.get(node))) {
            walk(next, [...path, node]);
        }
    }

    for (const node of graph.keys()) {
        walk(node, []);
    }
    return circles;
}
