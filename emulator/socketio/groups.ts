/** With no more groups than this, looking at all of them is cheap, and an index would only take memory. */
const few = 64;

/**
 * The groups of a connection, whose names begin with the group of their namespace. A client may open and close thousands of namespaces,
 * so the groups of one are found without a look at those of all others.
 */
export class ConnectionGroups extends Set<string> {
    #byNamespace: Map<string, Set<string>> | undefined;

    override add(group: string): this {
        super.add(group);
        if (this.#byNamespace !== undefined) {
            put(this.#byNamespace, group);
        }
        return this;
    }

    override delete(group: string): boolean {
        this.#byNamespace?.get(namespaceOf(group))?.delete(group);
        return super.delete(group);
    }

    override clear(): void {
        this.#byNamespace = undefined;
        super.clear();
    }

    /** Removes the groups of a namespace, and the group of the namespace itself, and returns them. */
    take(namespaceGroup: string): string[] {
        const found = this.#find(namespaceGroup);
        for (const group of found) {
            super.delete(group);
        }
        return found;
    }

    #find(namespaceGroup: string): string[] {
        if (this.#byNamespace === undefined && this.size <= few) {
            return [...this].filter((group) => group.startsWith(namespaceGroup));
        }
        if (this.#byNamespace === undefined) {
            this.#byNamespace = new Map();
            for (const group of this) {
                put(this.#byNamespace, group);
            }
        }
        const found = this.#byNamespace.get(namespaceGroup);
        this.#byNamespace.delete(namespaceGroup);
        return [...(found ?? [])];
    }
}

function put(byNamespace: Map<string, Set<string>>, group: string): void {
    const namespace = namespaceOf(group);
    const groups = byNamespace.get(namespace);
    if (groups === undefined) {
        byNamespace.set(namespace, new Set([group]));
    } else {
        groups.add(group);
    }
}

/** `0~<namespace>~`, which is in front of every room's name. */
function namespaceOf(group: string): string {
    return group.slice(0, group.indexOf("~", 2) + 1);
}
