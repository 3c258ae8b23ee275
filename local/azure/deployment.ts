import { evaluateTemplate, type TemplateEnvironment, type TemplateResource } from "../arm/template";
import { validateBody } from "../contract/validate";
import { CheckError, type Handler } from "../engine/handler";
import type { Properties } from "../engine/values";
import { armHandler } from "./armHandler";
import { buildId, groupId, parseId } from "./ids";
import { object, optionalText, text } from "./inputs";
import { serviceSasToken } from "./serviceSas";
import type { World } from "./world";

/** One resource of a template, with the app that it belongs to. */
interface NestedResource {
    world: World;
    appId: string;
    properties: Properties;
}

// These have no removal: on Azure, too, a deployed package and a host key outlive their deployment.
const nested: Record<string, (resource: NestedResource) => Promise<void>> = {
    "microsoft.web/sites/extensions": ({ world, appId, properties }) =>
        world.apps.get(appId).deploy({ packageUri: text(properties, "packageUri") }),
    "microsoft.web/sites/host/systemkeys": async ({ world, appId, properties }) =>
        setKey({ world, appId, properties, kind: "systemKeys" }),
    "microsoft.web/sites/host/functionkeys": async ({ world, appId, properties }) =>
        setKey({ world, appId, properties, kind: "functionKeys" }),
};

async function setKey({
    world,
    appId,
    properties,
    kind,
}: NestedResource & { kind: "systemKeys" | "functionKeys" }): Promise<void> {
    const app = world.apps.get(appId);
    // The running host stores the key, so the host must have started.
    await app.ready();
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
    const make = nested[type.toLowerCase()];
    if (!make) {
        throw new Error(
            `the local Azure does not support ${type} in a template. Supported are: ${Object.keys(nested).join(", ")}`,
        );
    }
    const own = name.split("/").pop() ?? "";
    const faults = validateBody({ armType: type, name: own, body: { ...body, name: own } });
    if (faults.length > 0) {
        throw new CheckError(faults.map((fault) => `${type} ${name}: ${fault}`));
    }
    const appId = buildId({
        ...world,
        resourceGroup,
        type: "Microsoft.Web/sites",
        names: name.split("/"),
    });
    await make({ world, appId, properties: object(body.properties) });
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

/** Inline templates. Programs use them to create resources for which the SDK has no class. */
export const deployment: Handler = armHandler({
    token: "azure-native:resources:Deployment",
    armType: "Microsoft.Resources/deployments",
    names: ["deploymentName"],
    volatile: ["properties"],
    faults: ({ properties }) =>
        ["templateLink", "parametersLink"]
            .filter((key) => key in object(properties))
            .map(
                (key) =>
                    `properties.${key} is not supported by the local Azure: pass the template and its parameters inline`,
            ),
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
    // Nothing to repeat: the app's storage still holds the package, and its key store the keys.
    resume: async ({ before }) => ({ outputs: before.outputs, keep: before.keep }),
});
