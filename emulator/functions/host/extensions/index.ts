import type { Extension } from "./extension";
import { httpExtension } from "./http";
import { socketIOExtension } from "./socketio";
import { timerExtension } from "./timer";

/** Every extension this host has. A binding type in none of them is refused by name. */
export const extensions: readonly Extension[] = [httpExtension, timerExtension, socketIOExtension];
