import type { PlanSku } from "../options";

export const packageSetting = "WEBSITE_RUN_FROM_PACKAGE";
export const packageReaderSetting = "WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID";

export function isPackageUrl(value: string | undefined): value is string {
    return value !== undefined && /^https?:/i.test(value);
}

/** Whether the app's folder is a mounted package, which is read-only. Flex Consumption always runs from a package. */
export function isMounted({ settings, sku }: { settings: Record<string, string>; sku: PlanSku }): boolean {
    const value = settings[packageSetting];
    return sku === "FlexConsumption" || value === "1" || isPackageUrl(value);
}

/** The reason why settings cannot follow those before. Source: learn, app-service/deploy-run-package. */
export function packageSettingFault(options: {
    before: Record<string, unknown>;
    next: Record<string, unknown>;
}): string | undefined {
    const next = options.next[packageSetting];
    return options.before[packageSetting] === "1" && typeof next === "string" && isPackageUrl(next)
        ? `${packageSetting} is a URL, but this app runs with "1" so far: App Service does not change an app from a ` +
              'mounted package to a URL. Keep "1", or replace the app.'
        : undefined;
}
