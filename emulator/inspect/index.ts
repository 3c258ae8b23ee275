import type { Clock } from "../core/clock";
import type { FaultTable } from "../core/faults";
import { createRecorder, type InspectEvent, type Recorder } from "../core/inspect";
import type { Log, LogLevel } from "../core/log";
import type { Probes } from "../core/probes";
import type { ServerSettings } from "../core/server";
import { shownEvent } from "../core/shown";
import { createActions } from "./actions";
import { keepAddress, readAddress } from "./address";
import type { DeploymentSource, DeploymentState } from "./deployment";
import { createFaults } from "./faults";
import { startExporter } from "./otlp/exporter";
import { type OtlpTarget, readOtlpTarget } from "./otlp/target";
import { pageFolder } from "./pageFolder";
import { createPages } from "./pages";
import { openInspectServer } from "./server";
import { type InspectState, readState } from "./state";
import { EventStore } from "./store";

export type { DeployedResource, DeploymentSource, DeploymentState, SettingState } from "./deployment";

export interface InspectorOptions {
    /** Records from the start, and not only while a page is open. Defaults to false. */
    record?: boolean;
    /** Receiver that gets traces, metrics and logs: its address, such as `http://localhost:4318`, or more about it. Defaults to none. */
    otlp?: string | OtlpTarget;
    /** Sends to the receiver. Defaults to the system's fetch. */
    fetch?: typeof fetch;
    /** Spreads what is sent again. Defaults to `Math.random`. */
    random?: () => number;
    /** Folder that keeps port and token, so that an open page finds the next start. Defaults to none. */
    folder?: string;
}

/** The inspector of one emulator: what it records and the page that shows it. */
export interface Inspector {
    /** Address of the page, with its token. */
    url: string;
    state(): InspectState;
    /** Sets who tells about the deployment. */
    setDeployment(source: DeploymentSource): void;
    close(): Promise<void>;
}

/** The side of the inspector that resources know. It exists before them; the page is opened beside them. */
export interface Inspection {
    recorder: Recorder;
    probes: Probes;
    faults: FaultTable;
    takeEvent(event: InspectEvent): void;
    /** What is recorded so far, oldest first. */
    events(): InspectEvent[];
    open(options: { clock: Clock; log: Log; servers: ServerSettings }): Promise<Inspector>;
}

/** Records what an update did. */
function noteUpdate(recorder: Recorder, state: DeploymentState | undefined): void {
    if (recorder.isOpen && state !== undefined) {
        const counts = new Map<string, number>();
        for (const { last } of state.resources) {
            counts.set(last, (counts.get(last) ?? 0) + 1);
        }
        const message = [...counts].map(([last, count]) => `${count} ${last}`).join(", ");
        const outcome = counts.has("failed") ? "failed" : "ok";
        recorder.note("deployment", { name: `update of ${state.project}/${state.stack}`, outcome, message });
    }
}

/** Prepares the inspector. Nothing listens before `open`. */
export function createInspection(options: InspectorOptions): Inspection {
    const store = new EventStore();
    const probes: Probes = { services: new Set(), apps: new Set() };
    const recorder = createRecorder(store);
    const faults = createFaults(probes);
    return {
        recorder,
        probes,
        faults: faults.table,
        takeEvent: (event) => store.put(event),
        events: () => store.after(0).events.map(shownEvent),
        async open({ clock, log, servers }) {
            let deployment: DeploymentSource | undefined;
            const act = createActions({ probes, recorder, faults });
            const release = options.record === true ? store.hold() : () => undefined;
            const state = (): InspectState =>
                readState({ recording: store.isOpen, probes, faults: faults.all(), deployment: deployment?.read() });
            const say = (level: LogLevel, message: string): void => log({ level, source: "inspector", message });
            const { otlp } = options;
            const target = typeof otlp === "string" ? readOtlpTarget(otlp, {}) : otlp;
            const exporter =
                target === undefined
                    ? undefined
                    : startExporter({
                          target,
                          random: options.random ?? Math.random,
                          store,
                          probes,
                          clock,
                          fetch: options.fetch ?? fetch,
                          log: say,
                      });
            const unwatch = store.watch((on) => {
                for (const app of probes.apps) {
                    app.record(on);
                }
            });
            const kept = options.folder === undefined ? {} : readAddress(options.folder);
            const server = await openInspectServer({
                clock,
                store,
                state,
                settings: servers,
                pages: createPages(pageFolder),
                act,
                secret: (place) => deployment?.secret(place),
                log: say,
                ...kept,
            });
            if (options.folder !== undefined) {
                keepAddress(options.folder, server);
            }
            return {
                url: server.url,
                state,
                setDeployment(source) {
                    deployment = source;
                    noteUpdate(recorder, source.read());
                },
                async close() {
                    await exporter?.close();
                    unwatch();
                    release();
                    await server.close();
                },
            };
        },
    };
}
