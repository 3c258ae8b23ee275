import { ifKnown } from "./known";

export type Properties = Record<string, unknown>;

/** Describes the violation and its fix, without the value of any setting; undefined when there is none. */
type Fault = (properties: Properties) => string | undefined;

/**
 * A rule for resources of some types. A fault reads the property that it judges and nothing else, because the policy SDK throws at
 * the first unknown value, and in a first preview every name is unknown.
 */
export interface Rule {
    name: string;
    description: string;
    /** How each resource type of azure-native is judged. */
    faults: Record<string, Fault>;
}

/** Matches the secret part of a connection string or a signed URL. */
const plainKey = /(AccountKey|SharedAccessKey|AccessKey)=[^;@{]|[?&](sig|code)=[^&{]/i;
const isReference = (value: string) => /@Microsoft\.KeyVault\(/i.test(value);

const localAuthOff: Fault = ({ disableLocalAuth }) =>
    disableLocalAuth === true
        ? undefined
        : "disableLocalAuth must be true. Use an identity with a role instead of an access key.";

const passwordOff: Fault = ({ allow }) => (allow === false ? undefined : "allow must be false.");

const ofApps: readonly Rule[] = [
    {
        name: "local-auth-off",
        description: "Services accept no access keys, only identities with roles.",
        faults: {
            "webpubsub:WebPubSub": localAuthOff,
            "signalrservice:SignalR": localAuthOff,
            "applicationinsights:Component": localAuthOff,
        },
    },
    {
        name: "no-public-blob",
        description: "Nobody can read a blob without signing in.",
        faults: {
            "storage:StorageAccount": ({ allowBlobPublicAccess }) =>
                allowBlobPublicAccess === false ? undefined : "allowBlobPublicAccess must be false.",
            "storage:BlobContainer": ({ publicAccess }) =>
                publicAccess === undefined || publicAccess === "None" ? undefined : "publicAccess must be None.",
        },
    },
    {
        name: "no-key-in-settings",
        description: "App settings contain no plain keys, only Key Vault references or settings for an identity.",
        faults: {
            "web:WebAppApplicationSettings": ({ properties }) => keyFault(settingsOf(properties)),
            "web:WebApp": ({ siteConfig }) => keyFault(listedSettings(siteConfig)),
        },
    },
    {
        name: "tls",
        description: "Storage accounts and apps require TLS 1.2 or newer.",
        faults: {
            "storage:StorageAccount": ({ minimumTlsVersion }) =>
                /^TLS1_[23]$/.test(String(minimumTlsVersion))
                    ? undefined
                    : "minimumTlsVersion must be TLS1_2 or newer.",
            "web:WebApp": ({ siteConfig }) => {
                const version = (siteConfig as Properties | undefined)?.minTlsVersion;
                // Azure's default is 1.2.
                return version === undefined || Number(version) >= 1.2
                    ? undefined
                    : "siteConfig.minTlsVersion must be 1.2 or newer.";
            },
        },
    },
    {
        name: "https-only",
        description: "Storage accounts and apps accept only HTTPS.",
        faults: {
            "web:WebApp": ({ httpsOnly }) => (httpsOnly === true ? undefined : "httpsOnly must be true."),
            "storage:StorageAccount": ({ enableHttpsTrafficOnly }) =>
                enableHttpsTrafficOnly === false ? "enableHttpsTrafficOnly must be true." : undefined,
        },
    },
    {
        name: "no-publishing-password",
        description: "Code is deployed with an identity, not with a publishing password.",
        faults: { "web:WebAppFtpAllowed": passwordOff, "web:WebAppScmAllowed": passwordOff },
    },
    {
        name: "vault-roles",
        description: "Roles grant access to vaults, not access policies.",
        faults: {
            "keyvault:Vault": ({ properties }) =>
                (properties as Properties | undefined)?.enableRbacAuthorization === true
                    ? undefined
                    : "properties.enableRbacAuthorization must be true.",
        },
    },
    {
        name: "webhook-behind-login",
        description: "App Service authentication, where an app has it, asks for a token where the events arrive.",
        faults: { "web:WebAppAuthSettingsV2": webhookFault },
    },
    {
        name: "autoscale-on",
        description: "An autoscale setting is switched on, which Azure's default is not.",
        faults: {
            "monitor:AutoscaleSetting": ({ enabled }) =>
                enabled === true ? undefined : "enabled must be true, else nothing scales.",
        },
    },
    {
        name: "role-on-one-resource",
        description: "A role is assigned on one resource, not on a resource group or a subscription.",
        faults: {
            "authorization:RoleAssignment": ({ scope }) =>
                /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/[^/]+\/[^/]+\/[^/]+/i.test(String(scope))
                    ? undefined
                    : `scope is ${scope}: it must be the id of one resource.`,
        },
    },
    {
        name: "network-access-said",
        description:
            "An app says whether the internet reaches it: Azure closes one that does not with its first private endpoint.",
        faults: {
            "web:WebApp": ({ publicNetworkAccess }) =>
                publicNetworkAccess === "Enabled" || publicNetworkAccess === "Disabled"
                    ? undefined
                    : "publicNetworkAccess must be Enabled or Disabled.",
        },
    },
    {
        name: "no-open-range",
        description: "No firewall rule opens a vault or a storage account to the whole internet.",
        faults: {
            "storage:StorageAccount": ({ networkRuleSet }) =>
                openRangeFault(networkRuleSet, "networkRuleSet", "iPAddressOrRange"),
            "keyvault:Vault": ({ properties }) =>
                openRangeFault((properties as Properties | undefined)?.networkAcls, "properties.networkAcls", "value"),
        },
    },
];

/** A slot is an app of its own, which a swap makes the app, so each rule for a part of an app holds for the same part of a slot. */
export const rules: readonly Rule[] = ofApps.map(({ faults, ...rule }) => {
    const ofSlots = Object.entries(faults).flatMap(([type, fault]) =>
        type.startsWith("web:") ? [[`${type}Slot`, fault] as const] : [],
    );
    return { ...rule, faults: { ...faults, ...Object.fromEntries(ofSlots) } };
});

function openRangeFault(firewall: unknown, path: string, address: string): string | undefined {
    const { ipRules } = (firewall ?? {}) as { ipRules?: Properties[] };
    const isOpen = Array.from({ length: ipRules?.length ?? 0 }, (_, index) =>
        ifKnown(() => /\/[0-7]$/.test(String(ipRules?.[index]?.[address]))),
    );
    return isOpen.includes(true) ? `${path}.ipRules must not hold a range larger than a /8.` : undefined;
}

const webhooks = "/runtime/webhooks";

/** A path stands for all that begins with it, so a part of the webhook's path opens it too. */
function webhookFault({ globalValidation }: Properties): string | undefined {
    const { requireAuthentication, unauthenticatedClientAction, excludedPaths } = (globalValidation ??
        {}) as Properties;
    if (requireAuthentication !== true || unauthenticatedClientAction === "AllowAnonymous") {
        return "globalValidation must have requireAuthentication true and an unauthenticatedClientAction that refuses, such as Return401.";
    }
    const paths = (Array.isArray(excludedPaths) ? excludedPaths : []).map((path) => String(path).toLowerCase());
    const open = paths.find((path) => webhooks.startsWith(path) || path.startsWith(webhooks));
    return open === undefined
        ? undefined
        : `globalValidation.excludedPaths must not hold ${open}: the events arrive at ${webhooks}.`;
}

function keyFault(settings: [string, unknown][]): string | undefined {
    const names = settings
        .filter(([, value]) => typeof value === "string" && plainKey.test(value) && !isReference(value))
        .map(([name]) => name);
    return names.length === 0
        ? undefined
        : `${names.join(", ")} must not contain a key. Store the key in a vault and refer to it, or use an identity.`;
}

/** The settings with a known value. */
function settingsOf(value: unknown): [string, unknown][] {
    if (typeof value !== "object" || value === null) {
        return [];
    }
    const settings = value as Properties;
    return Object.keys(settings).map((name) => [name, ifKnown(() => settings[name])]);
}

function listedSettings(siteConfig: unknown): [string, unknown][] {
    const { appSettings } = (siteConfig ?? {}) as { appSettings?: { name?: string; value?: string }[] };
    const count = appSettings?.length ?? 0;
    return Array.from({ length: count }, (_, index) => [
        String(ifKnown(() => appSettings?.[index]?.name) ?? `siteConfig.appSettings[${index}]`),
        ifKnown(() => appSettings?.[index]?.value),
    ]);
}
