const stackType = "pulumi:pulumi:Stack";

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

/** Builds a URN. The parent's type qualifies the child's type, except directly under the stack. */
export function buildUrn({
    stack,
    project,
    type,
    name,
    parent,
}: Place & { type: string; name: string; parent?: string }): string {
    const outer = parent ? parseUrn(parent).qualifiedType : "";
    const qualified = outer === "" || outer === stackType ? type : `${outer}$${type}`;
    return `urn:pulumi:${stack}::${project}::${qualified}::${name}`;
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

/** Former URNs of a resource: from its own aliases, and from the former URN of its parent. */
export function aliasUrns(
    resource: Place & { type: string; name: string; parent?: string; aliases: Alias[]; formerParent?: string },
): string[] {
    const urns = resource.aliases.map((alias) => {
        if (alias.urn) {
            return alias.urn;
        }
        const parent = alias.noParent ? undefined : alias.parentUrn || resource.parent;
        return buildUrn({
            stack: alias.stack || resource.stack,
            project: alias.project || resource.project,
            type: alias.type || resource.type,
            name: alias.name || resource.name,
            ...(parent ? { parent } : {}),
        });
    });
    const { name, parent, formerParent } = resource;
    if (formerParent && parent && formerParent !== parent) {
        const before = parseUrn(formerParent).name;
        const now = parseUrn(parent).name;
        const formerName = name.startsWith(now) ? before + name.slice(now.length) : name;
        urns.push(buildUrn({ ...resource, name: formerName, parent: formerParent }));
    }
    return urns;
}
