import { LRUCache } from "lru-cache";
import { compileExpression } from "./compiler";
import { type Expression, parseFilter } from "./parser";
import { FilterError } from "./tokens";
import { type FilterSubject, PartError, requireType } from "./types";

export { FilterError };

/** A compiled OData filter over connections. */
export interface Filter {
    matches(subject: FilterSubject): boolean;
    /** Every matching connection is in at least one of these groups. Undefined when the filter does not limit groups. */
    groups: readonly string[] | undefined;
}

const cache = new LRUCache<string, Filter>({ max: 256 });

/**
 * Compiles a filter such as `'room' in groups and userId ne 'bob'`. No text at all means no filter.
 * Throws `FilterError` before any connection is looked at.
 */
export function compileFilter(text: string | null | undefined): Filter | undefined {
    if (text === undefined || text === null || text === "") {
        return undefined;
    }
    const known = cache.get(text);
    if (known !== undefined) {
        return known;
    }
    const filter = compile(text);
    cache.set(text, filter);
    return filter;
}

function compile(text: string): Filter {
    try {
        const expression = parseFilter(text);
        const { evaluate } = requireType({ compiled: compileExpression(expression), type: "bool", part: expression });
        return { matches: (subject) => evaluate(subject) === true, groups: groupsOf(expression) };
    } catch (error) {
        if (error instanceof PartError) {
            throw new FilterError(text, error.message);
        }
        if (error instanceof RangeError) {
            throw new FilterError(`${text.slice(0, 100)}…`, "It is too long.");
        }
        throw error;
    }
}

/** Finds the groups that a filter names, so that a call looks at their connections only. */
function groupsOf(expression: Expression): string[] | undefined {
    if (expression.kind === "in") {
        const { item, collection } = expression;
        const isGroups = collection.kind === "name" && collection.name.toLowerCase() === "groups";
        return isGroups && item.kind === "literal" && typeof item.value === "string" ? [item.value] : undefined;
    }
    if (expression.kind !== "binary") {
        return undefined;
    }
    if (expression.operator === "and") {
        return groupsOf(expression.left) ?? groupsOf(expression.right);
    }
    return expression.operator === "or" ? groupsOfChain(expression) : undefined;
}

function groupsOfChain(expression: Expression): string[] | undefined {
    const all: string[] = [];
    let rest = expression;
    while (rest.kind === "binary" && rest.operator === "or") {
        const groups = groupsOf(rest.right);
        if (groups === undefined) {
            return undefined;
        }
        all.push(...groups);
        rest = rest.left;
    }
    const groups = groupsOf(rest);
    return groups === undefined ? undefined : [...all, ...groups];
}
