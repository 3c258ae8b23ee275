import type { InspectEvent } from "../../core/inspect";
import type { Probes } from "../../core/probes";
import { attribute, byResource, type Json, nanoseconds, ownerOf, scope } from "./spans";

/** Sums and durations since the start, of which every export tells the whole. */
export interface Metrics {
    add(event: InspectEvent): void;
    /** `resourceMetrics` of an export; none before anything happened. */
    read(now: number): Json[];
}

/** Upper bounds in seconds. Source: the advice for http.server.request.duration in the semantic conventions. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
/** Clients choose names of events, so a metric has at most so many series. */
const mostSeries = 500;
const cumulative = 2;

interface Series {
    owner: string;
    metric: string;
    attributes: Json[];
    count: number;
    /** Of a histogram. */
    buckets?: number[];
    sum: number;
}

export function createMetrics({ probes, start }: { probes: Probes; start: number }): Metrics {
    const series = new Map<string, Series>();

    function seriesOf(owner: string, metric: string, labels: Record<string, string | number>): Series | undefined {
        const key = JSON.stringify([owner, metric, labels]);
        let found = series.get(key);
        if (found === undefined && series.size < mostSeries) {
            const attributes = Object.entries(labels).map(([name, value]) => attribute(name, value));
            found = { owner, metric, attributes, count: 0, sum: 0 };
            series.set(key, found);
        }
        return found;
    }

    function count(event: InspectEvent, metric: string, labels: Record<string, string | number>, by = 1): void {
        const found = seriesOf(ownerOf(event), metric, labels);
        if (found !== undefined) {
            found.count += by;
        }
    }

    function measure(event: InspectEvent, metric: string, labels: Record<string, string | number>): void {
        const found = seriesOf(ownerOf(event), metric, labels);
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

    function connectionPoints(time: string): { owner: string; point: Json }[] {
        return [...probes.services].flatMap(({ name, hubs }) =>
            hubs().map((hub) => ({
                owner: name,
                point: {
                    attributes: [attribute("azure_realtime.hub", hub.name)],
                    timeUnixNano: time,
                    asInt: String(hub.connections),
                },
            })),
        );
    }

    return {
        add(event) {
            const { kind, name, outcome, status = 0, product = "webpubsub", hub = "" } = event;
            switch (kind) {
                case "clientEvent":
                    count(event, "messaging.client.consumed.messages", messaging(product, hub));
                    measure(event, "messaging.process.duration", messaging(product, hub));
                    return;
                case "broadcast":
                    count(event, "messaging.client.sent.messages", messaging(product, hub), event.count ?? 0);
                    return;
                case "function":
                    count(event, "faas.invocations", { "faas.name": name });
                    measure(event, "faas.invoke_duration", { "faas.name": name });
                    if (outcome === "failed") {
                        count(event, "faas.errors", { "faas.name": name });
                    }
                    return;
                case "rest":
                case "http":
                case "negotiate":
                    measure(event, "http.server.request.duration", {
                        "http.request.method": name.split(" ")[0] ?? "",
                        "http.response.status_code": status,
                    });
                    return;
            }
        },
        read(now) {
            const time = nanoseconds(now);
            const span = { startTimeUnixNano: nanoseconds(start), timeUnixNano: time };
            const points = connectionPoints(time);
            const owners = [
                ...byResource([...series.values()], ({ owner }) => owner).map(({ resource, items }) => ({
                    resource,
                    metrics: byMetric(items, span),
                })),
                ...byResource(points, ({ owner }) => owner).map(({ resource, items }) => ({
                    resource,
                    metrics: [
                        {
                            name: "azure_realtime.connections",
                            unit: "{connection}",
                            gauge: { dataPoints: items.map(({ point }) => point) },
                        },
                    ],
                })),
            ];
            return owners.map(({ resource, metrics }) => ({ resource, scopeMetrics: [{ scope, metrics }] }));
        },
    };
}

function messaging(product: string, hub: string): Record<string, string> {
    return { "messaging.system": product, "messaging.destination.name": hub };
}

function byMetric(items: readonly Series[], span: { startTimeUnixNano: string; timeUnixNano: string }): Json[] {
    const names = [...new Set(items.map(({ metric }) => metric))];
    return names.map((name): Json => {
        const own = items.filter(({ metric }) => metric === name);
        if (own[0]?.buckets === undefined) {
            const dataPoints = own.map(({ attributes, count }) => ({ attributes, ...span, asInt: String(count) }));
            return { name, unit: "1", sum: { aggregationTemporality: cumulative, isMonotonic: true, dataPoints } };
        }
        const dataPoints = own.map(({ attributes, count, sum, buckets = [] }) => ({
            attributes,
            ...span,
            count: String(count),
            sum,
            bucketCounts: buckets.map(String),
            explicitBounds: bounds,
        }));
        return { name, unit: "s", histogram: { aggregationTemporality: cumulative, dataPoints } };
    });
}
