import { messageOf } from "../../emulator/core/errors";
import { namesLateRole } from "../../emulator/identity";
import { evaluateTemplate, type TemplateEnvironment, type TemplateResource } from "../arm/template";
import { validateBody } from "../contract/validate";
import { CheckError, type Handler } from "../engine/handler";
import { isObject, ownValue, type Properties } from "../engine/values";
import { armHandler, type MakeContext } from "./armHandler";
import { buildId, groupId, parseId } from "./ids";
import { list, object, optionalText, text } from "./inputs";
import { writeSecret } from "./keyvault";
import { setConnectionState } from "./privateLinks";
import { serviceSasToken } from "./serviceSas";
import type { World } from "./world";

/** One resource of a template, with the outermost resource that it belongs to. */
interface NestedResource {
    world: World;
    id: string;
    name: string;
    parentId: string;
    properties: Properties;
}

interface NestedType {
    parentType: string;
    make(resource: NestedResource): Promise<void>;
}

const site = (make: NestedType["make"]): NestedType => ({ parentType: "Microsoft.Web/sites", make });

// These have no removal: on Azure, too, a deployed package, a host key and a secret outlive their deployment.
const nested = new Map<string, NestedType>([
    ["microsoft.web/sites/extensions", site(deployCode)],
    ["microsoft.web/sites/slots/extensions", { parentType: "Microsoft.Web/sites/slots", make: deployCode }],
    ["microsoft.web/sites/host/systemkeys", site((resource) => setKey(resource, "systemKeys"))],
    ["microsoft.web/sites/host/functionkeys", site((resource) => setKey(resource, "functionKeys"))],
    ["microsoft.keyvault/vaults/secrets", { parentType: "Microsoft.KeyVault/vaults", make: setSecret }],
    ["microsoft.web/sites/privateendpointconnections", site(setConnection)],
    [
        "microsoft.keyvault/vaults/privateendpointconnections",
        { parentType: "Microsoft.KeyVault/vaults", make: setConnection },
    ],
]);

async function setConnection({ world, id, properties }: NestedResource): Promise<void> {
    setConnectionState({ world, id, properties });
}

async function deployCode({ world, parentId, properties }: NestedResource): Promise<void> {
    await adviseOnLateRole(() =>
        world.apps.get(parentId).deploy({ ...properties, packageUri: text(properties, "packageUri") }),
    );
}

/** A role that is not in force yet is the one failure that the same update mends when it runs again. */
async function adviseOnLateRole(work: () => Promise<void>): Promise<void> {
    try {
        await work();
    } catch (error) {
        const message = messageOf(error);
        throw new Error(namesLateRole(message) ? `${message}. Run the update again when the role acts.` : message);
    }
}

async function setSecret({ world, id, name, parentId, properties }: NestedResource): Promise<void> {
    const written = writeSecret({ vault: world.vaults.get(parentId), name, properties });
    world.resources.add(id, { ...world.resources.find(id), name, properties: written });
}

async function setKey(
    { world, parentId, properties }: NestedResource,
    kind: "systemKeys" | "functionKeys",
): Promise<void> {
    const app = world.apps.get(parentId);
    // The running host stores the key, so the host must have started.
    await adviseOnLateRole(() =>
        app.wake().catch((error: unknown) => {
            throw new Error(`Function App '${app.name}' does not run, so it takes no key: ${messageOf(error)}`);
        }),
    );
    await app.setHostKey({ kind, name: text(properties, "name"), value: text(properties, "value") });
}

async function makeNested({
    world,
    resourceGroup,
    resource,
}: {
    world: World;
    resourceGroup: string;
    resource: TemplateResource;
}): Promise<void> {
    const { type, name, body } = resource;
    const known = nested.get(type.toLowerCase());
    if (!known) {
        throw new Error(
            `the local Azure does not support ${type} in a template. Supported are: ${[...nested.keys()].join(", ")}`,
        );
    }
    const own = name.split("/").pop() ?? "";
    const faults = validateBody({ armType: type, name: own, body: { ...body, name: own } });
    if (faults.length > 0) {
        throw new CheckError(faults.map((fault) => `${type} ${name}: ${fault}`));
    }
    const names = name.split("/");
    const id = buildId({ ...world, resourceGroup, type, names });
    const parentId = buildId({ ...world, resourceGroup, type: known.parentType, names });
    await known.make({ world, id, name: own, parentId, properties: object(body.properties) });
}

function environment(world: World, resourceGroup: string): TemplateEnvironment {
    const group = world.resources.get(groupId({ ...world, resourceGroup }));
    return {
        subscriptionId: world.subscriptionId,
        resourceGroup,
        location: optionalText(group, "location") ?? "",
        now: new Date(world.now()),
        properties(id) {
            const outputs = world.resources.get(id);
            return isObject(outputs.properties) ? outputs.properties : outputs;
        },
        serviceSas: ({ accountId, request }) =>
            serviceSasToken({
                account: world.storageAccounts.get(accountId),
                canonicalizedResource: text(request, "canonicalizedResource"),
                resource: text(request, "signedResource"),
                permissions: text(request, "signedPermission"),
                expiry: text(request, "signedExpiry"),
                ...(request.signedStart !== undefined && { start: text(request, "signedStart") }),
            }),
    };
}

/** Inline templates. Programs use them to create resources for which the SDK has no class. */
export const deployment: Handler = armHandler({
    token: "azure-native:resources:Deployment",
    armType: "Microsoft.Resources/deployments",
    names: ["deploymentName"],
    volatile: ["properties"],
    shownInputs(inputs) {
        const properties = object(inputs.properties);
        const declared = object(object(properties.template).parameters);
        const isSecure = (name: string) => /^secure/i.test(String(object(ownValue(declared, name)).type));
        const parameters = Object.entries(object(properties.parameters)).filter(([name]) => !isSecure(name));
        return { ...inputs, properties: { ...properties, parameters: Object.fromEntries(parameters) } };
    },
    faults: ({ properties }) =>
        ["templateLink", "parametersLink"]
            .filter((key) => key in object(properties))
            .map(
                (key) =>
                    `properties.${key} is not supported by the local Azure: pass the template and its parameters inline`,
            ),
    async make({ world, id, inputs }) {
        const { mode } = object(inputs.properties);
        const evaluated = await carryOut({ world, id, inputs });
        return {
            outputs: { properties: { mode: mode ?? "", provisioningState: "Succeeded", outputs: evaluated.outputs() } },
        };
    },
    async resume({ world, id, inputs, before }) {
        // The app's storage still holds the package, and its key store the keys. Connections begin anew as they were asked for.
        if (setsConnections(inputs)) {
            await carryOut({ world, id, inputs });
        }
        return { outputs: before.outputs, keep: before.keep };
    },
});

function setsConnections(inputs: Properties): boolean {
    const types = list(object(object(inputs.properties).template).resources).map((one) => String(object(one).type));
    return types.length > 0 && types.every((type) => /\/privateEndpointConnections$/i.test(type));
}

async function carryOut({ world, id, inputs }: Pick<MakeContext, "world" | "id" | "inputs">) {
    const { template, parameters } = object(inputs.properties);
    const { resourceGroup = "" } = parseId(id);
    const evaluated = evaluateTemplate({
        template: object(template),
        parameters: object(parameters),
        environment: environment(world, resourceGroup),
    });
    for (const resource of evaluated.resources) {
        await makeNested({ world, resourceGroup, resource });
    }
    return evaluated;
}
