import { isObject, type Properties, type Value } from "../engine/values";
import { type Expression, parseExpression } from "./expression";
import { callFunction, type TemplateContext } from "./functions";

/** One resource of a template, with every expression in it evaluated. */
export interface TemplateResource {
    type: string;
    /** `<outermost>/…/<innermost>`. */
    name: string;
    /** What is sent besides type, name and version. */
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
            const found = typeof of === "object" && of !== null ? (of as Properties)[String(key)] : undefined;
            if (found === undefined) {
                throw new Error(`a template expression asks for "${String(key)}", which is not there`);
            }
            return found;
        }
    }
}

/** Evaluates `[…]` texts anywhere in a value; `[[` at the start stands for a plain bracket. */
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
    const result: Properties = {};
    for (const [key, item] of Object.entries(value)) {
        result[key] = evaluateValue(item, context);
    }
    return result;
}

const types: Record<string, (value: Value) => boolean> = {
    string: (value) => typeof value === "string",
    int: Number.isInteger,
    bool: (value) => typeof value === "boolean",
    object: isObject,
    array: Array.isArray,
};

function readParameters(options: { declared: Properties; given: Properties; context: TemplateContext }): Properties {
    const faults = Object.keys(options.given)
        .filter((name) => !(name in options.declared))
        .map((name) => `parameter "${name}" is not declared by the template`);
    const values: Properties = {};
    for (const [name, declaration] of Object.entries(options.declared)) {
        const { type, defaultValue } = isObject(declaration) ? declaration : {};
        const given = options.given[name];
        const value = isObject(given) ? given.value : undefined;
        if (value === undefined && defaultValue === undefined) {
            faults.push(`parameter "${name}" has no value`);
        } else {
            values[name] = value ?? evaluateValue(defaultValue ?? null, options.context);
        }
        const plain = String(type).toLowerCase().replace("secure", "");
        const right = types[plain];
        if (!right) {
            faults.push(`parameter "${name}" is declared as ${String(type)}, which is not a type`);
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
    const value = template[name];
    return isObject(value) ? value : {};
}

/** Evaluates an inline template with its parameters. Unknown functions, copies and conditions are refused by name. */
export function evaluateTemplate(options: {
    template: Properties;
    parameters: Properties;
    environment: TemplateEnvironment;
}): EvaluatedTemplate {
    const variables = section(options.template, "variables");
    const context: TemplateContext = {
        ...options.environment,
        parameters: {},
        variable(name) {
            const value = variables[name];
            if (value === undefined) {
                throw new Error(`the template has no variable "${name}"`);
            }
            return evaluateValue(value, context);
        },
    };
    context.parameters = readParameters({
        declared: section(options.template, "parameters"),
        given: options.parameters,
        context,
    });
    const resources = (Array.isArray(options.template.resources) ? options.template.resources : []).map((raw) => {
        if (!isObject(raw)) {
            throw new Error("a resource of the template is not an object");
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
            const outputs: Properties = {};
            for (const [name, output] of Object.entries(section(options.template, "outputs"))) {
                const { type, value } = isObject(output) ? output : {};
                outputs[name] = { type: type ?? "string", value: evaluateValue(value ?? null, context) };
            }
            return outputs;
        },
    };
}
