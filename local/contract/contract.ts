import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { readBytesIfAny } from "../../emulator/core/persistence";

export interface Schema {
    $ref?: string;
    type?: string;
    properties?: Record<string, Schema>;
    required?: string[];
    items?: Schema;
    enum?: string[];
    const?: string;
    oneOf?: Schema[];
    readOnly?: boolean;
    additionalProperties?: boolean | Schema;
    "x-known-values"?: string[];
    "x-discriminator"?: string;
}

interface Contract {
    resources: Record<string, { apiVersion: string; body: Schema }>;
    $defs: Record<string, Schema>;
}

let contract: Contract | undefined;

/** Reads the contract at first use, because a start without changes does not need it early. */
export function loadContract(): Contract {
    contract ??= JSON.parse(readContract()) as Contract;
    return contract;
}

/** The package has the file compressed, a fifth smaller than npm would make it. */
function readContract(): string {
    const file = join(__dirname, "azure-contract.json");
    const compressed = readBytesIfAny(`${file}.br`);
    return compressed === undefined ? readFileSync(file, "utf8") : brotliDecompressSync(compressed).toString("utf8");
}

export function resolveSchema(schema: Schema): Schema {
    let resolved = schema;
    while (resolved.$ref) {
        const target = loadContract().$defs[resolved.$ref.replace("#/$defs/", "")];
        if (!target) {
            throw new Error(`the contract file has no definition ${resolved.$ref}`);
        }
        resolved = target;
    }
    return resolved;
}

/** The contract's spelling of a resource type. Azure ignores the case of types. */
export function findType(armType: string): string | undefined {
    return Object.keys(loadContract().resources).find((type) => type.toLowerCase() === armType.toLowerCase());
}

/**
 * The type of an app for the same thing of a slot, which the contract leaves out. Both have one body: `PUT` below `/slots/{slot}` names
 * the definitions of `PUT` below the site. Source: WebApps.json of Azure/azure-rest-api-specs, `WebApps_UpdateApplicationSettingsSlot`
 * and its kin.
 */
const withoutSlot = (armType: string): string => armType.replace(/^(Microsoft\.Web\/sites)\/slots\//i, "$1/");

/** Schema of a resource's body; undefined for an unknown type. Where bodies share a type, the name decides. */
export function findBody(
    armType: string,
    name: string,
): { schema: Schema; apiVersion: string; branch: string } | undefined {
    const type = findType(armType) ?? findType(withoutSlot(armType));
    const resource = type && loadContract().resources[type];
    if (!resource) {
        return undefined;
    }
    const schema = resolveSchema(resource.body);
    if (!schema.oneOf) {
        return { schema, apiVersion: resource.apiVersion, branch: type };
    }
    const branches = schema.oneOf.map(resolveSchema);
    const fitting = branches.find(({ properties }) => properties?.name?.const?.toLowerCase() === name.toLowerCase());
    return fitting && { schema: fitting, apiVersion: resource.apiVersion, branch: `${type}/${name.toLowerCase()}` };
}
