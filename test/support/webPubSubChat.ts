import assert from "node:assert/strict";
import { join } from "node:path";
import { buildApp, loadApp, type RegisteredFunction } from "./registeredFunctions";

type Json = Record<string, unknown>;

export const connectionId = "connection-1";

export interface WebPubSubChat {
    folder: string;
    functions: Map<string, RegisteredFunction>;
    named(name: string): RegisteredFunction;
    /** Sends a user event in the extension's form: JSON as text, enum values with a capital. */
    send(
        event: string,
        data: unknown,
        from?: { userId?: string; states?: Json },
    ): Promise<{ answer: Json; actions: Json[] | undefined }>;
}

/** Opens the built app. The test sends the events. */
export function openWebPubSubChat(): WebPubSubChat {
    const folder = buildApp("webpubsub-chat");
    const functions = loadApp(join(folder, "dist", "index.js"));

    function named(name: string): RegisteredFunction {
        const found = functions.get(name);
        assert.ok(found, `${name} is not among ${[...functions.keys()].join(", ")}`);
        return found;
    }

    return {
        folder,
        functions,
        named,
        async send(event, data, { userId = "ann", states = {} } = {}) {
            const { returned, outputs } = await named(event).invoke({
                request: {
                    connectionContext: { connectionId, userId, eventType: "User", eventName: event, states },
                    ...(typeof data === "string"
                        ? { data, dataType: "Text" }
                        : { data: JSON.stringify(data), dataType: "Json" }),
                },
            });
            return { answer: returned as Json, actions: readActions(outputs) };
        },
    };
}

/** The actions, with their JSON data parsed into `sent`. */
export function readActions(outputs: unknown): Json[] | undefined {
    return (outputs as Json[] | undefined)?.map(({ data, dataType, ...action }) => {
        if (data === undefined) {
            return action;
        }
        return dataType === "json" ? { ...action, sent: JSON.parse(String(data)) } : { ...action, data, dataType };
    });
}

export function replied({ data, dataType }: Json): Json {
    assert.equal(dataType, "json");
    return JSON.parse(String(data)) as Json;
}

export function assertDelivered(answer: Json, rest: Json): void {
    const { at, ...reply } = replied(answer);
    assert.match(String(at), /^\d{4}-\d\d-\d\dT.*Z$/);
    assert.deepEqual(reply, { type: "delivered", ...rest });
}
