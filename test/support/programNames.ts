import { definitionOf, type PackageSchema, type SchemaType } from "../../docs/generate/packageSchema";
import { type CallSyntax, componentCalls } from "./calls";

export const token = (component: string) => `azure-realtime:index:${component}`;
const pascal = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
const snake = (name: string) => name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();

export interface Dialect extends CallSyntax {
    language: string;
    /** The example's program. */
    file: string;
    /** Name of the language at a code block. */
    fence: string;
    /** How the language's SDK spells a property. */
    spell(name: string): string;
    /** The program's text for an enum's value. */
    enumText(options: { type: string; name: string; value: string }): string;
    /** Matches the nested types that the program constructs: their names, and where their properties begin. */
    nested?: RegExp;
    /** Matches a variable that holds a component. The groups are the variable and the component. */
    variable: RegExp;
    /** Matches an output that the program reads. The groups are the variable and the output's name. */
    output: RegExp;
}

export const dialects: Dialect[] = [
    {
        language: "Python",
        file: "python/__main__.py",
        fence: "python",
        call: /azure_realtime\.(\w+)\(/g,
        assignment: "=",
        braces: false,
        spell: snake,
        enumText: ({ type, name }) => `azure_realtime.${type}.${snake(name).toUpperCase()}`,
        variable: /(\w+) = azure_realtime\.(\w+)\(/g,
        output: /export\("\w+", (\w+)\.(\w+)\)/g,
    },
    {
        language: "Go",
        file: "go/main.go",
        fence: "go",
        call: /azurerealtime\.New(\w+)\(/g,
        assignment: ":",
        braces: true,
        spell: pascal,
        enumText: ({ type, name }) => `azurerealtime.${type}${name}`,
        nested: /azurerealtime\.(\w+)Args\{/g,
        variable: /(\w+), err :?= azurerealtime\.New(\w+)\(/g,
        output: /Export\("\w+", (\w+)\.(\w+)\)/g,
    },
    {
        language: "C#",
        file: "csharp/Program.cs",
        fence: "csharp",
        call: /new (\w+)\((?=")/g,
        assignment: "=",
        braces: true,
        spell: pascal,
        enumText: ({ type, name }) => `${type}.${name}`,
        nested: /new (\w+)Args\s*\{/g,
        variable: /var (\w+) = new (\w+)\(/g,
        output: /\["\w+"\] = (\w+)\.(\w+),/g,
    },
    {
        language: "Java",
        file: "java/src/main/java/realtime/App.java",
        fence: "java",
        call: /new (\w+)\((?=")/g,
        assignment: "(",
        braces: false,
        chained: true,
        spell: (name) => name,
        enumText: ({ type, name }) => `${type}.${name}`,
        nested: /(\w+)Args\.builder\(\)/g,
        variable: /var (\w+) = new (\w+)\(/g,
        output: /export\("\w+", (\w+)\.(\w+)\(\)\)/g,
    },
];

/** The faults of one program in a language with an SDK, as messages. */
export function programFaults(options: { text: string; dialect: Dialect; schema: PackageSchema }): string[] {
    const { text, dialect, schema } = options;
    const faults = componentCalls(text, dialect).flatMap(({ component, properties }) => {
        const made = schema.resources[token(component)];
        if (made === undefined) {
            return [`${component} is no component`];
        }
        const known = spelled(dialect, made.inputProperties);
        const missing = (made.requiredInputs ?? []).map(dialect.spell).filter((name) => properties[name] === undefined);
        return [
            ...missing.map((name) => `${component} needs ${name}`),
            ...Object.entries(properties).flatMap(([name, value]) => {
                const type = known.get(name);
                return type === undefined
                    ? [`${component} has no ${name}`]
                    : valueFaults({ place: `${component}.${name}`, value, type, schema, dialect });
            }),
        ];
    });
    return [...faults, ...nestedFaults(options), ...outputFaults(options)];
}

function spelled({ spell }: Dialect, properties: Record<string, SchemaType> = {}): Map<string, SchemaType> {
    return new Map(Object.entries(properties).map(([name, type]) => [spell(name), type]));
}

function valueFaults(options: {
    place: string;
    value: string;
    type: SchemaType;
    schema: PackageSchema;
    dialect: Dialect;
}): string[] {
    const { place, value, schema, dialect } = options;
    const reference = options.type.items ?? options.type;
    const definition = definitionOf(schema, reference);
    const type = reference.$ref?.split(":").at(-1) ?? "";
    if (definition?.enum !== undefined) {
        const allowed = definition.enum.map((one) =>
            dialect.enumText({ type, name: one.name ?? "", value: one.value }),
        );
        return allowed.includes(value) ? [] : [`${place} is ${value}; allowed are ${allowed.join(", ")}`];
    }
    // Python programs write nested types as dictionaries.
    const keys = dialect.nested === undefined ? [...value.matchAll(/"(\w+)":/g)].map(([, key = ""]) => key) : [];
    const known = spelled(dialect, definition?.properties);
    return definition === undefined
        ? []
        : keys.filter((key) => !known.has(key)).map((key) => `${place}: ${type} has no ${key}`);
}

/** Names inside the nested types that a program constructs, as `new BackendHubArgs { Name = "chat" }`. */
function nestedFaults({ text, dialect, schema }: { text: string; dialect: Dialect; schema: PackageSchema }): string[] {
    const { nested } = dialect;
    if (nested === undefined) {
        return [];
    }
    return componentCalls(text, { ...dialect, call: nested, braces: false, unnamed: true }).flatMap(
        ({ component, properties }) => {
            const definition = schema.types[token(component)];
            if (definition === undefined) {
                return schema.resources[token(component)] === undefined ? [`${component}Args is no type`] : [];
            }
            const known = spelled(dialect, definition.properties);
            return [
                ...Object.keys(properties)
                    .filter((name) => !known.has(name))
                    .map((name) => `${component}Args has no ${name}`),
                ...(definition.required ?? [])
                    .map(dialect.spell)
                    .filter((name) => properties[name] === undefined)
                    .map((name) => `${component}Args needs ${name}`),
            ];
        },
    );
}

function outputFaults({ text, dialect, schema }: { text: string; dialect: Dialect; schema: PackageSchema }): string[] {
    const components = new Map([...text.matchAll(dialect.variable)].map(([, name = "", made = ""]) => [name, made]));
    return [...text.matchAll(dialect.output)].flatMap(([, variable = "", output = ""]) => {
        const component = components.get(variable);
        const outputs = spelled(dialect, schema.resources[token(component ?? "")]?.properties);
        return component !== undefined && outputs.has(output)
            ? []
            : [`${component ?? variable} has no output ${output}`];
    });
}
