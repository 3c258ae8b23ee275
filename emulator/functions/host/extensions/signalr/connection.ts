import type { ExtensionHost } from "../extension";
import { clientEndpoint, readEndpoint, readParts } from "../service/connectionString";
import type { ServiceCredential } from "../service/dataPlane";
import { type IdentityRequest, identityRequest } from "../service/identitySection";

export const defaultConnection = "AzureSignalRConnectionString";
const resource = "https://signalr.azure.com";

/** A service that the app's settings name, with the credential for it. */
export interface SignalRConnection {
    endpoint: string;
    /** Where the app calls the service: a gateway in front of it, or the endpoint. Tokens are for the endpoint in any case. */
    serverEndpoint: string;
    /** Where clients connect, without a trailing slash. */
    clientEndpoint: string;
    credential: ServiceCredential;
    /** Key with which the service signs its events. Undefined with a managed identity. */
    accessKey: string | undefined;
}

export type ConnectionHost = Pick<ExtensionHost, "settings" | "token">;

/** The service that a section of settings names by `serviceUri`. Undefined without it. Source: IConfigurationExtensions.cs of the extension. */
export function identityConnection(name: string, host: ConnectionHost): SignalRConnection | undefined {
    const section = host.settings.section(name);
    const { serviceuri, serverendpoint, clientendpoint } = section;
    if (serviceuri === undefined || serviceuri.trim() === "") {
        return undefined;
    }
    return {
        ...readEndpoints({ endpoint: serviceuri, serverEndpoint: serverendpoint, clientEndpoint: clientendpoint }),
        credential: identity(host, identityRequest({ name, section, resource })),
        accessKey: undefined,
    };
}

const identity = (host: ConnectionHost, request: IdentityRequest): ServiceCredential => ({
    token: () => host.token(request),
});

interface Endpoints {
    endpoint: string;
    port?: string | undefined;
    serverEndpoint?: string | undefined;
    clientEndpoint?: string | undefined;
}

function readEndpoints(given: Endpoints): Pick<SignalRConnection, "endpoint" | "serverEndpoint" | "clientEndpoint"> {
    const { port } = given;
    const endpoint = readEndpoint({ endpoint: given.endpoint, ...(port !== undefined && { port }) });
    return {
        endpoint,
        serverEndpoint: gateway("serverEndpoint", given.serverEndpoint) ?? endpoint,
        clientEndpoint: gateway("clientEndpoint", given.clientEndpoint) ?? clientEndpoint(endpoint),
    };
}

/** The address of a gateway, which may have a path. */
function gateway(name: string, text: string | undefined): string | undefined {
    if (text === undefined || text === "") {
        return undefined;
    }
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol)) {
        throw new Error(`Invalid value for ${name} property, it must be a valid URI: ${text}`);
    }
    return `${url.origin}${url.pathname}`.replace(/\/$/, "");
}

/** The service of an app setting that is a connection string. Source: ConnectionStringParser.cs of Azure/azure-signalr. */
export function parseConnection(options: { name: string; text: string; host: ConnectionHost }): SignalRConnection {
    const { name, text, host } = options;
    if (/@Microsoft\.KeyVault\(/i.test(text)) {
        throw new Error(
            `App setting '${name}' is a Key Vault reference that was not resolved: the app's identity could not read the secret. The log says why.`,
        );
    }
    try {
        const parts = readParts(text);
        const part = (key: string) => parts.get(key);
        const version = part("version");
        if (version !== undefined && !/^1\.\d[\w.-]*$/.test(version)) {
            throw new Error(`Version ${version} is not supported.`);
        }
        const endpoint = part("endpoint");
        if (endpoint === undefined || endpoint === "") {
            throw new Error("The connection string has no Endpoint.");
        }
        const endpoints = readEndpoints({
            endpoint,
            port: part("port"),
            serverEndpoint: part("serverendpoint"),
            clientEndpoint: part("clientendpoint"),
        });
        return { ...endpoints, ...readCredential(part, host) };
    } catch (error) {
        throw new Error(`App setting '${name}' is not a connection string`, { cause: error });
    }
}

/** Reads `AuthType`, which asks for an identity, or else the access key. */
function readCredential(
    part: (name: string) => string | undefined,
    host: ConnectionHost,
): Pick<SignalRConnection, "credential" | "accessKey"> {
    const type = part("authtype")?.toLowerCase();
    const clientId = part("clientid");
    if (type === "azure.app" || (type === "aad" && clientId !== undefined && part("tenantid") !== undefined)) {
        throw new Error(
            `AuthType=${type} signs in as an application with a secret or a certificate, which this host does not support. ` +
                "Use AuthType=azure.msi for a managed identity.",
        );
    }
    const request = type === "azure" || !clientId ? { resource } : { resource, clientId };
    if (type === "azure" || type === "azure.msi" || type === "aad") {
        return { credential: identity(host, request), accessKey: undefined };
    }
    const accessKey = part("accesskey");
    if (accessKey === undefined || accessKey === "") {
        throw new Error("The connection string has no AccessKey.");
    }
    return { credential: { accessKey }, accessKey };
}
