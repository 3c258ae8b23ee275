const STACK = "pulumi:pulumi:Stack";

export interface Place {
    stack: string;
    project: string;
}

export interface UrnParts {
    /** Types from the outermost component to this resource, joined by `$`. */
    qualifiedType: string;
    type: string;
    name: string;
}

export function parseUrn(urn: string): UrnParts {
    const [, , qualifiedType = "", ...name] = urn.replace(/^urn:pulumi:/, "").split("::");
    return { qualifiedType, type: qualifiedType.split("$").pop() ?? "", name: name.join("::") };
}

export function parsePlace(urn: string): Place {
    const [stack = "", project = ""] = urn.replace(/^urn:pulumi:/, "").split("::");
    return { stack, project };
}

/** A child's type is qualified by its parent's, except directly under the stack. */
export function buildUrn(o: Place & { type: string; name: string; parent?: string }): string {
    const parent = o.parent ? parseUrn(o.parent).qualifiedType : "";
    const qualified = parent === "" || parent === STACK ? o.type : `${parent}$${o.type}`;
    return `urn:pulumi:${o.stack}::${o.project}::${qualified}::${o.name}`;
}

export interface Alias {
    urn?: string;
    name?: string;
    type?: string;
    stack?: string;
    project?: string;
    parentUrn?: string;
    noParent?: boolean;
}

/** URNs under which the state may still know a resource: its own aliases, and those its parent was found under. */
export function aliasUrns(
    o: Place & { type: string; name: string; parent?: string; aliases: Alias[]; formerParent?: string },
): string[] {
    const urns = o.aliases.map((alias) => {
        if (alias.urn) return alias.urn;
        const parent = alias.noParent ? undefined : alias.parentUrn || o.parent;
        return buildUrn({
            stack: alias.stack || o.stack,
            project: alias.project || o.project,
            type: alias.type || o.type,
            name: alias.name || o.name,
            ...(parent ? { parent } : {}),
        });
    });
    if (o.formerParent && o.parent && o.formerParent !== o.parent) {
        const before = parseUrn(o.formerParent).name;
        const now = parseUrn(o.parent).name;
        const name = o.name.startsWith(now) ? before + o.name.slice(now.length) : o.name;
        urns.push(buildUrn({ ...o, name, parent: o.formerParent }));
    }
    return urns;
}
