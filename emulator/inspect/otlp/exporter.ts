import type { Clock } from "../../core/clock";
import { messageOf } from "../../core/errors";
import type { InspectEvent } from "../../core/inspect";
import type { LogLevel } from "../../core/log";
import type { Probes } from "../../core/probes";
import { shownEvent } from "../../core/shown";
import { trimSlashes } from "../../core/trimSlashes";
import { EventQueue } from "../queue";
import type { EventStore } from "../store";
import { isSpan } from "./conventions";
import { toLogRecord } from "./logs";
import { createMetrics } from "./metrics";
import { createPlaces } from "./places";
import { BusyError, createReceiver, RefusedError, type Signal } from "./receiver";
import { toSpan } from "./spans";
import { byResource, type Json, ownerOf, schemaUrl, scope } from "./values";

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
const mostWaiting = { events: 10_000, bytes: 32 * 1024 * 1024 };
const mostAtOnce = { events: 2000, bytes: 2 * 1024 * 1024 };

/** Sends everything that is recorded to a receiver of OpenTelemetry, as JSON over HTTP. */
export function startExporter(options: ExporterOptions): Exporter {
    const { endpoint, store, clock, log } = options;
    const base = trimSlashes(endpoint);
    const receiver = createReceiver({ base, clock, fetch: options.fetch });
    const places = createPlaces(options.probes);
    const metrics = createMetrics({ probes: options.probes, places, start: store.now() });
    const release = store.hold();
    const waiting = new EventQueue(mostWaiting);
    let dropped = 0;
    let hasFailed = false;
    /** What was said of data that the receiver does not take, by signal. */
    const told = new Map<Signal, string>();
    let rounds = 0;
    let pausedUntil = 0;
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

    async function sendAll(withMetrics: boolean): Promise<void> {
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
            pausedUntil = error instanceof BusyError ? clock.now() + error.wait : 0;
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
            const isPaused = clock.now() < pausedUntil;
            running = (isPaused ? Promise.resolve() : sendSafely(rounds % metricsEvery === 0)).then(schedule);
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
