import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "./registeredFunctions";

/** A property's, element's or value's type in the package schema. */
export interface SchemaType {
    type?: "string" | "integer" | "number" | "boolean" | "array" | "object";
    $ref?: string;
    items?: SchemaType;
    additionalProperties?: SchemaType;
    oneOf?: unknown;
    plain?: boolean;
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

/** The stored schema; a test of its own holds it against the code. */
export function readStoredSchema(): PackageSchema {
    return JSON.parse(
        readFileSync(join(repositoryRoot, "test/components/schema.snapshot.json"), "utf8"),
    ) as PackageSchema;
}

const typePrefix = "#/types/";

/** The named type that a type refers to, in this package. */
export function definitionOf(schema: PackageSchema, type: SchemaType): SchemaDefinition | undefined {
    return type.$ref?.startsWith(typePrefix) ? schema.types[type.$ref.slice(typePrefix.length)] : undefined;
}
