import type { ExtensionHost } from "../extension";
import { parseConnectionString, readEndpoint } from "../service/connectionString";
import type { ServiceCredential } from "../service/dataPlane";

export const defaultConnection = "AzureSignalRConnectionString";
const resource = "https://signalr.azure.com";

/** A service that the app's settings name, with the credential for it. */
export interface SignalRConnection {
    endpoint: string;
    credential: ServiceCredential;
    /** Key with which the service signs its events. Undefined with a managed identity. */
    accessKey: string | undefined;
}

/** Resolves a connection by the name of its setting. Throws when the settings do not describe one. */
export function resolveConnection(options: {
    name: string;
    host: Pick<ExtensionHost, "settings" | "token">;
}): SignalRConnection {
    const { name, host } = options;
    const text = host.settings.get(`ConnectionStrings:${name}`) ?? host.settings.get(name);
    if (text !== undefined && text.trim() !== "") {
        const { endpoint, accessKey } = parse({ name, text });
        return { endpoint, credential: { accessKey }, accessKey };
    }
    const { serviceuri, clientid } = host.settings.section(name);
    if (serviceuri === undefined || serviceuri.trim() === "") {
        throw new Error(
            `The SignalR Service connection string or endpoints are not set. Set app setting '${name}' to a connection string, or '${name}__serviceUri' for an identity-based connection.`,
        );
    }
    const request = clientid === undefined || clientid === "" ? { resource } : { resource, clientId: clientid };
    return {
        endpoint: readEndpoint({ endpoint: serviceuri }),
        credential: { token: () => host.token(request) },
        accessKey: undefined,
    };
}

function parse({ name, text }: { name: string; text: string }) {
    if (/@Microsoft\.KeyVault\(/i.test(text)) {
        throw new Error(
            `App setting '${name}' is a Key Vault reference that was not resolved: the app's identity could not read the secret. The log says why.`,
        );
    }
    if (/(^|;)\s*AuthType\s*=/i.test(text)) {
        throw new Error(
            `App setting '${name}' has an AuthType, which this host does not support. Set '${name}__serviceUri' for an identity-based connection.`,
        );
    }
    try {
        return parseConnectionString(text);
    } catch (error) {
        throw new Error(`App setting '${name}' is not a connection string`, { cause: error });
    }
}
