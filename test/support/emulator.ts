import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../emulator";
import type { LogEntry } from "../../emulator/core/log";

export interface TestEmulator {
    emulator: Emulator;
    folder: string;
    /** All log entries, oldest first. */
    log: LogEntry[];
    /** Closes the emulator and starts a new one with the same folder, as a second run does. */
    restart(): Promise<Emulator>;
    /** Closes the emulator and deletes its folder. */
    close(): Promise<void>;
}

/** An emulator in a folder of its own. */
export async function startTestEmulator(
    options: Pick<EmulatorOptions, "clock" | "azureTiming" | "https" | "allowedHosts"> = {},
): Promise<TestEmulator> {
    const folder = mkdtempSync(join(tmpdir(), "emulator-"));
    const log: LogEntry[] = [];
    const start = () => startEmulator({ ...options, folder, log: (entry) => void log.push(entry) });
    const test: TestEmulator = {
        emulator: await start(),
        folder,
        log,
        async restart() {
            await test.emulator.close();
            test.emulator = await start();
            return test.emulator;
        },
        async close() {
            await test.emulator.close();
            rmSync(folder, { recursive: true, force: true });
        },
    };
    return test;
}

/** ARM id of a resource in the resource group that tests use, such as `armId("Microsoft.KeyVault/vaults/keys")`. */
export function armId(resource: string): string {
    return `/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/test/providers/${resource}`;
}

let lastPrincipal = 0;

/** Adds a resource's principal without any role. */
export function addPrincipal(emulator: Emulator, resource = "Microsoft.Web/sites/app") {
    lastPrincipal += 1;
    const suffix = String(lastPrincipal).padStart(12, "0");
    const principal = {
        principalId: `aaaaaaaa-0000-0000-0000-${suffix}`,
        clientId: `cccccccc-0000-0000-0000-${suffix}`,
        resourceId: armId(resource),
    };
    emulator.identity.addPrincipal(principal);
    return principal;
}
