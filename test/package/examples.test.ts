import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import { parse } from "yaml";
import { definitionOf, type PackageSchema, type SchemaType } from "../../docs/generate/packageSchema";
import { type CallSyntax, componentCalls } from "../support/calls";
import { readStoredSchema } from "../support/packageSchema";
import { repositoryRoot } from "../support/registeredFunctions";

const folder = join(repositoryRoot, "examples");
const read = (path: string) => readFileSync(join(folder, path), "utf8");
const token = (component: string) => `azure-realtime:index:${component}`;
const pascal = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
const snake = (name: string) => name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();

interface Dialect extends CallSyntax {
    language: string;
    file: string;
    /** How the language's SDK spells a property. */
    spell(name: string): string;
    /** The program's text for an enum's value. */
    enumText(options: { type: string; name: string; value: string }): string;
    /** Matches an output that the program reads. The group is the output's name. */
    output: RegExp;
}

const dialects: Dialect[] = [
    {
        language: "Python",
        file: "python/__main__.py",
        call: /azure_realtime\.(\w+)\(/g,
        assignment: "=",
        braces: false,
        spell: snake,
        enumText: ({ type, name }) => `azure_realtime.${type}.${snake(name).toUpperCase()}`,
        output: /export\("\w+", \w+\.(\w+)\)/g,
    },
    {
        language: "Go",
        file: "go/main.go",
        call: /azurerealtime\.New(\w+)\(/g,
        assignment: ":",
        braces: true,
        spell: pascal,
        enumText: ({ type, name }) => `azurerealtime.${type}${name}`,
        output: /Export\("\w+", \w+\.(\w+)\)/g,
    },
    {
        language: "C#",
        file: "csharp/Program.cs",
        call: /new (\w+)\((?=")/g,
        assignment: "=",
        braces: true,
        spell: pascal,
        enumText: ({ type, name }) => `${type}.${name}`,
        output: /\["\w+"\] = \w+\.(\w+),/g,
    },
];

/** The faults of one program, as messages. */
function faultsOf({ text, dialect, schema }: { text: string; dialect: Dialect; schema: PackageSchema }): string[] {
    const calls = componentCalls(text, dialect);
    const faults = calls.flatMap(({ component, properties }) => {
        const made = schema.resources[token(component)];
        if (made === undefined) {
            return [`${component} is no component`];
        }
        const known = new Map(
            Object.entries(made.inputProperties ?? {}).map(([name, type]) => [dialect.spell(name), type]),
        );
        const missing = (made.requiredInputs ?? []).map(dialect.spell).filter((name) => properties[name] === undefined);
        return [
            ...missing.map((name) => `${component} needs ${name}`),
            ...Object.entries(properties).flatMap(([name, value]) => {
                const type = known.get(name);
                if (type === undefined) {
                    return [`${component} has no ${name}`];
                }
                return enumFault({ place: `${component}.${name}`, value, type, schema, dialect });
            }),
        ];
    });
    const outputs = new Set(Object.values(schema.resources).flatMap(({ properties }) => Object.keys(properties ?? {})));
    const spelled = [...outputs].map(dialect.spell);
    const unknown = [...text.matchAll(dialect.output)]
        .map(([, name = ""]) => name)
        .filter((name) => !spelled.includes(name));
    return [...faults, ...unknown.map((name) => `no component has the output ${name}`)];
}

function enumFault(options: {
    place: string;
    value: string;
    type: SchemaType;
    schema: PackageSchema;
    dialect: Dialect;
}): string[] {
    const values = definitionOf(options.schema, options.type)?.enum;
    if (values === undefined) {
        return [];
    }
    const type = options.type.$ref?.split(":").at(-1) ?? "";
    const allowed = values.map(({ name = "", value }) => options.dialect.enumText({ type, name, value }));
    return allowed.includes(options.value)
        ? []
        : [`${options.place} is ${options.value}; allowed are ${allowed.join(", ")}`];
}

/** The faults of a value in a YAML program and of all values inside it: names, required properties and enum values. */
function yamlFaults(options: { place: string; value: unknown; type: SchemaType; schema: PackageSchema }): string[] {
    const { place, value, type, schema } = options;
    if (typeof value === "string" && value.includes("${")) {
        return [];
    }
    const definition = definitionOf(schema, type);
    if (definition?.enum !== undefined) {
        const allowed = definition.enum.map((one) => one.value);
        return allowed.includes(String(value)) ? [] : [`${place} is ${value}; allowed are ${allowed.join(", ")}`];
    }
    if (definition !== undefined) {
        return objectFaults({ place, value, schema, properties: definition.properties, required: definition.required });
    }
    if (type.items !== undefined) {
        const items = type.items;
        return Array.isArray(value)
            ? value.flatMap((item, index) =>
                  yamlFaults({ place: `${place}[${index}]`, value: item, type: items, schema }),
              )
            : [`${place} must be a list`];
    }
    const wanted = type.type === "integer" ? "number" : type.type;
    return typeof value === wanted ? [] : [`${place} must be ${type.type}`];
}

function objectFaults(options: {
    place: string;
    value: unknown;
    schema: PackageSchema;
    properties?: Record<string, SchemaType>;
    required?: string[];
}): string[] {
    const { place, schema, properties = {}, required = [] } = options;
    const given = options.value as Record<string, unknown>;
    return [
        ...required.filter((name) => !Object.hasOwn(given, name)).map((name) => `${place} needs ${name}`),
        ...Object.entries(given).flatMap(([name, value]) => {
            const type = properties[name];
            return type === undefined
                ? [`${place} has no ${name}`]
                : yamlFaults({ place: `${place}.${name}`, value, type, schema });
        }),
    ];
}

function yamlProgramFaults(text: string, schema: PackageSchema): string[] {
    const { resources, outputs } = parse(text) as {
        resources: Record<string, { type: string; properties: unknown }>;
        outputs: Record<string, string>;
    };
    const ofResources = Object.entries(resources).flatMap(([name, { type, properties }]) => {
        const made = schema.resources[type];
        return made === undefined
            ? [`${name}: ${type} is no component`]
            : objectFaults({
                  place: name,
                  value: properties,
                  schema,
                  properties: made.inputProperties,
                  required: made.requiredInputs,
              });
    });
    const ofOutputs = Object.values(outputs).filter((output) => {
        const [, name = "", property = ""] = /^\$\{(\w+)\.(\w+)\}$/.exec(output) ?? [];
        return schema.resources[resources[name]?.type ?? ""]?.properties?.[property] === undefined;
    });
    return [...ofResources, ...ofOutputs.map((output) => `${output} is no output`)];
}

describe("the examples in other languages", () => {
    const schema = readStoredSchema();
    const backends = Object.keys(schema.resources)
        .map((type) => type.split(":")[2] ?? "")
        .filter((name) => name.endsWith("Backend"))
        .sort();

    for (const dialect of dialects) {
        it(`in ${dialect.language} create every backend, as the schema defines it`, () => {
            const text = read(dialect.file);
            assert.deepEqual(faultsOf({ text, dialect, schema }), []);
            const made = componentCalls(text, dialect).map(({ component }) => component);
            assert.deepEqual(made.sort(), backends);
            assert.equal([...text.matchAll(dialect.output)].length, backends.length);
        });

        it(`in ${dialect.language} would be refused with a wrong name or value, or without a required property`, () => {
            const text = read(dialect.file);
            const changed = (from: RegExp, to: string) => {
                assert.match(text, from);
                return faultsOf({ text: text.replace(from, to), dialect, schema });
            };
            assert.match(changed(/SocketIOBackend(?=\()/, "SocketBackend").join(), /SocketBackend is no component/);
            assert.match(changed(/(STANDARD_S1|StandardS1)/, "Smallest").join(), /allowed are/);
            assert.match(changed(/code_path|CodePath/, "folder").join(), /needs code_?path.*has no folder/i);
            assert.match(
                changed(/negotiate_url|NegotiateUrl/, "address").join(),
                /no component has the output address/,
            );
        });
    }

    it("in YAML create every backend, as the schema defines it, including nested properties", () => {
        const text = read("yaml/Pulumi.yaml");
        assert.deepEqual(yamlProgramFaults(text, schema), []);
        const { resources } = parse(text) as { resources: Record<string, { type: string }> };
        assert.deepEqual(
            Object.values(resources)
                .map(({ type }) => type)
                .sort(),
            backends.map(token),
        );
        const changed = (from: string, to: string) => yamlProgramFaults(text.replace(from, to), schema).join();
        assert.match(changed("Standard_S1", "Standard_S9"), /chat\.sku is Standard_S9; allowed are Free_F1/);
        assert.match(changed("- name: hub", "- title: hub"), /chat\.hubs\[0\] needs name,chat\.hubs\[0\] has no title/);
        assert.match(changed("512", "small"), /board\.instanceMemoryMB must be integer/);
        assert.match(changed("chat.negotiateUrl", "chat.url"), /\$\{chat\.url\} is no output/);
    });

    it("are projects that name this package, in a language that Pulumi supports", () => {
        const runtimes = globSync("*/Pulumi.yaml", { cwd: folder }).map((path) => {
            const { runtime, packages } = parse(read(path)) as {
                runtime: string | { name: string };
                packages: unknown;
            };
            assert.deepEqual(packages, { "azure-realtime": "../../plugin" }, path);
            return typeof runtime === "string" ? runtime : runtime.name;
        });
        assert.deepEqual(runtimes.sort(), ["dotnet", "go", "python", "yaml"]);
    });
});
