import type { Identity } from "../identity";
import type { SecretReferences } from "../vault";
import type { Clock } from "./clock";
import type { Log } from "./log";
import type { ServerSettings } from "./server";
import type { AzureTiming } from "./timing";
import type { Tls } from "./tls/trust";

/** What every emulated resource gets: the clock, the log, identities with their roles, and Key Vault references. */
export interface CoreServices {
    clock: Clock;
    log: Log;
    identity: Identity;
    references: SecretReferences;
    /** Undefined when every change is in force at once. */
    azureTiming?: AzureTiming;
    /** Whether a debugger may hold an app, so that no call of a service to it times out. Defaults to false. */
    inspected?: boolean;
    /** Undefined when servers have no https. */
    tls?: Tls;
    /** Settings of every server. Without them a server has no https and accepts this machine's own names only. */
    servers?: ServerSettings;
}
