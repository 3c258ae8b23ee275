import type { ServiceName } from "../services";
import type { StackJson, StackResource } from "../stackJson";
import { textAt, UsageError } from "../words";

/** Which backend of a stack is meant. */
export interface BackendChoice {
    stack: StackJson;
    /** Defaults to the stack's output. */
    negotiateUrl?: string;
    /** Defaults to the stack's output. */
    endpoint?: string;
    /** Name of the backend, where the stack has several. */
    component?: string;
}

/** One backend of a stack: what it exports, and what it consists of. */
export interface FoundBackend {
    outputs: Record<string, unknown>;
    resources?: StackResource[];
    service?: ServiceName;
}

const components = new Map<string, ServiceName>([
    ["azure-realtime:index:SocketIOBackend", "socketio"],
    ["azure-realtime:index:WebPubSubBackend", "webpubsub"],
    ["azure-realtime:index:SignalRBackend", "signalr"],
]);

/** Names of the backends of a stack. */
export const backendNames = ({ resources = [] }: StackJson): string[] =>
    resources.filter(({ type }) => components.has(type)).map(({ name }) => name);

/** Finds the backend to check. The program's own outputs win over the component's. Throws a `UsageError` when it is ambiguous. */
export function findBackend(options: BackendChoice): FoundBackend {
    const { stack, component } = options;
    const backends = (stack.resources ?? []).filter(({ type }) => components.has(type));
    const chosen = component === undefined ? soleBackend(options, backends) : named(component, backends);
    if (chosen === undefined) {
        return { ...stack, outputs: { ...fromResources(stack.resources), ...stack.outputs } };
    }
    // The program may export the addresses of another backend than the chosen one.
    const exported = backends.length > 1 ? {} : stack.outputs;
    const resources = within(chosen, stack.resources ?? []);
    return {
        outputs: { ...fromResources(resources), ...chosen.outputs, ...exported },
        resources,
        service: components.get(chosen.type),
    };
}

function soleBackend({ stack, endpoint, negotiateUrl }: BackendChoice, backends: StackResource[]) {
    if (backends.length < 2) {
        return backends[0];
    }
    const address = endpoint ?? stack.outputs.endpoint;
    const url = negotiateUrl ?? stack.outputs.negotiateUrl;
    const fitting = backends.filter(
        ({ outputs }) =>
            (address === undefined || outputs.endpoint === address) &&
            (url === undefined || outputs.negotiateUrl === url) &&
            !(address === undefined && url === undefined),
    );
    if (fitting.length === 1) {
        return fitting[0];
    }
    throw new UsageError(
        `The stack has ${backends.length} backends: ${backends.map(({ name }) => name).join(", ")}. Name one with --component.`,
    );
}

function named(component: string, backends: StackResource[]): StackResource {
    const found = backends.filter(({ name }) => name === component);
    if (found.length !== 1) {
        const known = backends.map(({ name }) => name).join(", ");
        throw new UsageError(
            `--component ${component}: the stack has ${found.length} backends of this name. Its backends are: ${known || "none"}.`,
        );
    }
    return found[0]!;
}

/** The resources below a component, and the others of a stack without parents. */
function within(component: StackResource, resources: StackResource[]): StackResource[] {
    const inside = new Set([component.urn]);
    const found: StackResource[] = [];
    // Parents stand before their children.
    for (const resource of resources) {
        if (resource.parent !== undefined && inside.has(resource.parent)) {
            inside.add(resource.urn);
            found.push(resource);
        }
    }
    return found.length > 0 ? found : resources;
}

/** The addresses of a backend that a program composed of single resources. */
function fromResources(resources: StackResource[] | undefined): Record<string, string> {
    const sole = (...ends: string[]): StackResource | undefined => {
        const found = resources?.filter(({ type }) => ends.some((end) => type.endsWith(end))) ?? [];
        return found.length === 1 ? found[0] : undefined;
    };
    const service = textAt(sole("webpubsub:WebPubSub", "signalrservice:SignalR")?.outputs, "hostName");
    const app = textAt(sole("web:WebApp")?.outputs, "defaultHostName");
    return {
        ...(service !== undefined && { endpoint: `https://${service}` }),
        ...(app !== undefined && { negotiateUrl: `${hostUrl(app)}/api/negotiate` }),
    };
}

/** The local Azure serves http, with a port in the host name. */
function hostUrl(hostName: string): string {
    return `${hostName.startsWith("localhost:") ? "http" : "https"}://${hostName}`;
}
