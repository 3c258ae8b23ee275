import type { Identity } from "../identity";
import type { SecretReferences } from "../vault";
import type { Clock } from "./clock";
import type { Log } from "./log";
import type { AzureTiming } from "./timing";

/** What every emulated resource gets: the clock, the log, identities with their roles, and Key Vault references. */
export interface CoreServices {
    clock: Clock;
    log: Log;
    identity: Identity;
    references: SecretReferences;
    /** Undefined when every change is in force at once. */
    azureTiming?: AzureTiming;
}
