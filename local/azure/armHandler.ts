import { randomBytes } from "node:crypto";
import { createDictionary } from "../../emulator/core/dictionary";
import { findBody, resolveSchema, type Schema } from "../contract/contract";
import { validateBody } from "../contract/validate";
import { CheckError, type Handler, type Made, type MakeRequest } from "../engine/handler";
import { isObject, ownValue, type Properties, unknownValue, type Value } from "../engine/values";
import { buildId, groupId, parseId } from "./ids";
import { compact, text, textList } from "./inputs";
import { refuseLocked } from "./locked";
import { forgetInside, type World } from "./world";

export interface MakeContext extends MakeRequest {
    id: string;
    name: string;
}

/** Describes one resource type of Azure Resource Manager, and what the local Azure does with it. */
export interface ArmSpec {
    token: string;
    armType: string;
    /** Inputs that name the resource, outermost first. An entry that starts with `=`, such as `=default`, is a fixed name. */
    names: string[];
    /** Generates the last of `names` when it is missing. Defaults to the logical name followed by eight random digits. */
    autoName?(seed: { logicalName: string; random: string }): string;
    /** Whether the resource has a location, which defaults to that of its resource group. */
    regional?: boolean;
    /** Inputs besides the names that are not part of the request's body. */
    outside?: string[];
    /** The name in the request's body, by input, where the two differ. */
    rename?: Record<string, string>;
    /** Inputs whose change replaces the resource, besides names, resource group and location. */
    replaceOn?: string[];
    volatile?: string[];
    secretOutputs?: string[];
    /** Whether the local Azure records the resource without what it does on Azure. */
    recorded?: boolean;
    id?: Handler["id"];
    /** Creates or updates the resource. Returns the outputs that it has besides its inputs. */
    make?(context: MakeContext): Promise<{ outputs?: Properties; keep?: Properties }>;
    /** Reopens the resource in a new process. Defaults to `make`. */
    resume?(context: MakeContext & { before: Required<Made> }): Promise<{ outputs?: Properties; keep?: Properties }>;
    remove?(resource: { world: World; id: string; inputs: Properties; keep: Properties }): Promise<void>;
    /** Whether Azure has the resource although no program registered it, for resources that others create too. */
    exists?: Handler["exists"];
    shownInputs?: Handler["shownInputs"];
    /** Faults that the contract cannot express. */
    faults?(inputs: Properties): string[];
    /** Inputs for the request's body, where they need a conversion. */
    body?(inputs: Properties): Properties;
}

const defaultLocation = "westeurope";

const plain = (name: string) => name.toLowerCase().replaceAll("_", "");

/** Azure's own spelling of an input, such as `WorkspaceResourceId` for `workspaceResourceId`. */
function spell(key: string, properties: Record<string, Schema>): string {
    if (Object.hasOwn(properties, key)) {
        return key;
    }
    return Object.keys(properties).find((name) => plain(name) === plain(key)) ?? key;
}

/** Puts what the SDK spells flat, as `addressPrefix` of a subnet, back into the `properties` that the type has for it. */
function nest(value: Value, given: Schema | undefined): Value {
    const schema = given === undefined ? {} : resolveSchema(given);
    if (Array.isArray(value)) {
        return value.map((item) => nest(item, schema.items));
    }
    const top = schema.properties;
    if (!isObject(value) || top === undefined) {
        return value;
    }
    const inner = top.properties === undefined ? undefined : resolveSchema(top.properties).properties;
    const nested = createDictionary<Value>();
    const properties = createDictionary<Value>();
    for (const [key, item] of Object.entries(value)) {
        if (inner !== undefined && !Object.hasOwn(top, key) && Object.hasOwn(inner, key)) {
            properties[key] = nest(item, inner[key]);
        } else {
            nested[key] = nest(item, ownValue(top, key));
        }
    }
    return Object.keys(properties).length > 0 ? { ...nested, properties: { ...properties } } : { ...nested };
}

function toBodyValue(key: string, { value, schema }: { value: Value; schema: Schema | undefined }): Value {
    // The SDK has a list of ids, the request a map.
    if (key !== "identity" || !isObject(value) || !Array.isArray(value.userAssignedIdentities)) {
        return nest(value, schema);
    }
    const ids = Object.fromEntries(textList(value.userAssignedIdentities).map((id) => [id, {}]));
    return { ...value, userAssignedIdentities: ids };
}

/** Converts the SDK's flat inputs to a request body: keys that the type does not have at its top go into `properties`. */
function toBody({ spec, inputs, name }: { spec: ArmSpec; inputs: Properties; name: string }): Properties {
    const top = findBody(spec.armType, name)?.schema.properties ?? {};
    const inner = resolveSchema(top.properties ?? {}).properties ?? {};
    const outside = new Set([...spec.names, ...(spec.outside ?? []), "resourceGroupName"]);
    const body = createDictionary<Value>();
    body.name = name;
    const properties = createDictionary<Value>();
    for (const [key, value] of Object.entries(spec.body?.(inputs) ?? inputs)) {
        if (outside.has(key)) {
            continue;
        }
        if (Object.hasOwn(top, key)) {
            body[key] = toBodyValue(key, { value, schema: top[key] });
        } else {
            const spelled = spell(ownValue(spec.rename ?? {}, key) ?? key, inner);
            properties[spelled] = nest(value, ownValue(inner, spelled));
        }
    }
    return Object.keys(properties).length > 0 ? { ...body, properties: { ...properties } } : { ...body };
}

/** The SDK's spelling of a property: `applicationType` for `Application_Type`. */
const sdkSpelling = (key: string) =>
    key.charAt(0).toLowerCase() + key.slice(1).replace(/_([A-Za-z])/g, (_all, letter: string) => letter.toUpperCase());

/** Properties of a type as the SDK spells them: the contract's own, those inside `properties`, and renamed ones. */
function spelledProperties(spec: ArmSpec): { name: string; readOnly: boolean }[] {
    const own = spec.names.at(-1)?.replace(/^=/, "") ?? "";
    const top = findBody(spec.armType, own)?.schema.properties ?? {};
    const inner = resolveSchema(top.properties ?? {}).properties ?? {};
    const renamed = new Map(Object.entries(spec.rename ?? {}).map(([input, key]) => [key, input]));
    return Object.entries({ ...inner, ...top }).map(([key, { readOnly }]) => ({
        name: renamed.get(key) ?? sdkSpelling(key),
        readOnly: readOnly === true,
    }));
}

function inputNames(spec: ArmSpec): string[] {
    const writable = spelledProperties(spec).filter(({ name, readOnly }) => !readOnly && name !== "name");
    return ["resourceGroupName", ...(spec.outside ?? []), ...writable.map(({ name }) => name)];
}

/** `properties` stands for itself too, where the SDK keeps the resource's properties in one object. */
const outputNames = (spec: ArmSpec): string[] => [
    ...new Set(["name", "type", "azureApiVersion", ...spelledProperties(spec).map(({ name }) => name)]),
];

function nameList(spec: ArmSpec, inputs: Properties): string[] {
    return spec.names.map((key) => (key.startsWith("=") ? key.slice(1) : text(inputs, key)));
}

function requireGroup(world: World, inputs: Properties): void {
    world.resources.get(groupId({ ...world, resourceGroup: text(inputs, "resourceGroupName") }));
}

/** Creates the handler for a resource type of Azure Resource Manager. */
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
    async function made(request: MakeRequest, work: ArmSpec["make"]): Promise<Made> {
        const { world, inputs, before } = request;
        const name = nameList(spec, inputs).at(-1) ?? "";
        const resourceId = before?.id ?? id({ inputs, settings: world });
        if (!named.includes("resourceGroupName") && inputs.resourceGroupName !== undefined) {
            requireGroup(world, inputs);
        }
        const { outputs, keep } = (await work?.({ ...request, id: resourceId, name })) ?? {};
        const azureApiVersion = findBody(spec.armType, name)?.apiVersion;
        const common = compact({ ...echo(inputs), name, type: spec.armType, azureApiVersion });
        const all = { ...common, ...outputs };
        world.resources.add(resourceId, all);
        return { id: resourceId, outputs: all, keep: keep ?? {} };
    }

    async function written(request: MakeRequest): Promise<Made> {
        const { world, inputs, before } = request;
        const resourceId = before?.id ?? id({ inputs, settings: world });
        refuseLocked(world, { id: resourceId, armType: spec.armType, action: "write" });
        return made(request, spec.make);
    }

    return {
        token: spec.token,
        armType: spec.armType,
        replaceOn: [...named, ...(spec.outside ?? []), "resourceGroupName", "location", ...(spec.replaceOn ?? [])],
        volatile: spec.volatile ?? [],
        ...(spec.secretOutputs && { secretOutputs: spec.secretOutputs }),
        id,
        ...(spec.recorded && { recorded: true }),
        // A resource with a fixed name comes into being with its parent, so creating it only sets its content.
        singleton: own.startsWith("="),
        ...(spec.exists && { exists: spec.exists }),
        ...(spec.shownInputs && { shownInputs: spec.shownInputs }),
        request({ inputs: given, logicalName }) {
            const inputs: Properties = {
                ...(spec.regional && { location: defaultLocation }),
                ...(!own.startsWith("=") && { [own]: logicalName }),
                ...given,
            };
            const names = nameList(spec, inputs);
            const { name: _name, ...body } = toBody({ spec, inputs, name: names.at(-1) ?? "" });
            const apiVersion = findBody(spec.armType, names.at(-1) ?? "")?.apiVersion ?? "";
            return { type: spec.armType, apiVersion, name: names.join("/"), ...body };
        },
        inputNames: () => [...named, ...inputNames(spec)],
        outputNames: () => outputNames(spec),
        inputsOf(resourceId) {
            const { names, resourceGroup } = parseId(resourceId);
            const pairs = spec.names.map((key, index) => [key, names[index]] as const);
            return compact({
                ...Object.fromEntries(pairs.filter(([key]) => !key.startsWith("="))),
                resourceGroupName: resourceGroup,
            });
        },
        planned(inputs) {
            // Azure adds to these two, such as a URI to a vault's properties and a principal to an identity.
            const { properties: _properties, identity: _identity, ...certain } = echo(inputs);
            return certain;
        },
        check({ inputs: given, before, preview, logicalName, settings }) {
            const inputs = { ...given };
            if (inputs[own] === undefined && !own.startsWith("=")) {
                const random = randomBytes(4).toString("hex");
                const autoName = spec.autoName ?? ((seed) => `${seed.logicalName}${seed.random}`);
                inputs[own] = before?.[own] ?? (preview ? unknownValue : autoName({ logicalName, random }));
            }
            if (spec.regional) {
                const group = inputs.resourceGroupName;
                const inherited = typeof group === "string" ? settings.groupLocation?.(group) : undefined;
                inputs.location ??= inherited ?? settings.location ?? defaultLocation;
            }
            const name = own.startsWith("=") ? own.slice(1) : text(inputs, own);
            const body = toBody({ spec, inputs, name });
            const faults = [...validateBody({ armType: spec.armType, name, body }), ...(spec.faults?.(inputs) ?? [])];
            if (faults.length > 0) {
                throw new CheckError(faults);
            }
            return inputs;
        },
        create: written,
        update: written,
        resume: (request) =>
            made(request, spec.resume ? (context) => spec.resume!({ ...context, before: request.before }) : spec.make),
        async remove({ world, made: { id: resourceId, keep }, inputs }) {
            refuseLocked(world, { id: resourceId, armType: spec.armType, action: "delete" });
            await spec.remove?.({ world, id: resourceId, inputs, keep });
            world.resources.remove(resourceId);
            forgetInside(world, resourceId);
        },
    };
}
