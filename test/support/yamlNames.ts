import { parse } from "yaml";
import { definitionOf, type PackageSchema, type SchemaType } from "../../docs/generate/packageSchema";

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

/** The faults of a whole program in YAML. */
export function yamlProgramFaults(text: string, schema: PackageSchema): string[] {
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
