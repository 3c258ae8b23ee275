export type Properties = Record<string, unknown>;

/** Something that resources of some types must keep. */
export interface Rule {
    name: string;
    description: string;
    /** Resource types that it looks at. */
    types: readonly string[];
    /** What is wrong, in words that hold no value of a setting; undefined when nothing is. */
    fault(properties: Properties): string | undefined;
}

const azure = (...types: string[]) => types.map((type) => `azure-native:${type}`);

/** What stands in a connection string or a signed address, and is as good as a password. */
const plainKey = /(AccountKey|SharedAccessKey|AccessKey)=[^;@{]|[?&](sig|code)=[^&{]/i;
const isReference = (value: string) => /@Microsoft\.KeyVault\(/i.test(value);

export const rules: readonly Rule[] = [
    {
        name: "local-auth-off",
        description: "Services take no access keys: identities and roles decide.",
        types: azure("webpubsub:WebPubSub", "signalrservice:SignalR", "applicationinsights:Component"),
        fault: ({ disableLocalAuth }) =>
            disableLocalAuth === true
                ? undefined
                : "disableLocalAuth must be true. Use an identity with a role instead.",
    },
    {
        name: "no-public-blob",
        description: "No blob can be read without signing in.",
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
        description: "App settings hold no key in the clear: Key Vault references or identities instead.",
        types: azure("web:WebAppApplicationSettings", "web:WebApp"),
        fault: ({ properties, siteConfig }) => {
            const names = [...settingsOf(properties), ...listedSettings(siteConfig)]
                .filter(([, value]) => plainKey.test(value) && !isReference(value))
                .map(([name]) => name);
            return names.length === 0
                ? undefined
                : `${names.join(", ")} must not hold a key. Keep it in a vault and refer to it, or use an identity.`;
        },
    },
    {
        name: "tls",
        description: "Nothing speaks a TLS older than 1.2.",
        types: azure("storage:StorageAccount", "web:WebApp"),
        fault: ({ accountName, kind, minimumTlsVersion, siteConfig }) => {
            if (String(kind).includes("functionapp")) {
                const version = (siteConfig as Properties | undefined)?.minTlsVersion;
                // Azure's own default is 1.2.
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
        description: "Nothing answers without TLS.",
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
        description: "Roles decide who reads a vault, not access policies.",
        types: azure("keyvault:Vault"),
        fault: ({ properties }) =>
            (properties as Properties | undefined)?.enableRbacAuthorization === true
                ? undefined
                : "properties.enableRbacAuthorization must be true.",
    },
    {
        name: "role-on-one-resource",
        description: "A role is given on one resource, not on a group or a subscription.",
        types: azure("authorization:RoleAssignment"),
        fault: ({ scope }) =>
            /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/[^/]+\/[^/]+\/[^/]+/i.test(String(scope))
                ? undefined
                : `scope is ${scope}; it must be the id of one resource.`,
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
