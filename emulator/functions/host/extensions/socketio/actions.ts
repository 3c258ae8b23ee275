import { textOfJson } from "../../bindings/newtonsoft";

/** An action of the output binding. */
export type SocketIOAction =
    | { actionName: "addSocketToRoom" | "removeSocketFromRoom"; namespace: string; socketId: string; room: string }
    | {
          actionName: "sendToNamespace";
          namespace: string;
          eventName: string;
          parameters: unknown[];
          exceptRooms: string[];
      }
    | {
          actionName: "sendToRooms";
          namespace: string;
          rooms: string[];
          eventName: string;
          parameters: unknown[];
          exceptRooms: string[];
      }
    | { actionName: "sendToSocket"; namespace: string; socketId: string; eventName: string; parameters: unknown[] }
    | { actionName: "disconnectSockets"; namespace: string; rooms: string[]; closeUnderlyingConnection: boolean };

type ActionName = SocketIOAction["actionName"];

/** Reads properties of an action, ignoring the case of their names. */
interface Reader {
    text(name: string): string;
    list(name: string): unknown[];
    texts(name: string, options?: { required: boolean }): string[];
    flag(name: string): boolean;
    namespace(): string;
}

const parsers: { [Name in ActionName]: (read: Reader) => SocketIOAction } = {
    addSocketToRoom: (read) => ({
        actionName: "addSocketToRoom",
        namespace: read.namespace(),
        socketId: read.text("socketId"),
        room: read.text("room"),
    }),
    removeSocketFromRoom: (read) => ({
        actionName: "removeSocketFromRoom",
        namespace: read.namespace(),
        socketId: read.text("socketId"),
        room: read.text("room"),
    }),
    sendToNamespace: (read) => ({
        actionName: "sendToNamespace",
        namespace: read.namespace(),
        eventName: read.text("eventName"),
        parameters: read.list("parameters"),
        exceptRooms: read.texts("exceptRooms"),
    }),
    sendToRooms: (read) => ({
        actionName: "sendToRooms",
        namespace: read.namespace(),
        rooms: read.texts("rooms", { required: true }),
        eventName: read.text("eventName"),
        parameters: read.list("parameters"),
        exceptRooms: read.texts("exceptRooms"),
    }),
    sendToSocket: (read) => ({
        actionName: "sendToSocket",
        namespace: read.namespace(),
        socketId: read.text("socketId"),
        eventName: read.text("eventName"),
        parameters: read.list("parameters"),
    }),
    disconnectSockets: (read) => ({
        actionName: "disconnectSockets",
        namespace: read.namespace(),
        rooms: read.texts("rooms"),
        closeUnderlyingConnection: read.flag("closeUnderlyingConnection"),
    }),
};

/** Parses the value that a function gave to the binding. Throws with the vendor's message when it is no action. */
export function parseAction(value: unknown): SocketIOAction {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
        throw new Error(`An action must be an object with 'actionName', not ${JSON.stringify(value)}.`);
    }
    const properties = new Map(Object.entries(value).map(([name, inner]) => [name.toLowerCase(), inner as unknown]));
    const given = properties.get("actionname");
    const name = (Object.keys(parsers) as ActionName[]).find(
        (candidate) => typeof given === "string" && candidate.toLowerCase() === given.toLowerCase(),
    );
    if (name === undefined) {
        throw new Error(
            `Not supported SocketIOAction: ${given === undefined ? "" : String(given)}. Supported: ${Object.keys(parsers).join(", ")}.`,
        );
    }
    return parsers[name](createReader({ name, properties }));
}

function createReader({ name, properties }: { name: ActionName; properties: Map<string, unknown> }): Reader {
    const className = `${capital(name)}Action`;
    const get = (property: string) => properties.get(property.toLowerCase()) ?? undefined;
    const fail = (property: string, expected: string): never => {
        throw new Error(
            `Failed to convert to ${className}. '${property}' must be ${expected}, not ${JSON.stringify(get(property))}.`,
        );
    };
    const empty = (property: string): never => {
        throw new Error(`${capital(property)} cannot be null or empty.`);
    };
    const read: Reader = {
        text(property) {
            const value = get(property);
            if (value === undefined || value === "") {
                return empty(property);
            }
            return textOfJson(value) ?? fail(property, "a text");
        },
        list(property) {
            const value = get(property);
            return value === undefined ? [] : Array.isArray(value) ? value : fail(property, "an array");
        },
        texts(property, options) {
            const list = read.list(property).map((item) => textOfJson(item) ?? fail(property, "an array of texts"));
            return list.length === 0 && options?.required === true ? empty(property) : list;
        },
        flag(property) {
            // The vendor's reader takes a number, and the text of a truth value too.
            const given = get(property) ?? false;
            const value = typeof given === "string" ? given.trim().toLowerCase() : given;
            return typeof value === "number" || typeof value === "boolean"
                ? Boolean(value)
                : value === "true" || (value !== "false" && fail(property, "true or false"));
        },
        namespace: () => (properties.has("namespace") ? read.text("namespace") : "/"),
    };
    return read;
}

function capital(text: string): string {
    return text.charAt(0).toUpperCase() + text.slice(1);
}
