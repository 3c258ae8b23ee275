import type { InspectEvent } from "../../core/inspect";

/** A value of OTLP's JSON. */
export type Json = string | number | boolean | Json[] | { [name: string]: Json };

/** Attributes by name. What is undefined is left out. */
export type Attributes = Record<string, string | number | undefined>;

/** The semantic conventions whose names the export has. */
export const schemaUrl = "https://opentelemetry.io/schemas/1.44.0";
export const scope: Json = { name: "azure-realtime" };

export function toAttributes(attributes: Attributes): Json[] {
    return Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : [toAttribute(key, value)]));
}

function toAttribute(key: string, value: string | number): Json {
    return { key, value: typeof value === "string" ? { stringValue: value } : { intValue: String(value) } };
}

/** Nanoseconds as text: a number of JSON cannot hold them. */
export function nanoseconds(milliseconds: number): string {
    const whole = Math.floor(milliseconds);
    const rest = Math.min(999_999, Math.round((milliseconds - whole) * 1e6));
    return `${whole}${String(rest).padStart(6, "0")}`;
}

/** The service that an event belongs to: the app, or the realtime service. */
export function ownerOf({ app, service }: InspectEvent): string {
    return app ?? service ?? "azure-realtime";
}

/** Groups things by the service that they belong to, each with its resource. */
export function byResource<T>(items: readonly T[], nameOf: (item: T) => string): { resource: Json; items: T[] }[] {
    const groups = new Map<string, T[]>();
    for (const item of items) {
        const name = nameOf(item);
        const group = groups.get(name);
        group === undefined ? groups.set(name, [item]) : group.push(item);
    }
    return [...groups].map(([name, group]) => ({ resource: resourceOf(name), items: group }));
}

function resourceOf(name: string): Json {
    return {
        attributes: toAttributes({
            "service.name": name,
            "service.namespace": "azure-realtime",
            "deployment.environment.name": "development",
        }),
    };
}
