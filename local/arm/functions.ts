import { buildId } from "../azure/ids";
import { isObject, ownValue, type Properties, type Value } from "../engine/values";
import { addDuration, formatDate, parseDate } from "./dates";

export interface TemplateContext {
    subscriptionId: string;
    resourceGroup: string;
    location: string;
    parameters: Properties;
    /** Evaluates a variable. A variable that no expression uses is never evaluated. */
    variable(name: string): Value;
    now: Date;
    /** Creates the token that `listServiceSas` returns. */
    serviceSas(options: { accountId: string; request: Properties }): string;
    /** Properties of an existing resource, for `reference`. */
    properties(resourceId: string): Value;
}

type TemplateFunction = (args: Value[], context: TemplateContext) => Value;

function textOf(value: Value | undefined): string {
    if (typeof value === "string") {
        return value;
    }
    if (typeof value === "number" || typeof value === "boolean") {
        return String(value);
    }
    throw new Error(`${JSON.stringify(value ?? null)} is not a text: the template function needs a text here`);
}

function member(values: Properties, name: string, kind: string): Value {
    const value = ownValue(values, name);
    if (value === undefined) {
        throw new Error(`the template has no ${kind} "${name}"`);
    }
    return value;
}

function resourceId(args: Value[], { subscriptionId, resourceGroup }: TemplateContext): string {
    const texts = args.map(textOf);
    const at = texts.findIndex((item) => item.includes("/"));
    // A resource group may precede the type, or a subscription and a resource group.
    const [group, subscription] = texts.slice(0, at).reverse();
    return buildId({
        subscriptionId: subscription ?? subscriptionId,
        resourceGroup: group ?? resourceGroup,
        type: texts[at] ?? "",
        names: texts.slice(at + 1),
    });
}

function createObject(args: Value[]): Properties {
    const result = new Map<string, Value>();
    for (let index = 0; index < args.length; index += 2) {
        result.set(textOf(args[index]), args[index + 1] ?? null);
    }
    return Object.fromEntries(result);
}

function format([pattern, ...values]: Value[]): string {
    return textOf(pattern).replace(/\{\{|\}\}|\{(\d+)\}/g, (whole, index: string | undefined) =>
        index === undefined ? whole.charAt(0) : textOf(values[Number(index)]),
    );
}

function concat(args: Value[]): Value {
    return args.every(Array.isArray) ? args.flat() : args.map(textOf).join("");
}

function listServiceSas([accountId, , request]: Value[], context: TemplateContext): Properties {
    if (!isObject(request)) {
        throw new Error("listServiceSas needs an object as its third argument");
    }
    return { serviceSasToken: context.serviceSas({ accountId: textOf(accountId), request }) };
}

function reference([id, , full]: Value[], context: TemplateContext): Value {
    if (full !== undefined) {
        throw new Error("reference with a third argument is not supported by the local Azure");
    }
    return context.properties(textOf(id));
}

const templateFunctions: Record<string, TemplateFunction> = {
    parameters: ([name], { parameters }) => member(parameters, textOf(name), "parameter"),
    variables: ([name], context) => context.variable(textOf(name)),
    concat,
    format,
    utcNow: ([pattern], { now }) => formatDate(now, pattern === undefined ? undefined : textOf(pattern)),
    dateTimeAdd: ([base, duration, pattern]) =>
        formatDate(
            addDuration(parseDate(textOf(base)), textOf(duration)),
            pattern === undefined ? undefined : textOf(pattern),
        ),
    resourceId,
    createObject,
    createArray: (args) => args,
    listServiceSas,
    reference,
    resourceGroup: (_, { subscriptionId, resourceGroup, location }) => ({
        id: `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`,
        name: resourceGroup,
        location,
    }),
};

const byLowerName = new Map(Object.entries(templateFunctions).map(([name, run]) => [name.toLowerCase(), run]));

/** Calls a template function by its name. Azure ignores the case of the name. */
export function callFunction(name: string, args: Value[], context: TemplateContext): Value {
    const run = byLowerName.get(name.toLowerCase());
    if (run) {
        return run(args, context);
    }
    const known = Object.keys(templateFunctions).join(", ");
    throw new Error(`template function ${name} is not supported by the local Azure. Supported are: ${known}`);
}
