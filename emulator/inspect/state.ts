import type { ConnectionState, FunctionState, Probes, ServiceProbe } from "../core/probes";
import type { DeploymentState } from "./deployment";
import type { Fault } from "./faults";

export interface InspectState {
    recording: boolean;
    services: (Pick<ServiceProbe, "id" | "name" | "product" | "endpoint"> & {
        hubs: ReturnType<ServiceProbe["hubs"]>;
    })[];
    connections: ConnectionState[];
    /** How many connections are not in the list. */
    more: number;
    apps: { id: string; name: string; url: string; functions: FunctionState[] }[];
    faults: Fault[];
    deployment?: DeploymentState;
}

const mostConnections = 2000;

export function readState(options: {
    recording: boolean;
    probes: Probes;
    faults: readonly Fault[];
    deployment: DeploymentState | undefined;
}): InspectState {
    const { recording, probes, faults, deployment } = options;
    const services = [...probes.services];
    const connections: ConnectionState[] = [];
    let count = 0;
    for (const service of services) {
        count += service.count();
        connections.push(...service.connections(mostConnections - connections.length));
    }
    return {
        recording,
        services: services.map((service) => ({
            id: service.id,
            name: service.name,
            product: service.product,
            endpoint: service.endpoint,
            hubs: service.hubs(),
        })),
        connections,
        more: Math.max(0, count - connections.length),
        apps: [...probes.apps].map((app) => ({ id: app.id, name: app.name, url: app.url, functions: app.functions() })),
        faults: [...faults],
        ...(deployment && { deployment }),
    };
}
