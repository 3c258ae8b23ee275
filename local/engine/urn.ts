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

/** A child's type is qualified by its parent's, except directly under the stack. */
export function buildUrn(options: Place & { type: string; name: string; parent?: string }): string {
    const parent = options.parent ? parseUrn(options.parent).qualifiedType : "";
    const qualified = parent === "" || parent === stackType ? options.type : `${parent}$${options.type}`;
    return `urn:pulumi:${options.stack}::${options.project}::${qualified}::${options.name}`;
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
    options: Place & { type: string; name: string; parent?: string; aliases: Alias[]; formerParent?: string },
): string[] {
    const urns = options.aliases.map((alias) => {
        if (alias.urn) {
            return alias.urn;
        }
        const parent = alias.noParent ? undefined : alias.parentUrn || options.parent;
        return buildUrn({
            stack: alias.stack || options.stack,
            project: alias.project || options.project,
            type: alias.type || options.type,
            name: alias.name || options.name,
            ...(parent ? { parent } : {}),
        });
    });
    if (options.formerParent && options.parent && options.formerParent !== options.parent) {
        const before = parseUrn(options.formerParent).name;
        const now = parseUrn(options.parent).name;
        const name = options.name.startsWith(now) ? before + options.name.slice(now.length) : options.name;
        urns.push(buildUrn({ ...options, name, parent: options.formerParent }));
    }
    return urns;
}
