import type { Made } from "../engine/handler";

/** The port of the last run, asked for again so that addresses stay as they are. */
export function portOf(before: Required<Made> | undefined): { port?: number } {
    const port = before?.keep.port;
    return typeof port === "number" ? { port } : {};
}
