import { ActionError } from "../core/probes";
import type { HubProbe } from "../core/service/probe";
import type { Connection } from "./connection";
import type { Hub } from "./hub";
import type { SignalRServiceOptions, UpstreamTemplate } from "./types";

/** What the inspector sees of a SignalR Service. */
export function createProbe(settings: () => SignalRServiceOptions): HubProbe<Hub, Connection> {
    return {
        registry: (hub) => hub.registry,
        handlers: () => (settings().upstream?.templates ?? []).map(describeTemplate),
        view: ({ transport, protocol, traffic }) => ({
            transport: transport.name,
            protocol: protocol?.name ?? "",
            traffic,
        }),
        send(hub, members, { event, data }) {
            if (event === undefined || event === "") {
                throw new ActionError(
                    "A message of SignalR needs 'event', the name of the method to call on the client.",
                );
            }
            hub.send(members, { target: event, arguments: Array.isArray(data) ? (data as unknown[]) : [data] });
            return members.length;
        },
        close: (hub, connection, reason) => hub.close(connection, reason),
        cut: ({ transport }) => transport.cut(),
        revoke() {
            throw new ActionError("Clients of SignalR have no roles.");
        },
        pass: ({ hub, user }) => {
            const path = `/client/?hub=${encodeURIComponent(hub.toLowerCase())}`;
            const claims = user === undefined || user === "" ? {} : { "asrs.s.uid": user, nameid: user };
            return { path, audience: path, claims };
        },
    };
}

function describeTemplate({ urlTemplate, hubPattern, categoryPattern, eventPattern }: UpstreamTemplate): string {
    const [hub, category, event] = [hubPattern, categoryPattern, eventPattern].map((pattern) => pattern ?? "*");
    return `${urlTemplate.split("?")[0]}: hub ${hub}, category ${category}, event ${event}`;
}
