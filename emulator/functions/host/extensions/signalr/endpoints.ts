import { clientEndpoint } from "../service/connectionString";
import { type EndpointChoice, type EndpointType, readType } from "./choices";
import { type ConnectionHost, identityConnection, parseConnection, type SignalRConnection } from "./connection";

const root = "Azure__SignalR__Endpoints";
const transportSetting = "AzureSignalRServiceTransportType";

/** One of the services that the app's settings name. */
export interface SignalREndpoint extends SignalRConnection {
    /** Empty for the service of the connection itself. */
    name: string;
    type: EndpointType;
}

export interface SignalREndpoints {
    /** At least one, and one of them primary. */
    all: readonly SignalREndpoint[];
    /** Whether an action can choose among them: only with the persistent transport. */
    isRouted: boolean;
}

/**
 * The services of a connection: the one that its setting names, and those of `Azure:SignalR:Endpoints`, which belong to every connection.
 * Throws when the settings do not describe one. Sources: OptionsSetup.cs and IConfigurationExtensions.cs of the extension in
 * Azure/azure-sdk-for-net, ServiceManagerOptions.cs and ServiceEndpointManagerBase.cs of Azure/azure-signalr.
 */
export function resolveEndpoints({ name, host }: { name: string; host: ConnectionHost }): SignalREndpoints {
    const isRouted = isPersistent(host.settings.get(transportSetting));
    const text = host.settings.get(`ConnectionStrings:${name}`) ?? host.settings.get(name);
    const hasText = text !== undefined && text.trim() !== "";
    const found = [
        ...(hasText ? [withName(parseConnection({ name, text, host }), "")] : []),
        ...host.settings.children(root).flatMap((child) => namedEndpoints(child, host)),
        ...(hasText ? [] : identityEndpoints({ section: name, name: "", host })),
    ];
    if (found.length === 0) {
        throw new Error(
            `The SignalR Service connection string or endpoints are not set. Set app setting '${name}' to a connection string, or '${name}__serviceUri' for an identity-based connection.`,
        );
    }
    if (found.length > 1 && !isRouted) {
        const names = found.map((endpoint) => (endpoint.name === "" ? name : `${root}__${endpoint.name}`));
        throw new Error(
            `Multiple service endpoints are set (${[...new Set(names)].join(", ")}), which is not implemented in transient mode. Set app setting '${transportSetting}' to Persistent, or keep one.`,
        );
    }
    return { all: distinct(found), isRouted };
}

/** The extension's two ways to reach a service differ here in nothing but that the persistent one takes several services. */
function isPersistent(text: string | undefined): boolean {
    const type = text?.trim() ?? "";
    if (type !== "" && !/^(Transient|Persistent|\d+)$/.test(type)) {
        throw new Error(`Invalid service transport type: ${text}. Set ${transportSetting} to Transient or Persistent.`);
    }
    return type === "Persistent" || type === "1";
}

/** The services below one name of `Azure:SignalR:Endpoints`. */
function namedEndpoints(name: string, host: ConnectionHost): SignalREndpoint[] {
    const section = `${root}__${name}`;
    const withIdentity = identityEndpoints({ section, name, host });
    if (withIdentity.length > 0) {
        return withIdentity;
    }
    const places: [setting: string, type: EndpointType][] = [
        [section, "Primary"],
        [`${section}__primary`, "Primary"],
        [`${section}__secondary`, "Secondary"],
    ];
    return places.flatMap(([setting, type]) => {
        const text = host.settings.get(setting);
        return text === undefined ? [] : [withName(parseConnection({ name: setting, text, host }), name, type)];
    });
}

function identityEndpoints(options: { section: string; name: string; host: ConnectionHost }): SignalREndpoint[] {
    const { section, name, host } = options;
    const connection = identityConnection(section, host);
    if (connection === undefined) {
        return [];
    }
    const given = host.settings.get(`${section}__type`);
    const type = readType(given ?? "Primary");
    if (type === undefined) {
        throw new Error(`App setting '${section}__type' must be Primary or Secondary, not '${given}'.`);
    }
    return [withName(connection, name, type)];
}

function withName(connection: SignalRConnection, name: string, type: EndpointType = "Primary"): SignalREndpoint {
    return { ...connection, name, type };
}

/** Keeps one of those that have the same address: the first primary one. */
function distinct(found: readonly SignalREndpoint[]): readonly SignalREndpoint[] {
    const byAddress = new Map<string, SignalREndpoint>();
    for (const one of found) {
        const other = byAddress.get(one.endpoint);
        if (other === undefined || (isPrimary(one) && !isPrimary(other))) {
            byAddress.set(one.endpoint, one);
        }
    }
    const all = [...byAddress.values()];
    if (!all.some(isPrimary)) {
        throw new Error(`No primary endpoint defined: each one of ${root} is secondary.`);
    }
    return all;
}

export function isPrimary({ type }: SignalREndpoint): boolean {
    return type === "Primary";
}

/** An endpoint as the code of a function gets it. Source: LiteServiceEndpoint.cs of the extension. */
export function describeEndpoint({ type, name, endpoint }: SignalREndpoint) {
    return { endpointType: type, name, endpoint, online: true };
}

/**
 * The services that an action goes to: all, or those it chooses. An endpoint with addresses of gateways is never chosen, because the
 * vendor's code compares them and a function does not get them. Sources: ServiceHubContextImpl.WithEndpoints and ServiceEndpoint.Equals of
 * Azure/azure-signalr.
 */
export function targetsOf(services: SignalREndpoints, chosen: readonly EndpointChoice[] | undefined) {
    if (chosen === undefined || !services.isRouted) {
        return services.all;
    }
    return services.all.filter(
        (one) =>
            one.serverEndpoint === one.endpoint &&
            one.clientEndpoint === clientEndpoint(one.endpoint) &&
            chosen.some((c) => c.endpoint === one.endpoint && c.name === one.name && c.type === one.type),
    );
}
