/** What `{kind}` stands for in a name, after the abbreviations that Microsoft recommends. */
export const NamedKind = {
    /** Resource group. */
    ResourceGroup: "rg",
    /** Function App. */
    FunctionApp: "func",
    /** Plan of the Function App. */
    Plan: "asp",
    /** Storage account of the Functions host. */
    Storage: "st",
    /** Storage account of packages. */
    Packages: "stcode",
    /** Vault of the host's keys. */
    Vault: "kv",
    /** Vault of an access key, where the host's keys are in none. */
    ConnectionVault: "kvcon",
    /** Vault of the keys of a staging slot's host. */
    StagingVault: "kvslot",
    /** Web PubSub of either kind. */
    WebPubSub: "wps",
    /** SignalR Service. */
    SignalR: "sigr",
    /** Identity of the Function App. */
    AppIdentity: "idapp",
    /** Identity of the service. */
    ServiceIdentity: "idsvc",
    /** Application Insights. */
    Insights: "appi",
    /** Log Analytics workspace. */
    Workspace: "log",
    /** Virtual network. */
    VirtualNetwork: "vnet",
    /** Action group of alerts. */
    ActionGroup: "ag",
} as const;
export type NamedKind = (typeof NamedKind)[keyof typeof NamedKind];

/**
 * How new resources are called. Another scheme gives them other names, and so replaces them. An argument such as `vaultName` wins
 * over the scheme. What belongs to a resource, such as its private endpoints, replicas and alerts, is called after that resource.
 */
export interface Naming {
    /**
     * A name with placeholders, such as `{kind}-{name}-{environment}-{suffix}`. `{kind}` is an abbreviation: rg, func, asp, st, stcode,
     * kv, kvcon, kvslot, wps, sigr, idapp, idsvc, appi, log, vnet, ag. `{suffix}` is a random part of six letters and digits: without it a name may be
     * taken, and the vault's name stays taken for months after a destroy. `{kind}` and `{name}` are needed. Storage accounts get the letters and digits of
     * the name alone, in lower case.
     */
    template: string;
    /** What `{name}` stands for, such as the name of the product. */
    name: string;
    /** What `{environment}` stands for, such as prod. */
    environment?: string;
}
