import { readString } from "../../shared/input";
import { maxUserId } from "../../shared/names";
import { type Content, json } from "./actions";
import { readField } from "./events";

/** Answers an event whose message went on to other clients. */
export function delivered(event: string, more: Record<string, unknown> = {}): Content {
    return json({ type: "delivered", event, at: new Date().toISOString(), ...more });
}

/** Answers every other event. */
export function done(event: string, more: Record<string, unknown>): Content {
    return json({ type: "done", event, ...more });
}

export function readUserId(data: unknown): string {
    return readString({ name: "userId", value: readField(data, "userId"), max: maxUserId });
}
