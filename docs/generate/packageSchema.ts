/** Type of a property, an array's element or a map's value in the package schema. */
export interface SchemaType {
    type?: "string" | "integer" | "number" | "boolean" | "array" | "object";
    $ref?: string;
    items?: SchemaType;
    additionalProperties?: SchemaType;
    oneOf?: unknown;
    plain?: boolean;
    secret?: boolean;
    description?: string;
}

export interface SchemaComponent {
    description?: string;
    inputProperties?: Record<string, SchemaType>;
    requiredInputs?: string[];
    properties?: Record<string, SchemaType>;
    required?: string[];
}

export interface SchemaDefinition {
    description?: string;
    type: string;
    properties?: Record<string, SchemaType>;
    required?: string[];
    enum?: { name?: string; value: string; description?: string }[];
}

export interface PackageSchema {
    name: string;
    resources: Record<string, SchemaComponent>;
    types: Record<string, SchemaDefinition>;
}

const typePrefix = "#/types/";

/** The definition that a type refers to; undefined for a type of another package. */
export function definitionOf(schema: PackageSchema, type: SchemaType): SchemaDefinition | undefined {
    return type.$ref?.startsWith(typePrefix) ? schema.types[type.$ref.slice(typePrefix.length)] : undefined;
}
