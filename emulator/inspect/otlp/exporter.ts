import type { Clock } from "../../core/clock";
import { messageOf } from "../../core/errors";
import { fetchOnce } from "../../core/fetchOnce";
import type { InspectEvent } from "../../core/inspect";
import type { LogLevel } from "../../core/log";
import type { Probes } from "../../core/probes";
import { shownEvent } from "../../core/shown";
import { trimSlashes } from "../../core/trimSlashes";
import type { EventStore } from "../store";
import { toLogRecord } from "./logs";
import { createMetrics } from "./metrics";
import { byResource, isSpan, type Json, ownerOf, scope, toSpan } from "./spans";

export interface ExporterOptions {
    /** Address of an OTLP/HTTP receiver, such as `http://localhost:4318`. */
    endpoint: string;
    store: EventStore;
    probes: Probes;
    clock: Clock;
    fetch: typeof fetch;
    log(level: LogLevel, message: string): void;
}

export interface Exporter {
    /** Sends what waits, and ends. */
    close(): Promise<void>;
}

const sendEvery = 1000;
const metricsEvery = 10;
const longestWait = 10_000;
/** Milliseconds for the last send, because somebody waits for the end. */
const lastWait = 1000;
/** Events that wait for a receiver which does not answer. The oldest are dropped. */
const mostWaiting = 10_000;
const mostAtOnce = 2000;

/** Sends everything that is recorded to a receiver of OpenTelemetry, as JSON over HTTP. */
export function startExporter(options: ExporterOptions): Exporter {
    const { endpoint, store, clock, log } = options;
    const base = trimSlashes(endpoint);
    const metrics = createMetrics({ probes: options.probes, start: store.now() });
    const release = store.hold();
    let waiting: InspectEvent[] = [];
    let dropped = 0;
    let hasFailed = false;
    let rounds = 0;
    let isClosing = false;
    const ending = new AbortController();
    let running: Promise<void> = Promise.resolve();
    let cancel = (): void => undefined;

    const unlisten = store.listen((event) => {
        // What runs is sent when it has ended.
        if (event.duration !== undefined) {
            metrics.add(event);
            waiting.push(event);
            if (waiting.length > mostWaiting) {
                dropped += waiting.length - mostWaiting / 2;
                waiting = waiting.slice(-mostWaiting / 2);
            }
        }
    });

    async function post(signal: "traces" | "logs" | "metrics", body: Json): Promise<void> {
        // A receiver that sends the data elsewhere is none that somebody chose.
        const response = await fetchOnce({
            fetch: options.fetch,
            url: `${base}/v1/${signal}`,
            init: {
                method: "POST",
                headers: { "content-type": "application/json" },
                body: JSON.stringify(body),
                signal: isClosing
                    ? AbortSignal.timeout(lastWait)
                    : AbortSignal.any([ending.signal, AbortSignal.timeout(longestWait)]),
            },
        });
        if (!response.ok) {
            throw new Error(`it answered ${response.status} to ${signal}`);
        }
    }

    async function sendAll(withMetrics: boolean): Promise<void> {
        while (waiting.length > 0) {
            const batch = waiting.slice(0, mostAtOnce);
            const spans = batch.filter(isSpan).map(shownEvent);
            const lines = batch.filter((event) => !isSpan(event)).map(shownEvent);
            if (spans.length > 0) {
                const resourceSpans = byResource(spans, ownerOf).map(({ resource, items }) => ({
                    resource,
                    scopeSpans: [{ scope, spans: items.map(toSpan) }],
                }));
                await post("traces", { resourceSpans });
            }
            if (lines.length > 0) {
                const resourceLogs = byResource(lines, ownerOf).map(({ resource, items }) => ({
                    resource,
                    scopeLogs: [{ scope, logRecords: items.map(toLogRecord) }],
                }));
                await post("logs", { resourceLogs });
            }
            // Removed only now, so that a receiver that comes back gets them.
            const sent = new Set(batch);
            waiting = waiting.filter((event) => !sent.has(event));
        }
        const resourceMetrics = withMetrics ? metrics.read(store.now()) : [];
        if (resourceMetrics.length > 0) {
            await post("metrics", { resourceMetrics });
        }
    }

    async function sendSafely(withMetrics: boolean): Promise<void> {
        try {
            await sendAll(withMetrics);
            if (hasFailed) {
                const lost = dropped === 0 ? "" : ` ${dropped} events were dropped before.`;
                log("info", `The OTLP receiver at ${base} takes data again.${lost}`);
            }
            hasFailed = false;
            dropped = 0;
        } catch (error) {
            if (!hasFailed) {
                hasFailed = true;
                log(
                    "warning",
                    `The OTLP receiver at ${base} takes no data: ${messageOf(error)}. It is tried again each second; this is told once.`,
                );
            }
        }
    }

    function schedule(): void {
        cancel = clock.after(sendEvery, () => {
            rounds += 1;
            running = sendSafely(rounds % metricsEvery === 0).then(schedule);
        });
    }

    schedule();
    return {
        async close() {
            cancel();
            unlisten();
            release();
            ending.abort();
            await running;
            cancel();
            isClosing = true;
            await sendSafely(true);
        },
    };
}
