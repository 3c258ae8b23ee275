import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { FunctionAppOptions, PlanSku } from "../../emulator/functions";
import { packageSettingFault } from "../../emulator/functions/package/settings";
import { CheckError, type Handler, type Made, type ProviderFunction } from "../engine/handler";
import type { Properties } from "../engine/values";
import { type ArmSpec, armHandler } from "./armHandler";
import { closeIdentity, type Identities, openIdentities } from "./identities";
import { buildId } from "./ids";
import { list, object, optionalText, text } from "./inputs";
import { countSites, type Plan, planFaults, planOf, planSku, requireSameKind, sitesOf } from "./plans";
import { portOf } from "./ports";
import { settingFaults, siteFaults, siteOnPlanFaults, slotFault } from "./siteFaults";
import type { World } from "./world";

const site = "Microsoft.Web/sites";

/** The id of the app that the inputs name, or of the slot of an app. */
export function siteId(world: World, inputs: Properties): string {
    const resourceGroup = text(inputs, "resourceGroupName");
    const slot = optionalText(inputs, "slot");
    return slot === undefined
        ? buildId({ ...world, resourceGroup, type: site, names: [text(inputs, "name")] })
        : buildId({ ...world, resourceGroup, type: `${site}/slots`, names: [text(inputs, "name"), slot] });
}

/** The name of an app's process: Azure writes the host name of a slot so. */
function processName(inputs: Properties): string {
    const slot = optionalText(inputs, "slot");
    return slot === undefined ? text(inputs, "name") : `${text(inputs, "name")}-${slot}`;
}

function stringMap(values: Properties): Record<string, string> {
    return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)]));
}

/**
 * Flex Consumption states the runtime in `functionAppConfig`, other Linux plans in `linuxFxVersion`, such as `NODE|22`.
 * On Windows it stands in the app settings, which the app itself reads.
 */
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
    plan,
}: {
    world: World;
    inputs: Properties;
    identities: Identities;
    plan: Plan | undefined;
}): Partial<FunctionAppOptions> {
    const reader = optionalText(inputs, "keyVaultReferenceIdentity");
    const runtime = runtimeOf(inputs);
    const deployment = deploymentOf(world, inputs);
    const { systemAssigned, userAssigned } = identities;
    return {
        sku: plan?.sku ?? "Dedicated",
        isLinux: plan?.isLinux ?? true,
        identities: { ...(systemAssigned && { systemAssigned }), userAssigned },
        ...(reader?.startsWith("/") && { keyVaultReferencePrincipalId: world.principals.get(reader).principalId }),
        ...(runtime && { runtime }),
        ...(deployment && { deployment }),
        httpsOnly: inputs.httpsOnly === true,
        // An update without CORS takes away what an earlier one gave.
        cors: corsOf(inputs),
    };
}

function corsOf(inputs: Properties): NonNullable<FunctionAppOptions["cors"]> {
    const { allowedOrigins, supportCredentials } = object(object(inputs.siteConfig).cors);
    return { allowedOrigins: list(allowedOrigins).map(String), supportCredentials: supportCredentials === true };
}

function appFolder(world: World, name: string): string {
    return join(world.folder, "apps", name);
}

function siteSettings(inputs: Properties): Record<string, string> {
    const settings = list(object(inputs.siteConfig).appSettings).map(object);
    return Object.fromEntries(settings.map((setting) => [text(setting, "name"), text(setting, "value")]));
}

/** Throws what Azure would refuse on the app's plan. */
function checkPlan(site: {
    world: World;
    id: string;
    inputs: Properties;
    plan: Plan | undefined;
    settings: Record<string, string>;
    before?: Required<Made>;
}): void {
    const { world, id, inputs, plan, settings, before } = site;
    if (plan === undefined) {
        return;
    }
    const others = sitesOf(world, plan.id).filter((other) => other.toLowerCase() !== id.toLowerCase());
    const faults = [...siteOnPlanFaults({ inputs, plan, others }), ...settingFaults(settings, plan)];
    if (faults.length > 0) {
        throw new CheckError(faults);
    }
    requireSameKind({
        property: "serverFarmId",
        before: optionalText(before?.keep ?? {}, "planSku") as PlanSku | undefined,
        after: plan.sku,
        resource: "app",
    });
}

/** Counts the app on its plan, and no longer on the one before. */
function movePlan(move: { world: World; id: string; before: Properties | undefined; after: Plan | undefined }): void {
    const { world, id, before, after } = move;
    const others = (planId: string) =>
        sitesOf(world, planId).filter((other) => other.toLowerCase() !== id.toLowerCase()).length;
    const earlier = optionalText(before ?? {}, "serverFarmId");
    if (earlier !== undefined) {
        countSites(world, { planId: earlier, sites: others(earlier) });
    }
    if (after !== undefined) {
        countSites(world, { planId: after.id, sites: others(after.id) + 1 });
    }
}

const siteSpec: Pick<ArmSpec, "regional" | "faults" | "make" | "remove"> = {
    regional: true,
    faults: siteFaults,
    async make({ world, id, inputs, before }) {
        const name = processName(inputs);
        const plan = planOf(world, inputs);
        const settings = siteSettings(inputs);
        checkPlan({ world, id, inputs, plan, settings, ...(before && { before }) });
        const identities = openIdentities({ world, id, inputs, ...(before && { keep: before.keep }) });
        const options = appOptions({ world, inputs, identities, plan });
        const open = world.apps.find(id);
        await open?.update(options);
        const app =
            open ??
            (await world.emulator.openFunctionApp({
                id,
                name,
                folder: appFolder(world, name),
                identities: { userAssigned: [] },
                ...options,
                ...portOf(before),
            }));
        world.apps.add(id, app);
        if (Object.keys(settings).length > 0) {
            await app.setAppSettings(settings);
        }
        movePlan({ world, id, before: before?.outputs, after: plan });
        return {
            outputs: {
                ...identities.outputs,
                defaultHostName: app.hostName,
                hostNames: [app.hostName],
                enabledHostNames: [app.hostName],
                resourceGroup: inputs.resourceGroupName ?? "",
                state: "Running",
            },
            keep: { ...identities.keep, port: app.port, ...(plan && { planSku: plan.sku }) },
        };
    },
    async remove({ world, id, inputs }) {
        await world.apps.find(id)?.close();
        world.apps.remove(id);
        movePlan({ world, id, before: inputs, after: undefined });
        // A later app of the same name has no code either.
        await rm(join(appFolder(world, processName(inputs)), "data"), { recursive: true, force: true });
        closeIdentity({ world, id });
    },
};

export const webApp: Handler = armHandler({
    ...siteSpec,
    token: "azure-native:web:WebApp",
    armType: site,
    names: ["name"],
});

/** A second app beside the app. Nothing swaps the two: that is an action of Azure, not a resource. */
const webAppSlot: Handler = armHandler({
    ...siteSpec,
    token: "azure-native:web:WebAppSlot",
    armType: `${site}/slots`,
    names: ["name", "slot"],
    async make(context) {
        const { world, inputs } = context;
        const { slot: _slot, ...app } = inputs;
        world.apps.get(siteId(world, app));
        const plan = planOf(world, inputs);
        const fault = plan && slotFault(plan);
        if (fault !== undefined) {
            throw new CheckError([fault]);
        }
        const made = await siteSpec.make?.(context);
        return { ...made, outputs: { ...made?.outputs, name: `${text(inputs, "name")}/${text(inputs, "slot")}` } };
    },
});

const settingsSpec: Pick<ArmSpec, "make" | "remove"> = {
    async make({ world, inputs, before }) {
        const id = siteId(world, inputs);
        const app = world.apps.get(id);
        const settings = stringMap(object(inputs.properties));
        const faults = settingFaults(settings, planOf(world, world.resources.find(id) ?? {}));
        const packageFault = packageSettingFault({ before: object(before?.outputs.properties), next: settings });
        if (packageFault !== undefined) {
            faults.push(`app setting ${packageFault}`);
        }
        if (faults.length > 0) {
            throw new CheckError(faults);
        }
        await app.setAppSettings(settings);
        return {};
    },
    async remove({ world, inputs }) {
        await world.apps.find(siteId(world, inputs))?.setAppSettings({});
    },
};

export const webAppApplicationSettings: Handler = armHandler({
    ...settingsSpec,
    token: "azure-native:web:WebAppApplicationSettings",
    armType: `${site}/config`,
    names: ["name", "=appsettings"],
});

function publishingPolicy(className: string, policy: string): Handler {
    const ofSlot = className.endsWith("Slot");
    return armHandler({
        token: `azure-native:web:${className}`,
        armType: `${ofSlot ? `${site}/slots` : site}/basicPublishingCredentialsPolicies`,
        names: ["name", ...(ofSlot ? ["slot"] : []), `=${policy}`],
        async make({ world, inputs }) {
            world.apps.get(siteId(world, inputs));
            return {};
        },
    });
}

export const webAppFtpAllowed = publishingPolicy("WebAppFtpAllowed", "ftp");
export const webAppScmAllowed = publishingPolicy("WebAppScmAllowed", "scm");

/** A deployment slot and what is set on it. */
export const slotHandlers: Handler[] = [
    webAppSlot,
    armHandler({
        ...settingsSpec,
        token: "azure-native:web:WebAppApplicationSettingsSlot",
        armType: `${site}/slots/config`,
        names: ["name", "slot", "=appsettings"],
    }),
    publishingPolicy("WebAppFtpAllowedSlot", "ftp"),
    publishingPolicy("WebAppScmAllowedSlot", "scm"),
    armHandler({
        token: "azure-native:web:WebAppSlotConfigurationNames",
        armType: `${site}/config`,
        names: ["name", "=slotConfigNames"],
        // It says what a swap leaves in place, and nothing swaps here.
        recorded: true,
    }),
];

export const listWebAppApplicationSettings: ProviderFunction = {
    token: "azure-native:web:listWebAppApplicationSettings",
    async run({ world, args }) {
        const id = siteId(world, args);
        world.apps.get(id);
        return { properties: object(world.resources.find(`${id}/config/appsettings`)?.properties) };
    },
};

export const appServicePlan: Handler = armHandler({
    token: "azure-native:web:AppServicePlan",
    armType: "Microsoft.Web/serverfarms",
    names: ["name"],
    regional: true,
    faults: planFaults,
    async make({ world, id, name, inputs, before }) {
        const after = planSku(object(inputs.sku));
        const earlier = before && planSku(object(before.outputs.sku));
        requireSameKind({ property: "sku.name", before: earlier, after, resource: `plan "${name}"` });
        const numberOfSites = sitesOf(world, id).length;
        return { outputs: { numberOfSites, status: "Ready", provisioningState: "Succeeded" } };
    },
});

export const listWebAppHostKeys: ProviderFunction = {
    token: "azure-native:web:listWebAppHostKeys",
    async run({ world, args }) {
        const { masterKey, functionKeys, systemKeys } = await world.apps.get(siteId(world, args)).hostKeys();
        return { masterKey, functionKeys, systemKeys };
    },
};
