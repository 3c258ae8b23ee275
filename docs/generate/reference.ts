import type { PackageSchema, SchemaComponent, SchemaDefinition, SchemaType } from "./packageSchema";

/** The parts of a Pulumi package schema that its reference shows. */
export type Schema = Pick<PackageSchema, "resources" | "types">;

const note = "<!-- Written by `npm run docs` from the doc comments. -->";
const shortName = (token: string) => token.split(":").at(-1) ?? token;
const oneLine = (text = "") => text.replace(/\s*\n\s*/g, " ").replace(/\|/g, "\\|");

/** One page per component, by file name, and a first page that lists them. */
export function referencePages(schema: Schema): Record<string, string> {
    const components = Object.entries(schema.resources).map(([token, component]) => ({
        name: shortName(token),
        component,
    }));
    return {
        "README.md": indexPage(components),
        ...Object.fromEntries(
            components.map(({ name, component }) => [`${name}.md`, componentPage({ name, component, schema })]),
        ),
    };
}

function indexPage(components: { name: string; component: SchemaComponent }[]): string {
    const rows = components.map(
        ({ name, component }) => `| [${name}](${name}.md) | ${firstSentence(component.description)} |`,
    );
    return page(
        "# Reference",
        note,
        "Every component, as TypeScript sees it. Other languages have the same names in their own spelling; see [the examples](../../examples/README.md).",
        ["| component | what it is |", "| --- | --- |", ...rows].join("\n"),
    );
}

function firstSentence(text = ""): string {
    return oneLine(text.split("\n\n")[0]);
}

function componentPage(options: { name: string; component: SchemaComponent; schema: Schema }): string {
    const { name, component, schema } = options;
    const { inputProperties = {}, requiredInputs = [], properties = {} } = component;
    const used = usedTypes({ schema, from: Object.values(inputProperties) });
    return page(
        `# ${name}`,
        note,
        component.description ?? "",
        "## Arguments",
        propertyTable({ properties: inputProperties, required: requiredInputs, schema }),
        "## Outputs",
        propertyTable({ properties, schema }),
        ...used.map(({ token, definition }) =>
            page(
                `## ${shortName(token)}`,
                definition.description ?? "",
                definition.enum === undefined
                    ? propertyTable({
                          properties: definition.properties ?? {},
                          required: definition.required ?? [],
                          schema,
                      })
                    : `One of ${definition.enum.map(({ value }) => `\`${value}\``).join(", ")}.`,
            ),
        ),
    );
}

/** Named types, in the order in which a reader meets them. */
function usedTypes(options: { schema: Schema; from: SchemaType[] }): { token: string; definition: SchemaDefinition }[] {
    const found = new Map<string, SchemaDefinition>();
    const visit = (type: SchemaType | undefined): void => {
        if (type === undefined) {
            return;
        }
        visit(type.items);
        visit(type.additionalProperties);
        const token = type.$ref?.replace("#/types/", "");
        const definition = token === undefined ? undefined : options.schema.types[token];
        if (token === undefined || definition === undefined || found.has(token)) {
            return;
        }
        found.set(token, definition);
        Object.values(definition.properties ?? {}).forEach(visit);
    };
    options.from.forEach(visit);
    return [...found].map(([token, definition]) => ({ token, definition }));
}

function propertyTable(options: {
    properties: Record<string, SchemaType>;
    required?: string[];
    schema: Schema;
}): string {
    // Undefined for outputs, because no output is required.
    const { properties, required } = options;
    const rows = Object.entries(properties)
        .sort(([a], [b]) => Number(required?.includes(b) ?? false) - Number(required?.includes(a) ?? false))
        .map(([name, type]) => {
            const words = oneLine(type.description);
            const needed = required?.includes(name) ? "**Required.** " : "";
            return `| \`${name}\` | ${typeText({ type, schema: options.schema })} | ${needed}${words} |`;
        });
    return ["| name | type | what it is |", "| --- | --- | --- |", ...rows].join("\n");
}

function typeText(options: { type: SchemaType; schema: Schema }): string {
    const { type, schema } = options;
    if (type.items !== undefined) {
        return `list of ${typeText({ type: type.items, schema })}`;
    }
    if (type.additionalProperties !== undefined) {
        return `map of ${typeText({ type: type.additionalProperties, schema })}`;
    }
    const token = type.$ref?.replace("#/types/", "");
    if (token === undefined) {
        return type.type ?? "any";
    }
    const name = shortName(token);
    return schema.types[token] === undefined ? `\`${name}\`` : `[${name}](#${name.toLowerCase()})`;
}

function page(...blocks: string[]): string {
    return `${blocks
        .map((block) => block.trim())
        .filter((block) => block !== "")
        .join("\n\n")}\n`;
}
