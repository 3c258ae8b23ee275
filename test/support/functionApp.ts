import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { type Clock, systemClock } from "../../emulator/core/clock";
import type { LogEntry } from "../../emulator/core/log";
import type { CoreServices } from "../../emulator/core/services";
import { type FunctionApp, type FunctionAppOptions, openFunctionApp } from "../../emulator/functions";
import { openIdentity } from "../../emulator/identity";
import type { SecretReferences } from "../../emulator/vault";

export const fixtures = path.join(__dirname, "..", "fixtures", "function-apps");

export const siteId =
    "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Web/sites/app";

export interface TestApp {
    app: FunctionApp;
    core: CoreServices;
    /** All log entries, oldest first. */
    entries: LogEntry[];
    url(path: string): string;
    /** Resolves with the first entry, past or future, whose message matches. */
    logged(pattern: RegExp): Promise<LogEntry>;
    close(): Promise<void>;
}

export interface TestAppOptions extends Partial<FunctionAppOptions> {
    settings?: Record<string, string>;
    clock?: Clock;
    references?: SecretReferences;
    /** Recorder and probes of an inspector. */
    inspection?: Pick<CoreServices, "recorder" | "probes" | "takeEvent">;
    /** Whether the app stays stopped until the test starts it. */
    isStopped?: boolean;
}

const filesAsKeyStore = { AzureWebJobsSecretStorageType: "files" };

/** Runs a folder as a Function App without a storage account. Keys are in files, and the system's clock is the default. */
export async function openTestApp(options: TestAppOptions): Promise<TestApp> {
    const { settings, clock = systemClock, references, isStopped, inspection, ...rest } = options;
    const entries: LogEntry[] = [];
    const listeners = new Set<(entry: LogEntry) => void>();
    const folder = await mkdtemp(path.join(os.tmpdir(), "function-app-test-"));
    const identity = await openIdentity({ clock });
    for (const principal of [rest.identities?.systemAssigned, ...(rest.identities?.userAssigned ?? [])]) {
        if (principal !== undefined) {
            identity.addPrincipal(principal);
        }
    }
    const core: CoreServices = {
        clock,
        identity,
        ...inspection,
        references: references ?? { resolve: ({ text }) => text },
        log: (entry) => {
            entries.push(entry);
            for (const listener of [...listeners]) {
                listener(entry);
            }
        },
    };
    const app = await openFunctionApp({ id: siteId, name: "app", identities: {}, folder, ...rest }, core).catch(
        async (error: unknown) => {
            await identity.close();
            throw error;
        },
    );
    const close = async () => {
        await app.close();
        await identity.close();
        await rm(folder, { recursive: true, force: true });
    };
    if (isStopped !== true) {
        await app.setAppSettings({ ...filesAsKeyStore, ...settings });
    }
    return {
        app,
        core,
        entries,
        close,
        url: (target) => `http://${app.hostName}${target}`,
        logged: (pattern) =>
            new Promise((resolve) => {
                const listener = (entry: LogEntry) => {
                    if (pattern.test(entry.message)) {
                        listeners.delete(listener);
                        resolve(entry);
                    }
                };
                listeners.add(listener);
                for (const entry of [...entries]) {
                    listener(entry);
                }
            }),
    };
}
