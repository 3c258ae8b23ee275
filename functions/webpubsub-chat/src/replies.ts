import { readString } from "../../shared/input";
import { maxUserId } from "../../shared/names";
import { type Content, json } from "./actions";
import { readField } from "./events";

/** The answer to everything that was passed on to somebody. */
export function delivered(event: string, more: Record<string, unknown> = {}): Content {
    return json({ type: "delivered", event, at: new Date().toISOString(), ...more });
}

/** The answer to everything else that was done. */
export function done(event: string, more: Record<string, unknown>): Content {
    return json({ type: "done", event, ...more });
}

export function readUserId(data: unknown): string {
    return readString({ name: "userId", value: readField(data, "userId"), max: maxUserId });
}
