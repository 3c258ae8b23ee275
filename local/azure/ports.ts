import type { Made } from "../engine/handler";

/** The port of the last run. Reusing it keeps addresses stable. */
export function portOf(before: Required<Made> | undefined): { port?: number } {
    const port = before?.keep.port;
    return typeof port === "number" ? { port } : {};
}
