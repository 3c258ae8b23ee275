import { bindingData, EnumValue } from "../../bindings/bindingData";
import { dataTypeWarning, typedBytes } from "../../bindings/dataType";
import type { TypedData } from "../../rpc";
import type { BindingInfo } from "../../worker/types";
import type { HostFunction } from "../extension";
import type { DataType, EventRequest } from "./request";

/** Members of an event. A trigger gets the one that its binding's name names. */
const members = [
    "connectionContext",
    "data",
    "dataType",
    "claims",
    "query",
    "reason",
    "subprotocols",
    "clientCertificates",
] as const;

// In the order of the vendor's enumerations.
const dataTypes: readonly DataType[] = ["binary", "json", "text"];
const eventTypes = ["System", "User"];

/** The trigger's value. Undefined when the binding's name names nothing, as on Azure: WebPubSubTriggerBinding.GetValueByName. */
export function inputOf(options: { trigger: BindingInfo; event: EventRequest; body: Buffer }): TypedData | undefined {
    const { trigger, event } = options;
    const name = trigger.name.toLowerCase();
    const member = members.find((candidate) => candidate.toLowerCase() === name);
    if (member === undefined && name !== "request") {
        return undefined;
    }
    const value = member === undefined ? event : event[member];
    if (value === undefined || value === null) {
        return undefined;
    }
    if (member === "data") {
        return typedBytes(trigger, options.body);
    }
    return typedBytes(trigger, Buffer.from(typeof value === "string" ? value : JSON.stringify(value)));
}

/** What is wrong with a trigger's name or its data type; undefined when nothing is. */
export function warningOf({ name: fn, trigger }: HostFunction): string | undefined {
    const name = trigger.name.toLowerCase();
    if (name !== "request" && !members.some((member) => member.toLowerCase() === name)) {
        return (
            `Function '${fn}': its webPubSubTrigger is called '${trigger.name}', which names no part of an event, so the code ` +
            `gets undefined, as on Azure. Call it request, ${members.join(", ")}.`
        );
    }
    return dataTypeWarning({ fn, trigger, takesBytes: true });
}

/** The event's values for binding expressions and trigger metadata. */
export function toData(event: EventRequest): Record<string, unknown> {
    const { connectionContext, claims, query, subprotocols, clientCertificates, reason, data, dataType } = event;
    const { eventType, ...context } = connectionContext;
    const type = dataType ?? "text";
    return {
        Request: event,
        ConnectionContext: bindingData([
            ...Object.entries(context),
            ["eventType", new EnumValue(String(eventType), eventTypes.indexOf(String(eventType)))],
        ]),
        Data: data ?? null,
        DataType: new EnumValue(type, dataTypes.indexOf(type)),
        Claims: table(claims),
        Query: table(query),
        Subprotocols: subprotocols ?? null,
        ClientCertificates: clientCertificates ?? null,
        Reason: reason ?? null,
    };
}

/** A table whose names are case-sensitive; null when there is none. */
function table(value: unknown): Map<string, unknown> | null {
    return typeof value === "object" && value !== null ? new Map(Object.entries(value)) : null;
}
