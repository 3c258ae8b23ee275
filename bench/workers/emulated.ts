import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { systemClock } from "../../emulator/core/clock";
import { signingKey, signToken } from "../../emulator/core/service/tokens";
import type { RealtimeService } from "../../emulator/core/service/types";
import type { CoreServices } from "../../emulator/core/services";
import { openIdentity } from "../../emulator/identity";
import { createInspection } from "../../emulator/inspect";

export const serviceId =
    "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/bench/providers/Microsoft.SignalRService";

/** Creates the parts that an emulated service needs. Prints warnings, because they mean that the measurement is wrong. */
export async function createCore(): Promise<CoreServices> {
    return {
        clock: systemClock,
        identity: await openIdentity({ clock: systemClock }),
        references: { resolve: ({ text }) => text },
        log: ({ level, message }) => level !== "info" && process.stderr.write(`${level}: ${message}\n`),
    };
}

/** Makes a token as an app with the access key does. */
export function tokenFor(
    { keys }: Pick<RealtimeService, "keys">,
    audience: string,
    claims: Record<string, unknown> = {},
): string {
    return signToken({
        key: signingKey(keys.primaryKey),
        claims: { ...claims, aud: audience },
        now: systemClock.now(),
        lifetimeSeconds: 3600,
    });
}

/** The same, with an inspector whose events another process reads, as an open page does. */
export async function coreFor(inspect: boolean | undefined): Promise<CoreServices> {
    const core = await createCore();
    if (inspect !== true) {
        return core;
    }
    const { open, recorder, probes, faults, takeEvent } = createInspection({});
    const { url } = await open({ clock: core.clock, log: core.log, servers: {} });
    const reader = fork(join(__dirname, "inspectReader.js"), [url]);
    await once(reader, "message");
    return { ...core, recorder, probes, faults, takeEvent };
}
