import type { Identity } from "../identity";
import type { SecretReferences } from "../vault";
import type { Clock } from "./clock";
import type { Log } from "./log";

/** What every emulated resource is given: time, a place to speak, who may do what, and where secrets are. */
export interface CoreServices {
    clock: Clock;
    log: Log;
    identity: Identity;
    references: SecretReferences;
}
