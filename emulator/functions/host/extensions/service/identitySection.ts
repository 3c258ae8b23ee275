/** What the app asks its managed identity for. */
export interface IdentityRequest {
    resource: string;
    clientId?: string;
}

const identifiers = ["clientId", "managedIdentityClientId", "managedIdentityResourceId", "managedIdentityObjectId"];

/**
 * Reads the identity of a connection from the app settings below its name, by their names in lower case. Throws where they name one that the
 * app does not have here. Source: CreateCredential of ClientFactory.cs, Microsoft.Extensions.Azure in Azure/azure-sdk-for-net.
 */
export function identityRequest(options: {
    name: string;
    section: Record<string, string>;
    resource: string;
}): IdentityRequest {
    const { name, section, resource } = options;
    const given = new Map(Object.entries(section).filter(([, value]) => value.trim() !== ""));
    const has = (property: string): boolean => given.has(property.toLowerCase());
    const refuse = (setting: string): Error =>
        new Error(
            `App setting '${name}__${setting}' is not supported by this host. Use '${name}__credential' managedidentity, with '${name}__clientId' for a user-assigned identity.`,
        );
    const credential = given.get("credential")?.toLowerCase() ?? "";
    if (/^(workloadidentity|managedidentityasfederatedidentity|azurepipelines)$/.test(credential)) {
        throw refuse("credential");
    }
    const isManaged = credential === "managedidentity";
    const secret = ["clientSecret", "clientCertificate"].find(has);
    if (!isManaged && secret !== undefined && has("tenantId") && has("clientId")) {
        throw refuse(secret);
    }
    const named = identifiers.filter(has);
    if (isManaged && named.length > 1) {
        throw new Error(`Only one of the app settings '${name}__${named.join(`', '${name}__`)}' can be specified.`);
    }
    const other = named.find((identifier) => !identifier.endsWith("lientId"));
    if (other !== undefined) {
        throw refuse(other);
    }
    const clientId = given.get("managedidentityclientid") ?? given.get("clientid");
    return clientId === undefined ? { resource } : { resource, clientId };
}
