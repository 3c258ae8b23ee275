import type { Row } from "../runner/types";
import { backends } from "./backends";
import { freshProject } from "./freshProject";
import { functionApps } from "./functionApps";
import { graph } from "./graph";
import { idleConnections } from "./idleConnections";
import { inspector } from "./inspector";
import { program } from "./program";
import { signalR } from "./signalR";
import { socketIoEvents } from "./socketIoEvents";
import { socketIoFanOut } from "./socketIoFanOut";
import { npmStart } from "./start";
import { webPubSub } from "./webPubSub";
import { zip } from "./zip";

/** Every row, in the order of the table. */
export const rows: readonly Row[] = [
    program,
    backends,
    npmStart,
    freshProject,
    functionApps,
    socketIoEvents,
    socketIoFanOut,
    idleConnections,
    webPubSub,
    signalR,
    inspector,
    graph,
    zip,
];
