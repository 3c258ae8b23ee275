import { randomBytes } from "node:crypto";
import { findBody, resolveSchema, type Schema } from "../contract/contract";
import { validateBody } from "../contract/validate";
import { CheckError, type Handler, type Made, type MakeRequest } from "../engine/handler";
import { isObject, type Properties, unknownValue } from "../engine/values";
import { buildId, groupId } from "./ids";
import { compact, text, textList } from "./inputs";
import type { World } from "./world";

export interface MakeContext extends MakeRequest {
    id: string;
    name: string;
}

export interface ArmSpec {
    token: string;
    armType: string;
    /** Inputs that name the resource, outermost first; a text in quotes such as `"=default"` is a fixed name. */
    names: string[];
    /** Makes a name when the last of `names` is not given. Defaults to the program's name and eight random digits. */
    autoName?(options: { logicalName: string; random: string }): string;
    /** Whether the resource lives in a region, which defaults to the resource group's. */
    regional?: boolean;
    /** Further inputs that are not part of the request's body. */
    outside?: string[];
    /** Inputs that Azure Resource Manager calls otherwise. */
    rename?: Record<string, string>;
    /** Inputs besides names, group and region whose change needs a new resource. */
    replaceOn?: string[];
    volatile?: string[];
    secretOutputs?: string[];
    id?: Handler["id"];
    /** Outputs beyond the inputs that are sent. */
    make?(options: MakeContext): Promise<{ outputs?: Properties; keep?: Properties }>;
    /** Defaults to `make`, which is right for whatever can be made twice. */
    resume?(options: MakeContext & { before: Required<Made> }): Promise<{ outputs?: Properties; keep?: Properties }>;
    remove?(options: { world: World; id: string; inputs: Properties; keep: Properties }): Promise<void>;
    /** Faults that the contract cannot see. */
    faults?(inputs: Properties): string[];
    /** Body of the request where it is not simply the inputs. */
    body?(inputs: Properties): Properties;
}

const DefaultLocation = "westeurope";

const plain = (name: string) => name.toLowerCase().replaceAll("_", "");

/** Azure's own spelling of an input, such as `WorkspaceResourceId` for `workspaceResourceId`. */
function spell(key: string, properties: Record<string, Schema>): string {
    if (key in properties) {
        return key;
    }
    return Object.keys(properties).find((name) => plain(name) === plain(key)) ?? key;
}

function toBodyValue(key: string, value: Properties[string]): Properties[string] {
    // The SDK takes a list of ids where the request has a map.
    if (key !== "identity" || !isObject(value) || !Array.isArray(value.userAssignedIdentities)) {
        return value;
    }
    const ids = Object.fromEntries(textList(value.userAssignedIdentities).map((id) => [id, {}]));
    return { ...value, userAssignedIdentities: ids };
}

/** Request body from the SDK's flat inputs: what the type has at the top stays there, the rest goes into `properties`. */
function toBody(options: { spec: ArmSpec; inputs: Properties; name: string }): Properties {
    const top = findBody(options.spec.armType, options.name)?.schema.properties ?? {};
    const inner = resolveSchema(top.properties ?? {}).properties ?? {};
    const outside = new Set([...options.spec.names, ...(options.spec.outside ?? []), "resourceGroupName"]);
    const body: Properties = { name: options.name };
    const properties: Properties = {};
    for (const [key, value] of Object.entries(options.spec.body?.(options.inputs) ?? options.inputs)) {
        if (outside.has(key)) {
            continue;
        }
        if (key in top) {
            body[key] = toBodyValue(key, value);
        } else {
            properties[spell(options.spec.rename?.[key] ?? key, inner)] = value;
        }
    }
    return Object.keys(properties).length > 0 ? { ...body, properties } : body;
}

function nameList(spec: ArmSpec, inputs: Properties): string[] {
    return spec.names.map((key) => (key.startsWith("=") ? key.slice(1) : text(inputs, key)));
}

function requireGroup(world: World, inputs: Properties): void {
    world.resources.get(groupId({ ...world, resourceGroup: text(inputs, "resourceGroupName") }));
}

/** A handler for a type of Azure Resource Manager, from what is particular about it. */
export function armHandler(spec: ArmSpec): Handler {
    const own = spec.names.at(-1) ?? "";
    const named = spec.names.filter((key) => !key.startsWith("="));
    const id: Handler["id"] =
        spec.id ??
        (({ inputs, settings }) =>
            buildId({
                subscriptionId: settings.subscriptionId,
                resourceGroup: text(inputs, "resourceGroupName"),
                type: spec.armType,
                names: nameList(spec, inputs),
            }));
    const echo = (inputs: Properties): Properties => {
        const outside = new Set([...named, ...(spec.outside ?? []), "resourceGroupName"]);
        return Object.fromEntries(Object.entries(inputs).filter(([key]) => !outside.has(key)));
    };
    async function made(options: MakeRequest, work: ArmSpec["make"]): Promise<Made> {
        const name = nameList(spec, options.inputs).at(-1) ?? "";
        const resourceId = options.before?.id ?? id({ inputs: options.inputs, settings: options.world });
        if (!named.includes("resourceGroupName") && options.inputs.resourceGroupName !== undefined) {
            requireGroup(options.world, options.inputs);
        }
        const { outputs, keep } = (await work?.({ ...options, id: resourceId, name })) ?? {};
        const azureApiVersion = findBody(spec.armType, name)?.apiVersion;
        const common = compact({ ...echo(options.inputs), name, type: spec.armType, azureApiVersion });
        const all = { ...common, ...outputs };
        options.world.resources.add(resourceId, all);
        return { id: resourceId, outputs: all, keep: keep ?? {} };
    }

    return {
        token: spec.token,
        replaceOn: [...named, "resourceGroupName", "location", ...(spec.replaceOn ?? [])],
        volatile: spec.volatile ?? [],
        ...(spec.secretOutputs && { secretOutputs: spec.secretOutputs }),
        id,
        planned(inputs) {
            // Azure adds to these: an address to a vault's properties, a principal to an identity.
            const { properties: _properties, identity: _identity, ...certain } = echo(inputs);
            return certain;
        },
        check(options) {
            const inputs = { ...options.inputs };
            if (inputs[own] === undefined && !own.startsWith("=")) {
                const random = randomBytes(4).toString("hex");
                const fresh = spec.autoName ?? (({ logicalName }) => `${logicalName}${random}`);
                inputs[own] =
                    options.before?.[own] ??
                    (options.preview ? unknownValue : fresh({ logicalName: options.logicalName, random }));
            }
            if (spec.regional) {
                const group = inputs.resourceGroupName;
                const inherited = typeof group === "string" ? options.settings.groupLocation?.(group) : undefined;
                inputs.location ??= inherited ?? options.settings.location ?? DefaultLocation;
            }
            const name = own.startsWith("=") ? own.slice(1) : text(inputs, own);
            const body = toBody({ spec, inputs, name });
            const faults = [...validateBody({ armType: spec.armType, name, body }), ...(spec.faults?.(inputs) ?? [])];
            if (faults.length > 0) {
                throw new CheckError(faults);
            }
            return inputs;
        },
        create: (options) => made(options, spec.make),
        update: (options) => made(options, spec.make),
        resume: (options) =>
            made(options, spec.resume ? (context) => spec.resume!({ ...context, before: options.before }) : spec.make),
        async remove({ world, made: { id: resourceId, keep }, inputs }) {
            await spec.remove?.({ world, id: resourceId, inputs, keep });
            world.resources.remove(resourceId);
        },
    };
}
