export type Properties = Record<string, unknown>;

/** A rule for resources of some types. */
export interface Rule {
    name: string;
    description: string;
    /** Resource types that the rule checks. */
    types: readonly string[];
    /** Describes the violation and its fix, without the value of any setting; undefined when there is none. */
    fault(properties: Properties): string | undefined;
}

const azure = (...types: string[]) => types.map((type) => `azure-native:${type}`);

/** Matches the secret part of a connection string or a signed URL. */
const plainKey = /(AccountKey|SharedAccessKey|AccessKey)=[^;@{]|[?&](sig|code)=[^&{]/i;
const isReference = (value: string) => /@Microsoft\.KeyVault\(/i.test(value);

export const rules: readonly Rule[] = [
    {
        name: "local-auth-off",
        description: "Services accept no access keys, only identities with roles.",
        types: azure("webpubsub:WebPubSub", "signalrservice:SignalR", "applicationinsights:Component"),
        fault: ({ disableLocalAuth }) =>
            disableLocalAuth === true
                ? undefined
                : "disableLocalAuth must be true. Use an identity with a role instead of an access key.",
    },
    {
        name: "no-public-blob",
        description: "Nobody can read a blob without signing in.",
        types: azure("storage:StorageAccount", "storage:BlobContainer"),
        fault: ({ allowBlobPublicAccess, containerName, publicAccess }) => {
            if (containerName !== undefined || publicAccess !== undefined) {
                return publicAccess === undefined || publicAccess === "None" ? undefined : "publicAccess must be None.";
            }
            return allowBlobPublicAccess === false ? undefined : "allowBlobPublicAccess must be false.";
        },
    },
    {
        name: "no-key-in-settings",
        description: "App settings contain no plain keys, only Key Vault references or settings for an identity.",
        types: azure("web:WebAppApplicationSettings", "web:WebApp"),
        fault: ({ properties, siteConfig }) => {
            const names = [...settingsOf(properties), ...listedSettings(siteConfig)]
                .filter(([, value]) => plainKey.test(value) && !isReference(value))
                .map(([name]) => name);
            return names.length === 0
                ? undefined
                : `${names.join(", ")} must not contain a key. Store the key in a vault and refer to it, or use an identity.`;
        },
    },
    {
        name: "tls",
        description: "Storage accounts and apps require TLS 1.2 or newer.",
        types: azure("storage:StorageAccount", "web:WebApp"),
        fault: ({ accountName, kind, minimumTlsVersion, siteConfig }) => {
            if (String(kind).includes("functionapp")) {
                const version = (siteConfig as Properties | undefined)?.minTlsVersion;
                // Azure's default is 1.2.
                return version === undefined || Number(version) >= 1.2
                    ? undefined
                    : "siteConfig.minTlsVersion must be 1.2 or newer.";
            }
            return /^TLS1_[23]$/.test(String(minimumTlsVersion))
                ? undefined
                : `minimumTlsVersion${accountName === undefined ? "" : ` of ${accountName}`} must be TLS1_2 or newer.`;
        },
    },
    {
        name: "https-only",
        description: "Storage accounts and apps accept only HTTPS.",
        types: azure("web:WebApp", "storage:StorageAccount"),
        fault: ({ kind, httpsOnly, enableHttpsTrafficOnly }) => {
            if (String(kind).includes("functionapp")) {
                return httpsOnly === true ? undefined : "httpsOnly must be true.";
            }
            return enableHttpsTrafficOnly === false ? "enableHttpsTrafficOnly must be true." : undefined;
        },
    },
    {
        name: "no-publishing-password",
        description: "Code is deployed with an identity, not with a publishing password.",
        types: azure("web:WebAppFtpAllowed", "web:WebAppScmAllowed"),
        fault: ({ allow }) => (allow === false ? undefined : "allow must be false."),
    },
    {
        name: "vault-roles",
        description: "Roles grant access to vaults, not access policies.",
        types: azure("keyvault:Vault"),
        fault: ({ properties }) =>
            (properties as Properties | undefined)?.enableRbacAuthorization === true
                ? undefined
                : "properties.enableRbacAuthorization must be true.",
    },
    {
        name: "role-on-one-resource",
        description: "A role is assigned on one resource, not on a resource group or a subscription.",
        types: azure("authorization:RoleAssignment"),
        fault: ({ scope }) =>
            /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/[^/]+\/[^/]+\/[^/]+/i.test(String(scope))
                ? undefined
                : `scope is ${scope}: it must be the id of one resource.`,
    },
];

function settingsOf(value: unknown): [string, string][] {
    if (typeof value !== "object" || value === null) {
        return [];
    }
    return Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string");
}

function listedSettings(siteConfig: unknown): [string, string][] {
    const { appSettings } = (siteConfig ?? {}) as { appSettings?: { name?: string; value?: string }[] };
    return (appSettings ?? []).map(({ name = "", value = "" }) => [name, value]);
}
