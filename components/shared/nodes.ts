// A private field of a component would become an output of it in every language, so its parts are kept beside it.
const kept = new WeakMap<object, unknown>();

/** Remembers what a component made, for its `nodes`. */
export function keepNodes<N extends object>(component: object, nodes: N): void {
    kept.set(component, nodes);
}

/** What {@link keepNodes} remembers of a component. */
export function nodesOf<N extends object>(component: object): N {
    return kept.get(component) as N;
}
