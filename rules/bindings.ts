import { isJsonObject, type JsonObject, propertyOf } from "./json";

export type Direction = "in" | "out" | "inout";

/** A binding of a function, as function.json or the app's code declares it. */
export interface Binding {
    name: string;
    type: string;
    direction: Direction;
    [property: string]: unknown;
}

/** What the host takes for a function and a binding. Source: Utility.cs of azure-functions-host. */
const functionName = /^[a-z][a-z0-9_-]{0,127}$/i;
const bindingName = /^([a-zA-Z][a-zA-Z0-9]{0,127}|\$return)$/;
export const directions: readonly Direction[] = ["in", "out", "inout"];
export const dataTypes = ["undefined", "string", "binary", "stream"] as const;
export type DataType = (typeof dataTypes)[number];
const cardinalities = ["one", "many"] as const;

/** Properties that the host and its extensions look up without regard to case, as this project spells them. */
const spellings: readonly string[] = (
    "name type direction authLevel cardinality category claimTypeList clientProtocol clientProtocols connection " +
    "connectionStringSetting connections dataType event eventName eventType hub hubName idToken methods namespace parameterNames " +
    "properties route runOnStartup schedule useMonitor userId"
).split(" ");
const spelled = new Set(spellings.map((name) => name.toLowerCase()));

/** A binding whose properties have those names. Source: AttributeConverter.cs of azure-webjobs-sdk, CreateDirect. */
function known(value: JsonObject): JsonObject {
    const rest = Object.entries(value).filter(([key]) => !spelled.has(key.toLowerCase()));
    const given = spellings.map((name) => [name, propertyOf(value, name)] as const);
    return Object.fromEntries([...rest, ...given.filter(([, inner]) => inner !== undefined)]);
}

/** Throws in the host's words when the host does not take the name of a function. */
export function checkFunctionName(name: string): void {
    if (!functionName.test(name) || name.toLowerCase() === "host") {
        throw new Error(
            `'${name}' is not a valid function name. It must begin with a letter, hold letters, digits, '_' and '-' only, ` +
                "have 128 characters at most, and not be 'host'.",
        );
    }
}

/** Reads the bindings of a function. Throws in the host's words when a direction is none. Source: BindingMetadata.cs of azure-functions-host. */
export function readBindings(values: unknown): Binding[] {
    if (values !== undefined && values !== null && !Array.isArray(values)) {
        throw new Error(
            "Unable to cast object of type 'Newtonsoft.Json.Linq.JObject' to type 'Newtonsoft.Json.Linq.JArray': bindings must be a list.",
        );
    }
    const list: unknown[] = values ?? [];
    if (list.length === 0) {
        throw new Error("At least one binding must be declared.");
    }
    return list.map((value) => {
        if (!isJsonObject(value)) {
            throw new Error(
                "Unable to cast an item of bindings to type 'Newtonsoft.Json.Linq.JObject': each binding must be an object.",
            );
        }
        return readBinding(value);
    });
}

/** Source: BindingMetadata.cs of azure-functions-host, whose members Newtonsoft.Json converts. */
function readBinding(value: JsonObject): Binding {
    const given = known(value);
    const { name, type } = given;
    const direction = directionOf(given.direction);
    const binding: Binding = {
        ...given,
        name: isText(name) ? String(name) : "",
        type: isText(type) ? String(type) : "",
        direction,
    };
    checkChoice(binding, "dataType", dataTypes);
    checkChoice(binding, "cardinality", cardinalities);
    const { connection, properties } = binding;
    if (typeof connection === "object" && connection !== null) {
        throw invalidProperty(binding, "connection", "It must be a text.");
    }
    if (properties !== undefined && !isJsonObject(properties)) {
        throw invalidProperty(binding, "properties", "It must be an object.");
    }
    return binding;
}

function checkChoice(binding: Binding, property: string, choices: readonly string[]): void {
    const value = binding[property];
    if (value !== undefined && value !== null && value !== "" && choiceOf(value, choices) === undefined) {
        throw invalidProperty(binding, property, `It must be ${choices.join(", ")}.`);
    }
}

function invalidProperty(binding: Binding, property: string, allowed: string): Error {
    return new Error(
        `Error converting value ${JSON.stringify(binding[property])}: ${property} of the binding '${binding.name}' is not valid. ${allowed}`,
    );
}

/** A choice by its name, without regard to case, or by its number. Undefined for any other value. */
export function choiceOf<Choice extends string>(value: unknown, choices: readonly Choice[]): Choice | undefined {
    const text = typeof value === "object" ? "" : String(value).trim().toLowerCase();
    return choices.find((choice, index) => choice.toLowerCase() === text || String(index) === text);
}

function isText(value: unknown): boolean {
    return value !== undefined && value !== null && typeof value !== "object";
}

/** The host's error for a property of another type. Source: ScriptBindingContext.cs of azure-functions-host. */
export function invalidValue(property: string, type: string): Error {
    return new Error(
        `Error parsing function.json: Invalid value specified for binding property '${property}' ${type}.`,
    );
}

/** A direction by its name, without regard to case, or by its number. An output states its own, so nothing means `in`. */
function directionOf(value: unknown): Direction {
    if (value === undefined) {
        return "in";
    }
    const text = String(value).trim();
    const found =
        directions[/^\d+$/.test(text) ? Number(text) : -1] ?? directions.find((known) => known === text.toLowerCase());
    if (found === undefined) {
        throw new Error(`'${text}' is not a valid binding direction.`);
    }
    return found;
}

/**
 * Checks the bindings of a function and returns its trigger. Throws the first fault in the host's words, where the host says them for
 * either model. Sources: FunctionDescriptorProvider.cs, WorkerFunctionMetadataProvider.cs and FunctionBinding.cs of azure-functions-host.
 */
export function checkBindings(bindings: readonly Binding[]): Binding {
    if (bindings.length === 0) {
        throw new Error("At least one binding must be declared.");
    }
    const names = new Set<string>();
    for (const { name, type, direction } of bindings) {
        if (!bindingName.test(name)) {
            throw new Error(
                `The binding name ${name} is invalid. Please assign a valid name to the binding. It must begin with a letter, hold ` +
                    "letters and digits only and have 128 characters at most, or be $return.",
            );
        }
        if (name === "$return" && direction !== "out") {
            throw new Error("$return bindings must specify a direction of 'out'.");
        }
        if (type === "") {
            throw new Error(`Binding '${name}' is invalid. Bindings must specify a Type.`);
        }
        if (names.has(name.toLowerCase())) {
            throw new Error(`Multiple bindings with name '${name}' discovered. Binding names must be unique.`);
        }
        names.add(name.toLowerCase());
    }
    const triggers = bindings.filter(({ type, direction }) => direction !== "out" && /trigger$/i.test(type));
    if (triggers.length > 1) {
        const types = triggers.map(({ type }) => type).join(", ");
        throw new Error(
            `Multiple trigger bindings defined. A function can only have a single trigger binding. It has ${types}.`,
        );
    }
    const [trigger] = triggers;
    if (trigger === undefined) {
        throw new Error("No trigger binding specified. A function must have a trigger input binding.");
    }
    if (bindings.some(({ type, direction }) => type.toLowerCase() === "http" && direction !== "out")) {
        throw new Error("Http binding can only be used for output.");
    }
    return trigger;
}

/** Properties in which the host replaces no `%setting%`: those of every binding, and all of an HTTP trigger's. */
const unresolved = new Set(["name", "type", "direction"]);

/** Checks that each `%setting%` in the properties of a binding exists. Throws in the host's words. */
export function checkSettings(binding: Binding, exists: (name: string) => boolean): void {
    if (binding.type.toLowerCase() === "httptrigger") {
        return;
    }
    for (const [property, value] of Object.entries(binding)) {
        if (typeof value === "string" && !unresolved.has(property)) {
            checkSettingNames(value, exists);
        }
    }
}

/**
 * Checks that each `%setting%` in a text exists, and throws in the host's words when it does not. Source: NameResolverExtensions.cs of
 * azure-webjobs-sdk.
 */
function checkSettingNames(text: string, exists: (name: string) => boolean): void {
    let at = 0;
    for (;;) {
        const start = text.indexOf("%", at);
        if (start < 0) {
            return;
        }
        const end = text.indexOf("%", start + 1);
        if (end < 0) {
            throw new Error(`The '%' at position ${start} does not have a closing '%'`);
        }
        const name = text.slice(start + 1, end);
        if (!exists(name)) {
            throw new Error(`'%${name}%' does not resolve to a value. There is no app setting '${name}'.`);
        }
        at = end + 1;
    }
}

/**
 * Throws when another function has the same name but for its case. Source: FunctionIndex.cs of azure-webjobs-sdk, whose functions are
 * found without regard to case.
 */
export function checkUnique(name: string, others: readonly { name: string }[]): void {
    const other = others.find((known) => known.name.toLowerCase() === name.toLowerCase());
    if (other !== undefined) {
        throw new Error(
            `Method overloads are not supported. There are multiple methods with the name 'Host.Functions.${name}': see '${other.name}'.`,
        );
    }
}

/** The order in which the host looks at functions: .NET's order that ignores case, by the code units of the names in upper case. */
export function byFunctionName(left: { name: string }, right: { name: string }): number {
    const [a, b] = [left.name.toUpperCase(), right.name.toUpperCase()];
    return a < b ? -1 : a > b ? 1 : 0;
}
