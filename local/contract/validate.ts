import Ajv2020, { type ErrorObject, type ValidateFunction } from "ajv/dist/2020";
import { unknownValue } from "../engine/values";
import { findBody, loadContract, type Schema } from "./contract";

const readOnlyKey = "x-read-only";
const knownValuesKey = "x-known-values";
const compiled = new Map<string, ValidateFunction>();

/** Makes every read-only property of a schema a fault, because only Azure sets it. */
function markReadOnly(schema: unknown): unknown {
    if (Array.isArray(schema)) {
        return schema.map(markReadOnly);
    }
    if (typeof schema !== "object" || schema === null) {
        return schema;
    }
    return Object.fromEntries(
        Object.entries(schema).map(([key, value]) => {
            if (key !== "properties") {
                return [key, markReadOnly(value)];
            }
            const properties = Object.entries(value as Record<string, Schema>).map(([name, property]) => [
                name,
                property.readOnly ? { [readOnlyKey]: true } : markReadOnly(property),
            ]);
            return [key, Object.fromEntries(properties)];
        }),
    );
}

function createAjv(): Ajv2020 {
    const ajv = new Ajv2020({ allErrors: true, verbose: true, strict: false });
    ajv.addKeyword({ keyword: readOnlyKey, validate: () => false });
    ajv.addKeyword({
        keyword: knownValuesKey,
        // Azure ignores the case of enum values.
        validate: (known: string[], value: unknown) =>
            typeof value !== "string" || known.some((item) => item.toLowerCase() === value.toLowerCase()),
    });
    ajv.addSchema({ $id: "contract", $defs: markReadOnly(loadContract().$defs) as Record<string, Schema> });
    return ajv;
}

let ajv: Ajv2020 | undefined;

function compile(branch: string, schema: Schema): ValidateFunction {
    let validate = compiled.get(branch);
    if (!validate) {
        ajv ??= createAjv();
        const text = JSON.stringify(markReadOnly(schema)).replaceAll('"#/$defs/', '"contract#/$defs/');
        validate = ajv.compile(JSON.parse(text) as Schema);
        compiled.set(branch, validate);
    }
    return validate;
}

function armPath(pointer: string, more?: string): string {
    const path = pointer
        .split("/")
        .slice(1)
        .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
        .reduce(
            (whole, part) => (/^\d+$/.test(part) ? `${whole}[${part}]` : whole === "" ? part : `${whole}.${part}`),
            "",
        );
    if (more === undefined) {
        return path;
    }
    return path === "" ? more : `${path}.${more}`;
}

function quote(value: unknown): string {
    const text = JSON.stringify(value) ?? "undefined";
    return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

function fault(error: ErrorObject): string {
    const path = armPath(error.instancePath);
    const params = error.params as Record<string, unknown>;
    switch (error.keyword) {
        case "required":
            return `${armPath(error.instancePath, String(params.missingProperty))} is missing`;
        case "additionalProperties": {
            const allowed = Object.keys((error.parentSchema as Schema | undefined)?.properties ?? {}).join(", ");
            const name = armPath(error.instancePath, String(params.additionalProperty));
            return `${name} is not a property of this type${allowed ? `: it has ${allowed}` : ""}`;
        }
        case readOnlyKey:
            return `${path} is read-only: Azure sets it`;
        case knownValuesKey:
        case "enum":
            return `${path} is ${quote(error.data)}: allowed are ${(error.schema as unknown[]).map(quote).join(", ")}`;
        case "const":
            return `${path} is ${quote(error.data)}: it must be ${quote(error.schema)}`;
        case "type":
            // The message leaves out the value: it may be a secret in the wrong place.
            return `${path} must be of type ${String(error.schema)}`;
        case "pattern":
            return `${path} is ${quote(error.data)}: it must match ${String(error.schema)}`;
        default:
            return `${path} is ${quote(error.data)}: it ${error.message ?? error.keyword}`;
    }
}

/**
 * Checks a request body as Azure Resource Manager does. Returns one line per fault, with the property's path, the value and
 * the allowed values. Skips values that a preview does not know yet.
 */
export function validateBody({ armType, name, body }: { armType: string; name: string; body: unknown }): string[] {
    const found = findBody(armType, name);
    if (!found) {
        return [`the local Azure does not know the resource type ${armType} with the name ${quote(name)}`];
    }
    const validate = compile(found.branch, found.schema);
    if (validate(body)) {
        return [];
    }
    const errors = (validate.errors ?? []).filter(({ data, keyword }) => data !== unknownValue && keyword !== "oneOf");
    return [...new Set(errors.map(fault))];
}
