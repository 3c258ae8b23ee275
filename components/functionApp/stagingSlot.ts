import { createHash } from "node:crypto";
import {
    getWebAppSlot,
    listWebAppApplicationSettings,
    type WebApp,
    WebAppApplicationSettingsSlot,
    WebAppFtpAllowedSlot,
    WebAppScmAllowedSlot,
    WebAppSlot,
    WebAppSlotConfigurationNames,
} from "@pulumi/azure-native/web";
import * as pulumi from "@pulumi/pulumi";
import { orMissing } from "../shared/lookup";
import { keyStoreSettings } from "../shared/vault";
import type { CheckedFunctionAppArgs } from "./args";
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
}

/** Tells the host of the slot from the host of the app, which share one storage account and would take turns with one id. */
const hostIdSetting = "AzureFunctionsWebHost__hostid";

interface SlotOptions {
    stagingSlot: StagingSlot;
    /** What the app itself was made from. */
    site: WebAppOptions;
    environment: SettingsOptions;
    /** The app's settings: Azure refuses to change a site while another change of it is running. */
    after: pulumi.Resource;
}

/** Creates a slot with the app's own settings, except for its keys, its hubs and the id of its host, which no swap moves. */
export function createStagingSlot(
    name: string,
    { stagingSlot, site, environment, after }: SlotOptions,
    { parent, ...replaced }: pulumi.CustomResourceOptions,
): StagingSlotNodes {
    const { app, args } = environment;
    const { name: slotName, hubSuffix } = stagingSlotOf(stagingSlot);
    const hubs = hubSettingsOf(args);
    const { resourceGroupName } = args;
    const sticky = new WebAppSlotConfigurationNames(
        `${name}-sticky`,
        {
            name: app.name,
            resourceGroupName,
            appSettingNames: hubs.apply((known) => [
                keyStoreSettings.vaultUri,
                hostIdSetting,
                ...Object.keys(known).sort(),
            ]),
        },
        { parent, dependsOn: after },
    );
    const place = { name: app.name, resourceGroupName, slot: slotName };
    const slot = new WebAppSlot(
        `${name}-slot`,
        { ...place, ...siteProperties(site) },
        { ...replaced, parent, dependsOn: sticky },
    );
    // These come after the slot without using its own name, which Azure answers as <app>/<slot>.
    const ftp = new WebAppFtpAllowedSlot(`${name}-slot-ftp`, { ...place, allow: false }, { parent, dependsOn: slot });
    const scm = new WebAppScmAllowedSlot(`${name}-slot-scm`, { ...place, allow: false }, { parent, dependsOn: ftp });
    const { vaultId, vaultUri } = stagingSlot;
    const own = environmentOf({ ...environment, args: { ...args, keyStore: { vaultId, vaultUri } } });
    const properties = pulumi.all([own, hubs, app.name]).apply(([known, names, appName]) => ({
        ...known,
        ...Object.fromEntries(Object.entries(names).map(([key, hub]) => [key, `${hub}${hubSuffix}`])),
        [hostIdSetting]: hostIdOf(`${appName}/${slotName}`),
    }));
    const settings = new WebAppApplicationSettingsSlot(
        `${name}-slot-settings`,
        { ...place, properties },
        { parent, dependsOn: scm },
    );
    return { slot, settings, sticky };
}

/** 1-32 lower case letters and digits, as the host wants its id. Source: HostIdValidator.cs of Azure/azure-functions-host. */
const hostIdOf = (place: string) => createHash("sha256").update(place.toLowerCase()).digest("hex").slice(0, 32);

/**
 * The package that the app runs while it has a slot: the one that it runs now, because only a swap gives it another. Without a slot on
 * Azure it is the program's own. Pulumi's `ignoreChanges` would not do: an update of any setting writes all of them, and would write
 * the package from before the swap.
 */
export function runningPackage(
    { args, app, stagingSlot }: { args: CheckedFunctionAppArgs; app: WebApp; stagingSlot: StagingSlot },
    opts: pulumi.InvokeOptions,
): pulumi.Output<string> {
    const { name: slot } = stagingSlotOf(stagingSlot);
    // The id is known only where the app exists, so that no lookup comes before a new app.
    return (
        pulumi
            .all([app.name, args.resourceGroupName, app.id])
            .apply(async ([name, resourceGroupName]) => {
                const place = { name, resourceGroupName };
                if ((await orMissing(getWebAppSlot({ ...place, slot }, opts))) === undefined) {
                    return undefined;
                }
                const settings = await orMissing(listWebAppApplicationSettings(place, opts));
                return Object.entries(settings?.properties ?? {}).find(([key]) => key === packageSetting)?.[1];
            })
            // A preview does not know the URL of a new package, and does not need it where the app keeps another.
            .apply((running) => pulumi.output(running ?? args.packageUri ?? ""))
    );
}
