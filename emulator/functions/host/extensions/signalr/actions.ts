import { textOfJson } from "../../bindings/newtonsoft";
import { type EndpointChoice, readChoices } from "./choices";

/** An action of the output binding. */
export type SignalRAction = (
    | { kind: "message"; to: Addressee; target: string; arguments: unknown[] }
    | { kind: "group"; action: GroupActionName; groupName: string; connectionId: string; userId: string }
) & { endpoints?: readonly EndpointChoice[] };

/** The receivers of a message. When several are given, the first one in this order counts. */
export type Addressee = { connectionId: string } | { userId: string } | { groupName: string } | "all";

const groupActions = ["add", "remove", "removeAll"] as const;
export type GroupActionName = (typeof groupActions)[number];

/** Properties by name in lower case, because the vendor's reader ignores case. */
type Properties = ReadonlyMap<string, unknown>;

/** Parses the value that a function gave to the binding. Throws when it is no action. */
export function parseAction(value: unknown): SignalRAction {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
        throw new Error(`A message or group action must be an object, not ${JSON.stringify(value)}.`);
    }
    const properties = new Map(Object.entries(value).map(([name, inner]) => [name.toLowerCase(), inner as unknown]));
    const endpoints = readChoices(properties.get("endpoints"));
    const action = toMessage(properties) ?? toGroupAction(properties);
    if (action === undefined) {
        throw new Error(
            `Unable to convert JObject to valid output binding type, check parameters. A message has 'target' and a list 'arguments'; a group action has 'action', one of ${groupActions.join(", ")}. Given: ${Object.keys(value).join(", ") || "nothing"}.`,
        );
    }
    return endpoints === undefined ? action : { ...action, endpoints };
}

function toMessage(properties: Properties): SignalRAction | undefined {
    // The vendor's reader takes a number for a text.
    const target = textOfJson(properties.get("target"));
    const list = properties.get("arguments");
    if (target === undefined || !Array.isArray(list)) {
        return undefined;
    }
    return { kind: "message", to: addresseeOf(properties), target, arguments: list };
}

function addresseeOf(properties: Properties): Addressee {
    const connectionId = textOf(properties, "connectionId");
    const userId = textOf(properties, "userId");
    const groupName = textOf(properties, "groupName");
    if (connectionId !== "") {
        return { connectionId };
    }
    if (userId !== "") {
        return { userId };
    }
    return groupName === "" ? "all" : { groupName };
}

function toGroupAction(properties: Properties): SignalRAction | undefined {
    const given = properties.get("action");
    // The vendor's StringEnumConverter takes the number of a name too.
    const action = groupActions.find((name, index) =>
        typeof given === "string" ? [name.toLowerCase(), `${index}`].includes(given.toLowerCase()) : given === index,
    );
    if (action === undefined) {
        return undefined;
    }
    const connectionId = textOf(properties, "connectionId");
    const userId = textOf(properties, "userId");
    const groupName = textOf(properties, "groupName");
    if (connectionId === "" && userId === "") {
        throw new Error("ConnectionId and UserId cannot be null or empty together");
    }
    if (groupName === "" && action !== "removeAll") {
        throw new Error("groupName cannot be null or empty");
    }
    return { kind: "group", action, groupName, connectionId, userId };
}

function isGiven(value: unknown): boolean {
    return value !== undefined && value !== null;
}

/** Reads a text; empty when it is missing. Accepts numbers, as the vendor's reader does. */
function textOf(properties: Properties, name: string): string {
    const value = properties.get(name.toLowerCase());
    if (!isGiven(value)) {
        return "";
    }
    const text = textOfJson(value);
    if (text === undefined) {
        throw new Error(`'${name}' must be a text, not ${JSON.stringify(value)}.`);
    }
    return text;
}
