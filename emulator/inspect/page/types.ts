import type { InspectEvent } from "../../core/inspect";
import type { Receivers } from "../../core/probes";
import type { FaultKind } from "../faults";
import type { InspectState } from "../state";

export type { EventKind as Kind, InspectEvent } from "../../core/inspect";
export type { ConnectionState as Connection, HubState as Hub, Receivers } from "../../core/probes";
export type {
    DeployedResource as Resource,
    DeploymentState as Deployment,
    SettingState as Setting,
} from "../deployment";
export type { Fault, FaultKind } from "../faults";
export type { InspectState } from "../state";

export type Service = InspectState["services"][number];
export type App = InspectState["apps"][number];

/** A line of the stream. An event with an id that was there before replaces that one, because it ended. */
export type InspectMessage =
    | { type: "event"; event: InspectEvent }
    | { type: "state"; state: InspectState }
    /** Events are missing before the next line; without a count, nobody knows how many. */
    | { type: "lost"; count?: number };

export type ClientProtocol = "socketio" | "json.webpubsub" | "raw" | "signalr-json";

/** The body of `/api/act`. */
export type Action =
    | { do: "send"; service: string; hub: string; to: Receivers; event?: string; data: unknown }
    | { do: "close"; service: string; hub: string; connection: string; reason?: string }
    | { do: "call"; app: string; function: string; method?: string; path?: string; body?: string }
    | {
          do: "connect";
          service: string;
          hub: string;
          user?: string;
          roles?: string[];
          groups?: string[];
          claims?: Record<string, string>;
          protocol: ClientProtocol;
      }
    | { do: "fault"; kind: FaultKind; target: string; value?: number }
    | { do: "clearFault"; id: string };
