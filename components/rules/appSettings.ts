/** App settings that one part of a Function App needs, and what that part is called in an error. */
export interface ReservedSettings {
    owner: string;
    /** Exact names, or a stem with every setting below it: `AzureWebJobsStorage__*`. */
    names: readonly string[];
}

/** Settings that a caller may not give, whatever the plan. */
export const alwaysReserved: readonly ReservedSettings[] = [
    { owner: "the host's storage, reached by identity", names: ["AzureWebJobsStorage", "AzureWebJobsStorage__*"] },
    {
        owner: "Application Insights",
        names: ["APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING"],
    },
];

export const flexReserved: ReservedSettings = {
    owner: "the Flex Consumption plan, which refuses it",
    names: [
        "ENABLE_ORYX_BUILD",
        "FUNCTIONS_EXTENSION_VERSION",
        "FUNCTIONS_WORKER_RUNTIME",
        "FUNCTIONS_WORKER_RUNTIME_VERSION",
        "FUNCTIONS_WORKER_PROCESS_COUNT",
        "SCM_DO_BUILD_DURING_DEPLOYMENT",
        "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING",
        "WEBSITE_CONTENTOVERVNET",
        "WEBSITE_CONTENTSHARE",
        "WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT",
        "WEBSITE_NODE_DEFAULT_VERSION",
        "WEBSITE_RUN_FROM_PACKAGE",
        "WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID",
        "WEBSITE_SKIP_CONTENTSHARE_VALIDATION",
        "WEBSITE_VNET_ROUTE_ALL",
    ],
};

export const premiumReserved: ReservedSettings = {
    owner: "the function code and its runtime",
    names: [
        "FUNCTIONS_EXTENSION_VERSION",
        "FUNCTIONS_WORKER_RUNTIME",
        "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING",
        "WEBSITE_CONTENTSHARE",
        "WEBSITE_RUN_FROM_PACKAGE",
        "WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID",
    ],
};

export interface SettingClash {
    name: string;
    owner: string;
}

/** The caller's settings that something else owns. App setting names ignore case, and `:` is `__` on Linux. */
export function settingClashes(names: readonly string[], reserved: readonly ReservedSettings[]): SettingClash[] {
    return names.flatMap((name) => {
        const owner = reserved.find((group) => group.names.some((taken) => isTaken(name, taken)))?.owner;
        return owner === undefined ? [] : [{ name, owner }];
    });
}

function isTaken(name: string, taken: string): boolean {
    const plain = name.replace(/:/g, "__").toLowerCase();
    const other = taken.toLowerCase();
    return other.endsWith("*") ? plain.startsWith(other.slice(0, -1)) : plain === other;
}

/** One rule for a caller's whole map of settings. */
export function appSettingsRule(
    reserved: readonly ReservedSettings[],
): (settings: Record<string, unknown>) => string | undefined {
    return (settings) => {
        const names = Object.keys(settings);
        const bad = names.filter((name) => !/^[A-Za-z0-9_.:-]{1,256}$/.test(name));
        const reasons = [
            ...bad.map((name) => `${JSON.stringify(name)} is not a valid setting name (letters, digits and _ . : -)`),
            ...settingClashes(names, reserved).map(({ name, owner }) => `${name} belongs to ${owner}`),
        ];
        return reasons.length === 0 ? undefined : `${reasons.join("; ")}. Remove or rename what you gave.`;
    };
}
