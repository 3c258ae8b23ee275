import type { ExtensionHost } from "../extension";
import { connectionOf, readEndpoint } from "../service/connectionString";
import type { ServiceCredential } from "../service/dataPlane";
import { identityRequest } from "../service/identitySection";
import type { Caller } from "../service/validation";

export const defaultConnection = "WebPubSubConnectionString";
const resource = "https://webpubsub.azure.com";

/** A service that the app's settings name, with the credential for it. */
export interface WebPubSubConnection {
    endpoint: string;
    credential: ServiceCredential;
    /** The same service in the role of a caller of this app. */
    caller: Caller;
}

type ConnectionHost = Pick<ExtensionHost, "settings" | "token">;

/** Finds a connection by the name of its setting; undefined when there is no such setting. Throws when the setting is not valid. */
export function findConnection(options: { name: string; host: ConnectionHost }): WebPubSubConnection | undefined {
    const { name, host } = options;
    const value = host.settings.get(name);
    if (value !== undefined && value.trim() !== "") {
        return connectionOf({ name, value, needsKey: false });
    }
    const section = host.settings.section(name);
    const { serviceuri } = section;
    if (serviceuri === undefined || serviceuri.trim() === "") {
        return undefined;
    }
    const endpoint = readEndpoint({ endpoint: serviceuri });
    const request = identityRequest({ name, section, resource });
    return {
        endpoint,
        credential: { token: () => host.token(request) },
        caller: { host: new URL(endpoint).hostname },
    };
}

/** The service of an input or output binding. Throws with the vendor's message when no setting names one. */
export function requireConnection(options: {
    name: string | undefined;
    binding: string;
    host: ConnectionHost;
}): WebPubSubConnection {
    const { name = defaultConnection, binding, host } = options;
    const connection = findConnection({ name, host });
    if (connection === undefined) {
        throw new Error(
            `Connection must be specified through one of the following:\n  * Set '${binding}.Connection' property to the name of a config section that contains a Web PubSub connection.\n  * Set a Web PubSub connection under '${defaultConnection}'.\nApp settings '${name}' and '${name}__serviceUri' are not set.`,
        );
    }
    return connection;
}

/** Services whose events a binding accepts; an empty list accepts all. Throws when the setting of a named one is missing. */
export function callersOf(options: { names: readonly string[]; host: ConnectionHost }): Caller[] {
    const { names, host } = options;
    if (names.length === 0) {
        const connection = findConnection({ name: defaultConnection, host });
        return connection === undefined ? [] : [connection.caller];
    }
    return names.map((name) => {
        const connection = findConnection({ name, host });
        if (connection === undefined) {
            throw new Error(`Unable to resolve Web PubSub connection from configuration section '${name}'.`);
        }
        return connection.caller;
    });
}
