import type { InspectEvent } from "../../core/inspect";
import type { Probes } from "../../core/probes";
import { describe, errorTypeOf } from "./conventions";
import type { Places } from "./places";
import { type Attributes, byResource, type Json, nanoseconds, ownerOf, schemaUrl, scope, toAttributes } from "./values";

/** Sums and durations since the start, of which every export tells the whole. */
export interface Metrics {
    add(event: InspectEvent): void;
    /** `resourceMetrics` of an export; none before anything happened. */
    read(now: number): Json[];
}

/** Upper bounds in seconds. Source: the advice for http.server.request.duration in the semantic conventions. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
/** Clients choose names of paths and hubs, so a metric has at most so many series. */
const mostSeries = 500;
const cumulative = 2;

interface Series {
    owner: string;
    metric: string;
    unit: string;
    attributes: Json[];
    count: number;
    /** Of a histogram. */
    buckets?: number[];
    sum: number;
}

export function createMetrics({ probes, places, start }: { probes: Probes; places: Places; start: number }): Metrics {
    const series = new Map<string, Series>();

    function seriesOf(owner: string, metric: string, unit: string, labels: Attributes): Series | undefined {
        const key = JSON.stringify([owner, metric, labels]);
        let found = series.get(key);
        if (found === undefined && series.size < mostSeries) {
            found = { owner, metric, unit, attributes: toAttributes(labels), count: 0, sum: 0 };
            series.set(key, found);
        }
        return found;
    }

    function count(event: InspectEvent, metric: string, unit: string, labels: Attributes, by = 1): void {
        const found = seriesOf(ownerOf(event), metric, unit, labels);
        if (found !== undefined) {
            found.count += by;
        }
    }

    function measure(event: InspectEvent, metric: string, labels: Attributes): void {
        const found = seriesOf(ownerOf(event), metric, "s", labels);
        if (found !== undefined) {
            const seconds = (event.duration ?? 0) / 1000;
            found.buckets ??= new Array<number>(bounds.length + 1).fill(0);
            const at = bounds.findIndex((bound) => seconds <= bound);
            const index = at < 0 ? bounds.length : at;
            found.buckets[index] = (found.buckets[index] ?? 0) + 1;
            found.count += 1;
            found.sum += seconds;
        }
    }

    function connectionPoints(span: Times): { owner: string; point: Json }[] {
        return [...probes.services].flatMap(({ name, hubs }) =>
            hubs().map((hub) => ({
                owner: name,
                point: {
                    attributes: toAttributes({ "azure_realtime.hub": hub.name }),
                    ...span,
                    asInt: String(hub.connections),
                },
            })),
        );
    }

    return {
        add(event) {
            const { kind } = event;
            const { labels } = describe(event, places);
            switch (kind) {
                case "clientEvent":
                    count(event, "messaging.client.consumed.messages", "{message}", labels);
                    measure(event, "messaging.process.duration", labels);
                    return;
                case "broadcast":
                    count(event, "messaging.client.sent.messages", "{message}", labels);
                    count(event, "azure_realtime.delivered.messages", "{message}", labels, event.count ?? 0);
                    return;
                case "function":
                    // Source: semantic conventions, model/faas/metrics.yaml: invocations are those that succeeded.
                    if (errorTypeOf(event) === undefined) {
                        count(event, "faas.invocations", "{invocation}", labels);
                    } else {
                        count(event, "faas.errors", "{error}", labels);
                    }
                    measure(event, "faas.invoke_duration", labels);
                    return;
                case "upstream":
                    measure(event, "http.client.request.duration", labels);
                    return;
                case "rest":
                case "http":
                case "negotiate":
                    measure(event, "http.server.request.duration", labels);
                    return;
            }
        },
        read(now) {
            const span = { startTimeUnixNano: nanoseconds(start), timeUnixNano: nanoseconds(now) };
            const owners = [
                ...byResource([...series.values()], ({ owner }) => owner).map(({ resource, items }) => ({
                    resource,
                    metrics: byMetric(items, span),
                })),
                ...byResource(connectionPoints(span), ({ owner }) => owner).map(({ resource, items }) => ({
                    resource,
                    metrics: [
                        sumOf(
                            "azure_realtime.connections",
                            "{connection}",
                            false,
                            items.map(({ point }) => point),
                        ),
                    ],
                })),
            ];
            return owners.map(({ resource, metrics }) => ({
                resource,
                schemaUrl,
                scopeMetrics: [{ scope, schemaUrl, metrics }],
            }));
        },
    };
}

interface Times {
    startTimeUnixNano: string;
    timeUnixNano: string;
}

/** A counter; with a value that may fall, an up-down counter. */
function sumOf(name: string, unit: string, isMonotonic: boolean, dataPoints: Json[]): Json {
    return { name, unit, sum: { aggregationTemporality: cumulative, isMonotonic, dataPoints } };
}

function byMetric(items: readonly Series[], span: Times): Json[] {
    const names = [...new Set(items.map(({ metric }) => metric))];
    return names.map((name): Json => {
        const own = items.filter(({ metric }) => metric === name);
        const unit = own[0]?.unit ?? "1";
        if (own[0]?.buckets === undefined) {
            const points = own.map(({ attributes, count }) => ({ attributes, ...span, asInt: String(count) }));
            return sumOf(name, unit, true, points);
        }
        const dataPoints = own.map(({ attributes, count, sum, buckets = [] }) => ({
            attributes,
            ...span,
            count: String(count),
            sum,
            bucketCounts: buckets.map(String),
            explicitBounds: bounds,
        }));
        return { name, unit, histogram: { aggregationTemporality: cumulative, dataPoints } };
    });
}
