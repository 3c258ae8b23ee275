import type { Clock } from "../../core/clock";
import { messageOf } from "../../core/errors";
import type { InspectEvent } from "../../core/inspect";
import type { LogLevel } from "../../core/log";
import type { Probes } from "../../core/probes";
import { shownEvent } from "../../core/shown";
import type { EventStore } from "../store";
import { WaitingEvents } from "../waitingEvents";
import { isSpan } from "./conventions";
import { toLogRecord } from "./logs";
import { createMetrics } from "./metrics";
import { createPlaces } from "./places";
import { BusyError, createReceiver, RefusedError } from "./receiver";
import { toSpan } from "./spans";
import type { OtlpTarget, Signal } from "./target";
import { byResource, type Json, ownerOf, schemaUrl, scope } from "./values";

export interface ExporterOptions {
    target: OtlpTarget;
    store: EventStore;
    probes: Probes;
    clock: Clock;
    fetch: typeof fetch;
    /** From 0 to 1, as `Math.random`. */
    random(): number;
    log(level: LogLevel, message: string): void;
}

export interface Exporter {
    /** Sends what waits, and ends. */
    close(): Promise<void>;
}

const sendEvery = 1000;
const metricsEvery = 10;
/** Bounds of the wait after a failure, which doubles with each. A part of it is left to chance, so that senders do not come back together. */
const backoff = { first: 1000, longest: 30_000 };
const longestWait = 10_000;
/** Milliseconds for the last send, because somebody waits for the end. */
const lastWait = 1000;
/** Events that wait for a receiver which does not answer. The oldest are dropped. */
const mostWaiting = { events: 10_000, bytes: 32 * 1024 * 1024 };
const mostAtOnce = { events: 2000, bytes: 1280 * 1024 };

/** Sends everything that is recorded to a receiver of OpenTelemetry, as JSON over HTTP. */
export function startExporter(options: ExporterOptions): Exporter {
    const { target, store, clock, log } = options;
    const base = target.shown;
    const receiver = createReceiver({ target, clock, fetch: options.fetch });
    const places = createPlaces(options.probes);
    const metrics = createMetrics({ probes: options.probes, places, start: store.now() });
    const release = store.hold();
    const waiting = new WaitingEvents(mostWaiting);
    let dropped = 0;
    /** Sends that failed one after the other. */
    let failures = 0;
    /** What was said of data that the receiver does not take, by signal. */
    const told = new Map<Signal, string>();
    let rounds = 0;
    let areMetricsDue = false;
    let pausedUntil = Number.NEGATIVE_INFINITY;
    let isClosing = false;
    const ending = new AbortController();
    let running: Promise<void> = Promise.resolve();
    let cancel = (): void => undefined;

    const unlisten = store.listen((event) => {
        // What runs is sent when it has ended.
        if (event.duration !== undefined) {
            places.see(event.app);
            places.see(event.service);
            metrics.add(event);
            dropped += waiting.add(event);
        }
    });

    /** Sends data that is gone afterwards, unless the receiver may take it later. */
    async function post(signal: Signal, body: Json): Promise<void> {
        const abort = isClosing
            ? AbortSignal.timeout(lastWait)
            : AbortSignal.any([ending.signal, AbortSignal.timeout(longestWait)]);
        const problem = await receiver.post(signal, body, abort).catch((error: unknown) => {
            if (error instanceof RefusedError) {
                return error.message;
            }
            throw error;
        });
        if (problem !== undefined && told.get(signal) !== problem) {
            told.set(signal, problem);
            log(
                "warning",
                `The OTLP receiver at ${base} does not take all ${signal}: ${problem}. What it refuses is not sent again; this is told once.`,
            );
        }
    }

    /** Sends these events and forgets them; when that throws, they wait for a receiver that comes back. */
    async function sendEvents(signal: Signal, events: InspectEvent[], body: () => Json): Promise<void> {
        if (events.length > 0) {
            await post(signal, body());
            for (const { id } of events) {
                waiting.remove(id);
            }
        }
    }

    async function sendAll(): Promise<void> {
        places.refresh();
        while (waiting.size > 0) {
            const batch = waiting.first(mostAtOnce);
            const spans = batch.filter(isSpan);
            const lines = batch.filter((event) => !isSpan(event));
            await sendEvents("traces", spans, () => ({
                resourceSpans: byResource(spans.map(shownEvent), ownerOf).map(({ resource, items }) => ({
                    resource,
                    schemaUrl,
                    scopeSpans: [{ scope, schemaUrl, spans: items.map((event) => toSpan(event, places)) }],
                })),
            }));
            await sendEvents("logs", lines, () => ({
                resourceLogs: byResource(lines.map(shownEvent), ownerOf).map(({ resource, items }) => ({
                    resource,
                    schemaUrl,
                    scopeLogs: [{ scope, schemaUrl, logRecords: items.map(toLogRecord) }],
                })),
            }));
        }
        const resourceMetrics = areMetricsDue ? metrics.read(store.now()) : [];
        if (resourceMetrics.length > 0) {
            await post("metrics", { resourceMetrics });
        }
        areMetricsDue = false;
    }

    async function sendSafely(): Promise<void> {
        try {
            await sendAll();
            if (failures > 0) {
                const lost = dropped === 0 ? "" : ` ${dropped} events were dropped before.`;
                log("info", `The OTLP receiver at ${base} takes data again.${lost}`);
            }
            failures = 0;
            dropped = 0;
        } catch (error) {
            failures += 1;
            const asked = error instanceof BusyError ? error.wait : 0;
            pausedUntil = clock.elapsed() + (asked > 0 ? asked : waitAfter(failures, options.random()));
            if (failures === 1) {
                log(
                    "warning",
                    `The OTLP receiver at ${base} takes no data: ${messageOf(error)}. It is tried again after waits of up to ${backoff.longest / 1000} s; this is told once.`,
                );
            }
        }
    }

    function schedule(): void {
        cancel = clock.after(sendEvery, () => {
            rounds += 1;
            const isPaused = clock.elapsed() < pausedUntil;
            areMetricsDue ||= rounds % metricsEvery === 0;
            running = (isPaused ? Promise.resolve() : sendSafely()).then(schedule);
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
            areMetricsDue = true;
            await sendSafely();
        },
    };
}

/** Milliseconds after so many failures. Source: OTLP specification, "OTLP/HTTP Throttling" and "All Other Responses": exponential, with jitter. */
function waitAfter(failures: number, random: number): number {
    return Math.min(backoff.longest, backoff.first * 2 ** (failures - 1)) * (0.5 + random / 2);
}
