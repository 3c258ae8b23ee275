import { createHash } from "node:crypto";
import {
    getWebAppSlot,
    listWebAppApplicationSettings,
    type WebApp,
    WebAppApplicationSettingsSlot,
    type WebAppAuthSettingsV2Slot,
    WebAppFtpAllowedSlot,
    WebAppScmAllowedSlot,
    WebAppSlot,
    WebAppSlotConfigurationNames,
} from "@pulumi/azure-native/web";
import * as pulumi from "@pulumi/pulumi";
import { orMissing } from "../shared/lookup";
import { keyStoreSettings } from "../shared/vault";
import type { CheckedFunctionAppArgs } from "./args";
import { createSlotAuth } from "./easyAuth";
import { environmentOf, hubSettingsOf, packageSetting, type SettingsOptions } from "./settings";
import type { StagingSlot } from "./stagingSlotArgs";
import { stagingSlotOf } from "./stagingSlotCheck";
import { siteProperties, type WebAppOptions } from "./webApp";

/** Resources of a deployment slot. */
export interface StagingSlotNodes {
    slot: WebAppSlot;
    settings: WebAppApplicationSettingsSlot;
    /** Names of the settings that stay with app and slot when the two are swapped. */
    sticky: WebAppSlotConfigurationNames;
    /** Only there with eventAuth. */
    auth?: WebAppAuthSettingsV2Slot;
}

/** Tells the host of the slot from the host of the app, which share one storage account and would take turns with one id. */
const hostIdSetting = "AzureFunctionsWebHost__hostid";

interface SlotOptions {
    stagingSlot: StagingSlot;
    /** What the app itself was made from. */
    site: WebAppOptions;
    environment: SettingsOptions;
    /** What is written before: Azure refuses to change a site while another change of it is running. */
    after: pulumi.Resource[];
}

/** A slot that has no settings yet. */
export interface CreatedSlot extends Pick<StagingSlotNodes, "slot" | "sticky"> {
    stagingSlot: StagingSlot;
    /** The last resource of the slot so far. */
    last: pulumi.Resource;
    /** The package that the app gets: the one that it runs now, where its slot is there already. */
    packageUri: pulumi.Input<string> | undefined;
}

/**
 * Creates a slot with the app's own properties. It comes before whatever of the app waits for the service, because the URL of a SignalR
 * Service needs the slot's host name.
 */
export function createSlot(
    name: string,
    { stagingSlot, site, environment, after }: SlotOptions,
    { parent, ...replaced }: pulumi.CustomResourceOptions,
): CreatedSlot {
    const { app, args } = environment;
    const { name: slotName } = stagingSlotOf(stagingSlot);
    const { resourceGroupName } = args;
    const sticky = new WebAppSlotConfigurationNames(
        `${name}-sticky`,
        {
            name: app.name,
            resourceGroupName,
            appSettingNames: hubSettingsOf(args).apply((known) => [
                keyStoreSettings.vaultUri,
                hostIdSetting,
                ...Object.keys(known).sort(),
            ]),
        },
        { parent, dependsOn: after },
    );
    const running = args.delivery === "Url" ? runningPackage({ args, app, slotName }, { parent }) : undefined;
    // Whether there is a slot is asked before this update creates it.
    const appName = pulumi.all([app.name, running]).apply(([known]) => known);
    const slot = new WebAppSlot(
        `${name}-slot`,
        { name: appName, resourceGroupName, slot: slotName, ...siteProperties(site) },
        { ...replaced, parent, dependsOn: sticky },
    );
    // These come after the slot without using its own name, which Azure answers as <app>/<slot>.
    const place = { name: app.name, resourceGroupName, slot: slotName, allow: false };
    const ftp = new WebAppFtpAllowedSlot(`${name}-slot-ftp`, place, { parent, dependsOn: slot });
    const scm = new WebAppScmAllowedSlot(`${name}-slot-scm`, place, { parent, dependsOn: ftp });
    const { packageUri } = args;
    // A preview does not know the URL of a new package, and does not need it where the app keeps another.
    const kept = running?.apply((known) => pulumi.output(known ?? packageUri ?? ""));
    return { slot, sticky, stagingSlot, last: scm, packageUri: kept ?? packageUri };
}

/** Gives a slot the app's settings, except for its keys, its hubs and the id of its host, which no swap moves; and its proof of callers. */
export function completeSlot(
    name: string,
    { environment, after, created }: Pick<SlotOptions, "environment" | "after"> & { created: CreatedSlot },
    { parent }: pulumi.CustomResourceOptions,
): StagingSlotNodes {
    const { app, args } = environment;
    const { eventAuth, resourceGroupName } = args;
    const { stagingSlot } = created;
    const { name: slot, hubSuffix } = stagingSlotOf(stagingSlot);
    const auth =
        eventAuth &&
        createSlotAuth(
            name,
            { args: { ...args, eventAuth }, app, slot },
            { parent, dependsOn: [created.last, ...after] },
        );
    const { vaultId, vaultUri } = stagingSlot;
    const own = environmentOf({ ...environment, args: { ...args, keyStore: { vaultId, vaultUri } } });
    const properties = pulumi.all([own, hubSettingsOf(args), app.name]).apply(([known, names, appName]) => ({
        ...known,
        ...Object.fromEntries(Object.entries(names).map(([key, hub]) => [key, `${hub}${hubSuffix}`])),
        [hostIdSetting]: hostIdOf(`${appName}/${slot}`),
    }));
    const settings = new WebAppApplicationSettingsSlot(
        `${name}-slot-settings`,
        { name: app.name, resourceGroupName, slot, properties },
        { parent, dependsOn: [created.last, ...after, ...(auth ? [auth] : [])] },
    );
    return { slot: created.slot, sticky: created.sticky, settings, ...(auth && { auth }) };
}

/** 1-32 lower case letters and digits, as the host wants its id. Source: HostIdValidator.cs of Azure/azure-functions-host. */
const hostIdOf = (place: string) => createHash("sha256").update(place.toLowerCase()).digest("hex").slice(0, 32);

/**
 * The package that the app runs while it has a slot; undefined without a slot on Azure. Only a swap gives the app another. Pulumi's
 * `ignoreChanges` would not do: an update of any setting writes all of them, and would write the package from before the swap.
 */
function runningPackage(
    { args, app, slotName: slot }: { args: CheckedFunctionAppArgs; app: WebApp; slotName: string },
    opts: pulumi.InvokeOptions,
): pulumi.Output<string | undefined> {
    // The id is known only where the app exists, so that no lookup comes before a new app.
    return pulumi
        .all([app.name, args.resourceGroupName, app.id])
        .apply(async ([name, resourceGroupName]): Promise<string | undefined> => {
            const place = { name, resourceGroupName };
            if ((await orMissing(getWebAppSlot({ ...place, slot }, opts))) === undefined) {
                return undefined;
            }
            const settings = await orMissing(listWebAppApplicationSettings(place, opts));
            return Object.entries(settings?.properties ?? {}).find(([key]) => key === packageSetting)?.[1];
        });
}
