import type { ExtensionHost } from "../extension";
import { connectionOf, readEndpoint } from "../service/connectionString";
import type { ServiceCredential } from "../service/dataPlane";
import { identityRequest } from "../service/identitySection";
import type { Caller } from "../service/validation";

export const defaultConnection = "WebPubSubForSocketIOConnectionString";
const resource = "https://webpubsub.azure.com";
const help =
    "See https://learn.microsoft.com/azure/azure-functions/functions-reference#common-properties-for-identity-based-connections for more details.";

/** A service that the app's settings name, with the credential for it. */
export interface SocketIOConnection {
    endpoint: string;
    credential: ServiceCredential;
    /** The same service in the role of a caller of this app. */
    caller: Caller;
}

/** Resolves a connection by the name of its setting. Throws with the vendor's message when the settings do not describe one. */
export function resolveConnection(options: {
    name: string;
    host: Pick<ExtensionHost, "settings" | "token">;
}): SocketIOConnection {
    const { name, host } = options;
    const { key, value, section } = find(options);
    if (value === undefined && Object.keys(section).length === 0) {
        throw new Error(
            `SocketIO connection string '${name}' does not exist. Please set either '${name}' to use access key based connection. Or set \`${name}:credential\`, \`${name}:clientId\` and \`${name}:endpoint\` to use identity-based connection. ${help}`,
        );
    }
    if (value !== undefined && value.trim() !== "") {
        // Source: SocketIOConnectionInfo.cs of Azure/azure-sdk-for-net, which makes the credential while it reads the setting.
        return connectionOf({ name: key, value, needsKey: true });
    }
    if (section.endpoint === undefined || section.endpoint.trim() === "") {
        throw new Error(
            `SocketIO connection should have an '${name}:endpoint' propert when it uses identity-based authentication, or it should set \`${name}\` setting to use access key based authentication.`,
        );
    }
    const endpoint = readEndpoint({ endpoint: section.endpoint });
    const request = identityRequest({ name: key, section, resource });
    return {
        endpoint,
        credential: { token: () => host.token(request) },
        caller: { host: new URL(endpoint).hostname },
    };
}

function find({ name, host }: { name: string; host: Pick<ExtensionHost, "settings"> }) {
    for (const key of [`AzureWebJobs${name}`, `ConnectionStrings:${name}`, name]) {
        const value = host.settings.get(key);
        const section = host.settings.section(key);
        if (value !== undefined || Object.keys(section).length > 0) {
            return { key, value, section };
        }
    }
    return { key: name, value: undefined, section: {} };
}
