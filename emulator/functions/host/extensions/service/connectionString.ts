import type { ServiceCredential } from "./dataPlane";
import type { Caller } from "./validation";

/** The content of a service's connection string. */
export interface ServiceConnection {
    /** Scheme, host and port, without a trailing slash. */
    endpoint: string;
    /** Undefined where the service takes no keys, so that the connection string has none. */
    accessKey: string | undefined;
}

/**
 * The `Name=Value` parts of a connection string, by name in lower case. A part of another form counts for nothing. Throws when one is there
 * twice. Sources: WebPubSubServiceAccessUtil.cs of Azure/azure-sdk-for-net, ConnectionStringParser.cs of Azure/azure-signalr.
 */
export function readParts(text: string): ReadonlyMap<string, string> {
    const parts = new Map<string, string>();
    for (const part of text.split(";").filter((piece) => piece.trim() !== "")) {
        const equals = part.indexOf("=");
        if (equals < 0) {
            continue;
        }
        const name = part.slice(0, equals).trim().toLowerCase();
        if (parts.has(name)) {
            throw new Error(`The connection string has '${part.slice(0, equals).trim()}' more than once.`);
        }
        parts.set(name, part.slice(equals + 1).trim());
    }
    return parts;
}

/** Parses `Endpoint=…;AccessKey=…;Version=1.0;`, of which only the endpoint must be there, with an optional `Port=…`. The error never holds the key. */
export function parseConnectionString(text: string): ServiceConnection {
    const parts = readParts(text);
    const endpoint = parts.get("endpoint");
    const accessKey = parts.get("accesskey");
    if (endpoint === undefined || endpoint === "") {
        throw new Error("The connection string has no Endpoint.");
    }
    return {
        endpoint: readEndpoint({ endpoint, port: parts.get("port") }),
        accessKey: accessKey === "" ? undefined : accessKey,
    };
}

/**
 * The service of an app setting that is a connection string. Without a key, where none is needed, the app gets events, whose signature is then
 * not asked for, and cannot call the service. Source: CreateFromConnectionString_SucceedsWithoutAccessKey and RequestValidator.cs of
 * Azure/azure-sdk-for-net.
 */
export function connectionOf(setting: { name: string; value: string; needsKey: boolean }): {
    endpoint: string;
    credential: ServiceCredential;
    caller: Caller;
} {
    const { endpoint, accessKey } = parseConnectionSetting(setting);
    const host = new URL(endpoint).hostname;
    if (accessKey !== undefined) {
        return { endpoint, credential: { accessKey }, caller: { host, accessKey } };
    }
    const token = async () => {
        throw new Error(
            `App setting '${setting.name}' has no AccessKey, so the app cannot call ${endpoint}. Add AccessKey=…, or connect with an identity.`,
        );
    };
    return { endpoint, credential: { token }, caller: { host } };
}

/** Parses an app setting that is a connection string. The error names the setting and never holds its value. */
function parseConnectionSetting(setting: { name: string; value: string; needsKey: boolean }): ServiceConnection {
    const { name, value, needsKey } = setting;
    if (/@Microsoft\.KeyVault\(/i.test(value)) {
        throw new Error(
            `App setting '${name}' is a Key Vault reference that was not resolved: the app's identity could not read the secret. The log says why.`,
        );
    }
    try {
        const connection = parseConnectionString(value);
        if (needsKey && connection.accessKey === undefined) {
            throw new Error("The connection string has no AccessKey.");
        }
        return connection;
    } catch (error) {
        throw new Error(`App setting '${name}' is not a connection string`, { cause: error });
    }
}

/**
 * The address of a service for clients. On this machine it is http, because a browser does not trust the certificate of the
 * local authority; the same port serves both.
 */
export function clientEndpoint(endpoint: string): string {
    const url = new URL(endpoint);
    return /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname) ? `http://${url.host}` : endpoint;
}

/** Scheme, host and port of an endpoint. Throws when the endpoint is no http or https URL. */
export function readEndpoint({ endpoint, port }: { endpoint: string; port?: string }): string {
    const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
    if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) {
        throw new Error(`The endpoint '${endpoint}' is not an http or https URL.`);
    }
    if (port !== undefined) {
        // Source: CreateFromConnectionString_ThrowsArgumentException_WhenPortIsInvalid of Azure/azure-sdk-for-net.
        if (!/^\d+$/.test(port) || Number(port) < 1 || Number(port) > 65535) {
            throw new Error(`The port '${port}' must be a number from 1 to 65535.`);
        }
        url.port = port;
    }
    return url.origin;
}
