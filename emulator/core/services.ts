import type { Identity } from "../identity";
import type { SecretReferences } from "../vault";
import type { Clock } from "./clock";
import type { FaultTable } from "./faults";
import type { InspectEvent, Recorder } from "./inspect";
import type { Log } from "./log";
import type { Probes } from "./probes";
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
    /** Takes what the inspector shows. Undefined without an inspector. */
    recorder?: Recorder;
    /** Takes events that another process has recorded. Undefined without an inspector. */
    takeEvent?(event: InspectEvent): void;
    /** The resources that the inspector shows. Undefined without an inspector. */
    probes?: Probes;
    /** What is broken on purpose. Undefined without an inspector. */
    faults?: FaultTable;
    /** Undefined when servers have no https. */
    tls?: Tls;
    /** Settings of every server. Without them a server has no https and accepts this machine's own names only. */
    servers?: ServerSettings;
}
