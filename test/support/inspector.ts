import { systemClock } from "../../emulator/core/clock";
import type { InspectEvent } from "../../emulator/core/inspect";
import { createInspection, type Inspection, type Inspector, type InspectorOptions } from "../../emulator/inspect";
import type { InspectState } from "../../emulator/inspect/state";
import { until } from "./until";

export interface TestInspector {
    inspection: Inspection;
    inspector: Inspector;
    /** Address without path. */
    origin: string;
    token: string;
    /** Calls the API with the token. */
    call(path: string, init?: RequestInit): Promise<Response>;
    act(action: unknown): Promise<{ status: number; body: Record<string, unknown> }>;
    state(): Promise<InspectState>;
    /** What is recorded so far, oldest first. */
    events(): Promise<InspectEvent[]>;
    /** Resolves with the first event that fits. */
    event(fits: (event: InspectEvent) => boolean, what: string): Promise<InspectEvent>;
    close(): Promise<void>;
}

/** Opens an inspector that records from the start. */
export async function openTestInspector(options: InspectorOptions = {}): Promise<TestInspector> {
    const inspection = createInspection({ record: true, ...options });
    const inspector = await inspection.open({ clock: systemClock, log: () => undefined, servers: {} });
    const { origin, searchParams } = new URL(inspector.url);
    const token = searchParams.get("token") ?? "";
    const test: TestInspector = {
        inspection,
        inspector,
        origin,
        token,
        call: (path, init = {}) =>
            fetch(`${origin}${path}`, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } }),
        async act(action) {
            const response = await test.call("/api/act", { method: "POST", body: JSON.stringify(action) });
            return { status: response.status, body: (await response.json()) as Record<string, unknown> };
        },
        state: async () => (await (await test.call("/api/state")).json()) as InspectState,
        events: async () => ((await (await test.call("/api/export")).json()) as { events: InspectEvent[] }).events,
        async event(fits, what) {
            let found = inspection.events().find(fits);
            await until(() => {
                found = inspection.events().find(fits);
                return found !== undefined;
            }, what);
            return found as InspectEvent;
        },
        close: () => inspector.close(),
    };
    return test;
}
