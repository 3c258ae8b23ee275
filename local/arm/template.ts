import { createDictionary } from "../../emulator/core/dictionary";
import { isObject, mapValues, ownValue, type Properties, type Value } from "../engine/values";
import { type Expression, parseExpression } from "./expression";
import { callFunction, type TemplateContext } from "./functions";

/** One resource of a template, with all its expressions evaluated. */
export interface TemplateResource {
    type: string;
    /** `<outermost>/…/<innermost>`. */
    name: string;
    /** Body of the request to Azure Resource Manager: every property except type, name and version. */
    body: Properties;
}

export interface EvaluatedTemplate {
    resources: TemplateResource[];
    outputs(): Properties;
}

export type TemplateEnvironment = Omit<TemplateContext, "parameters" | "variable">;

function evaluate(expression: Expression, context: TemplateContext): Value {
    switch (expression.kind) {
        case "text":
        case "number":
            return expression.value;
        case "call":
            return callFunction(
                expression.name,
                expression.args.map((arg) => evaluate(arg, context)),
                context,
            );
        case "member": {
            const of = evaluate(expression.of, context);
            const key = evaluate(expression.key, context);
            const found = typeof of === "object" && of !== null ? ownValue(of as Properties, String(key)) : undefined;
            if (found === undefined) {
                throw new Error(
                    `a template expression reads the property "${String(key)}", which its value does not have`,
                );
            }
            return found;
        }
    }
}

/** Evaluates every `[…]` text inside a value. A text that starts with `[[` is a plain text that starts with `[`. */
export function evaluateValue(value: Value, context: TemplateContext): Value {
    if (typeof value === "string") {
        if (value.startsWith("[[")) {
            return value.slice(1);
        }
        return /^\[.*\]$/s.test(value) ? evaluate(parseExpression(value.slice(1, -1)), context) : value;
    }
    if (Array.isArray(value)) {
        return value.map((item) => evaluateValue(item, context));
    }
    if (!isObject(value)) {
        return value;
    }
    return mapValues(value, (item) => evaluateValue(item, context));
}

const types = new Map<string, (value: Value) => boolean>(
    Object.entries<(value: Value) => boolean>({
        string: (value) => typeof value === "string",
        int: Number.isInteger,
        bool: (value) => typeof value === "boolean",
        object: isObject,
        array: Array.isArray,
    }),
);

function readParameters({
    declared,
    values: parameters,
    context,
}: {
    declared: Properties;
    values: Properties;
    context: TemplateContext;
}): Properties {
    const faults = Object.keys(parameters)
        .filter((name) => !Object.hasOwn(declared, name))
        .map((name) => `parameter "${name}" is not declared by the template`);
    const values = createDictionary<Value>();
    for (const [name, declaration] of Object.entries(declared)) {
        const { type, defaultValue } = isObject(declaration) ? declaration : {};
        const given = ownValue(parameters, name);
        const value = isObject(given) ? given.value : undefined;
        if (value === undefined && defaultValue === undefined) {
            faults.push(`parameter "${name}" has no value`);
        } else {
            values[name] = value ?? evaluateValue(defaultValue ?? null, context);
        }
        const plain = String(type).toLowerCase().replace("secure", "");
        const right = types.get(plain);
        if (!right) {
            faults.push(`parameter "${name}" is declared with the unknown type ${String(type)}`);
        } else if (values[name] !== undefined && !right(values[name])) {
            faults.push(`parameter "${name}" must be of type ${plain}`);
        }
    }
    if (faults.length > 0) {
        throw new Error(faults.join("; "));
    }
    return values;
}

function section(template: Properties, name: string): Properties {
    const value = ownValue(template, name);
    return isObject(value) ? value : {};
}

/** Evaluates an inline template. Throws an error that names any function, copy or condition that is not supported. */
export function evaluateTemplate({
    template,
    parameters,
    environment,
}: {
    template: Properties;
    parameters: Properties;
    environment: TemplateEnvironment;
}): EvaluatedTemplate {
    const variables = section(template, "variables");
    /** The variables that are being evaluated, outermost first. */
    const evaluating = new Set<string>();
    const context: TemplateContext = {
        ...environment,
        parameters: {},
        variable(name) {
            const value = ownValue(variables, name);
            if (value === undefined) {
                throw new Error(`the template has no variable "${name}"`);
            }
            if (evaluating.has(name)) {
                throw new Error(
                    `variable "${name}" of the template refers to itself, by ${[...evaluating].join(", ")}`,
                );
            }
            evaluating.add(name);
            try {
                return evaluateValue(value, context);
            } finally {
                evaluating.delete(name);
            }
        },
    };
    context.parameters = readParameters({
        declared: section(template, "parameters"),
        values: parameters,
        context,
    });
    const resources = (Array.isArray(template.resources) ? template.resources : []).map((raw) => {
        if (!isObject(raw)) {
            throw new Error("every entry of the template's resources must be an object");
        }
        for (const key of ["copy", "condition", "scope", "resources"]) {
            if (key in raw) {
                throw new Error(`"${key}" in a template's resource is not supported by the local Azure`);
            }
        }
        const { type, name, apiVersion: _version, dependsOn: _dependsOn, comments: _comments, ...body } = raw;
        return {
            type: String(type),
            name: String(evaluateValue(name ?? "", context)),
            body: evaluateValue(body, context) as Properties,
        };
    });
    return {
        resources,
        outputs() {
            return mapValues(section(template, "outputs"), (output): Properties => {
                const { type, value } = isObject(output) ? output : {};
                // Azure never shows the value of a secure output.
                return /^secure/i.test(String(type))
                    ? { type: String(type) }
                    : { type: type ?? "string", value: evaluateValue(value ?? null, context) };
            });
        },
    };
}
