import { systemClock } from "../../emulator/core/clock";
import { signingKey, signToken } from "../../emulator/core/service/tokens";
import type { RealtimeService } from "../../emulator/core/service/types";
import type { CoreServices } from "../../emulator/core/services";
import { openIdentity } from "../../emulator/identity";

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
