import type { Extension } from "./extension";
import { httpExtension } from "./http";
import { manualExtension } from "./manual";
import { signalRExtension } from "./signalr";
import { socketIOExtension } from "./socketio";
import { timerExtension } from "./timer";
import { warmupExtension } from "./warmup";
import { webPubSubExtension } from "./webpubsub";

/** All extensions of this host. Binding types of none of them are refused by name. */
export const extensions: readonly Extension[] = [
    httpExtension,
    timerExtension,
    warmupExtension,
    manualExtension,
    socketIOExtension,
    signalRExtension,
    webPubSubExtension,
];

/** Binding types whose input is made from the request of an HTTP trigger. */
export const requestTypes: ReadonlySet<string> = new Set(
    extensions.flatMap((extension) => extension.requestTypes ?? []),
);
