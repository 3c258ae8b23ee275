import { join } from "node:path";
import type { FunctionAppOptions } from "../../emulator/functions";
import type { Handler, ProviderFunction } from "../engine/handler";
import type { Properties } from "../engine/values";
import { armHandler } from "./armHandler";
import { closeIdentity, type Identities, openIdentities } from "./identities";
import { buildId } from "./ids";
import { list, object, optionalText, text } from "./inputs";
import { portOf } from "./ports";
import type { World } from "./world";

const site = "Microsoft.Web/sites";

function siteId(world: World, inputs: Properties): string {
    const resourceGroup = text(inputs, "resourceGroupName");
    return buildId({ ...world, resourceGroup, type: site, names: [text(inputs, "name")] });
}

function stringMap(values: Properties): Record<string, string> {
    return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)]));
}

/** Flex Consumption states the runtime in `functionAppConfig`, other plans in `linuxFxVersion`, such as `NODE|22`. */
function runtimeOf(inputs: Properties): { name: string; version: string } | undefined {
    const flex = object(object(inputs.functionAppConfig).runtime);
    if (flex.name !== undefined) {
        return { name: text(flex, "name"), version: optionalText(flex, "version") ?? "" };
    }
    const [name, version = ""] = (optionalText(object(inputs.siteConfig), "linuxFxVersion") ?? "").split("|");
    return name ? { name: name.toLowerCase(), version } : undefined;
}

function deploymentOf(world: World, inputs: Properties): FunctionAppOptions["deployment"] {
    const storage = object(object(object(inputs.functionAppConfig).deployment).storage);
    if (storage.value === undefined) {
        return undefined;
    }
    const authentication = object(storage.authentication);
    const identityId = optionalText(authentication, "userAssignedIdentityResourceId");
    const principalId = identityId === undefined ? undefined : world.principals.get(identityId).principalId;
    return { containerUrl: text(storage, "value"), ...(principalId !== undefined && { principalId }) };
}

function appOptions({
    world,
    inputs,
    identities,
}: {
    world: World;
    inputs: Properties;
    identities: Identities;
}): Partial<FunctionAppOptions> {
    const reader = optionalText(inputs, "keyVaultReferenceIdentity");
    const runtime = runtimeOf(inputs);
    const deployment = deploymentOf(world, inputs);
    const { systemAssigned, userAssigned } = identities;
    return {
        identities: { ...(systemAssigned && { systemAssigned }), userAssigned },
        ...(reader?.startsWith("/") && { keyVaultReferencePrincipalId: world.principals.get(reader).principalId }),
        ...(runtime && { runtime }),
        ...(deployment && { deployment }),
        httpsOnly: inputs.httpsOnly === true,
    };
}

function storageFaults(inputs: Properties): string[] {
    const storage = object(object(object(inputs.functionAppConfig).deployment).storage);
    const type = optionalText(object(storage.authentication), "type");
    if (type !== "StorageAccountConnectionString") {
        return [];
    }
    return [
        `functionAppConfig.deployment.storage.authentication.type is "${type}": it must name an identity, because the local Azure supports no connection string here`,
    ];
}

export const webApp: Handler = armHandler({
    token: "azure-native:web:WebApp",
    armType: site,
    names: ["name"],
    regional: true,
    faults: storageFaults,
    async make({ world, id, name, inputs, before }) {
        const identities = openIdentities({ world, id, inputs, ...(before && { keep: before.keep }) });
        const options = appOptions({ world, inputs, identities });
        const open = world.apps.find(id);
        await open?.update(options);
        const app =
            open ??
            (await world.emulator.openFunctionApp({
                id,
                name,
                folder: join(world.folder, "apps", name),
                identities: { userAssigned: [] },
                ...options,
                ...portOf(before),
            }));
        world.apps.add(id, app);
        const settings = list(object(inputs.siteConfig).appSettings).map(object);
        if (settings.length > 0) {
            const pairs = settings.map((setting) => [text(setting, "name"), text(setting, "value")]);
            await app.setAppSettings(Object.fromEntries(pairs));
        }
        return {
            outputs: {
                ...identities.outputs,
                defaultHostName: app.hostName,
                hostNames: [app.hostName],
                enabledHostNames: [app.hostName],
                resourceGroup: inputs.resourceGroupName ?? "",
                state: "Running",
            },
            keep: { ...identities.keep, port: app.port },
        };
    },
    async remove({ world, id }) {
        await world.apps.find(id)?.close();
        world.apps.remove(id);
        closeIdentity({ world, id });
    },
});

export const webAppApplicationSettings: Handler = armHandler({
    token: "azure-native:web:WebAppApplicationSettings",
    armType: `${site}/config`,
    names: ["name", "=appsettings"],
    async make({ world, inputs }) {
        await world.apps.get(siteId(world, inputs)).setAppSettings(stringMap(object(inputs.properties)));
        return {};
    },
    async remove({ world, inputs }) {
        await world.apps.find(siteId(world, inputs))?.setAppSettings({});
    },
});

function publishingPolicy(className: string, policy: string): Handler {
    return armHandler({
        token: `azure-native:web:${className}`,
        armType: `${site}/basicPublishingCredentialsPolicies`,
        names: ["name", `=${policy}`],
        async make({ world, inputs }) {
            world.apps.get(siteId(world, inputs));
            return {};
        },
    });
}

export const webAppFtpAllowed = publishingPolicy("WebAppFtpAllowed", "ftp");
export const webAppScmAllowed = publishingPolicy("WebAppScmAllowed", "scm");

export const appServicePlan: Handler = armHandler({
    token: "azure-native:web:AppServicePlan",
    armType: "Microsoft.Web/serverfarms",
    names: ["name"],
    regional: true,
    make: async () => ({ outputs: { status: "Ready", provisioningState: "Succeeded" } }),
});

export const listWebAppHostKeys: ProviderFunction = {
    token: "azure-native:web:listWebAppHostKeys",
    async run({ world, args }) {
        const { masterKey, functionKeys, systemKeys } = await world.apps.get(siteId(world, args)).hostKeys();
        return { masterKey, functionKeys, systemKeys };
    },
};
