import { evaluateTemplate, type TemplateEnvironment, type TemplateResource } from "../arm/template";
import { validateBody } from "../contract/validate";
import { CheckError, type Handler } from "../engine/handler";
import type { Properties } from "../engine/values";
import { armHandler } from "./armHandler";
import { buildId, groupId, parseId } from "./ids";
import { object, optionalText, text } from "./inputs";
import { serviceSasToken } from "./serviceSas";
import type { World } from "./world";

interface NestedResource {
    world: World;
    /** Id of the app that the resource belongs to. */
    appId: string;
    properties: Properties;
}

// Neither a deployed package nor a host key goes away with the deployment that brought it, here as on Azure.
const nested: Record<string, (options: NestedResource) => Promise<void>> = {
    "microsoft.web/sites/extensions": ({ world, appId, properties }) =>
        world.apps.get(appId).deploy({ packageUri: text(properties, "packageUri") }),
    "microsoft.web/sites/host/systemkeys": async ({ world, appId, properties }) =>
        setKey({ world, appId, properties, kind: "systemKeys" }),
    "microsoft.web/sites/host/functionkeys": async ({ world, appId, properties }) =>
        setKey({ world, appId, properties, kind: "functionKeys" }),
};

async function setKey(options: NestedResource & { kind: "systemKeys" | "functionKeys" }): Promise<void> {
    const app = options.world.apps.get(options.appId);
    // Azure hands the key to the running host, and has none to hand it to before.
    await app.ready();
    await app.setHostKey({
        kind: options.kind,
        name: text(options.properties, "name"),
        value: text(options.properties, "value"),
    });
}

async function makeNested(options: { world: World; resourceGroup: string; resource: TemplateResource }): Promise<void> {
    const { type, name, body } = options.resource;
    const make = nested[type.toLowerCase()];
    if (!make) {
        throw new Error(`a template cannot make ${type} in the local Azure, only ${Object.keys(nested).join(", ")}`);
    }
    const own = name.split("/").pop() ?? "";
    const faults = validateBody({ armType: type, name: own, body: { ...body, name: own } });
    if (faults.length > 0) {
        throw new CheckError(faults.map((fault) => `${type} ${name}: ${fault}`));
    }
    const appId = buildId({
        ...options.world,
        resourceGroup: options.resourceGroup,
        type: "Microsoft.Web/sites",
        names: name.split("/"),
    });
    await make({ world: options.world, appId, properties: object(body.properties) });
}

function environment(world: World, resourceGroup: string): TemplateEnvironment {
    const group = world.resources.get(groupId({ ...world, resourceGroup }));
    return {
        subscriptionId: world.subscriptionId,
        resourceGroup,
        location: optionalText(group, "location") ?? "",
        now: new Date(world.now()),
        properties: (id) => world.resources.get(id),
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

/** Inline templates, for what Azure Resource Manager can make and no resource of the SDK stands for. */
export const deployment: Handler = armHandler({
    token: "azure-native:resources:Deployment",
    armType: "Microsoft.Resources/deployments",
    names: ["deploymentName"],
    volatile: ["properties"],
    faults: ({ properties }) =>
        ["templateLink", "parametersLink"]
            .filter((key) => key in object(properties))
            .map((key) => `properties.${key} is not supported by the local Azure: give the template inline`),
    async make({ world, id, inputs }) {
        const { template, parameters, mode } = object(inputs.properties);
        const { resourceGroup = "" } = parseId(id);
        const evaluated = evaluateTemplate({
            template: object(template),
            parameters: object(parameters),
            environment: environment(world, resourceGroup),
        });
        for (const resource of evaluated.resources) {
            await makeNested({ world, resourceGroup, resource });
        }
        return {
            outputs: { properties: { mode: mode ?? "", provisioningState: "Succeeded", outputs: evaluated.outputs() } },
        };
    },
    // The app still has its package and its keys: they live in its storage and its vault.
    resume: async ({ before }) => ({ outputs: before.outputs, keep: before.keep }),
});
