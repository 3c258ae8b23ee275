import { InputError, readConnectionId, readRoom, readString, readText } from "../../shared/input";
import { maxUserId } from "../../shared/names";
import type { Action } from "./actions";

const maxReason = 128;
const maxExcluded = 64;

type Read = (value: unknown) => unknown;

const required = {
    userId: (value: unknown) => readString({ name: "userId", value, max: maxUserId }),
    connectionId: (value: unknown) => readConnectionId(value),
    group: (value: unknown) => readRoom(value, "group"),
    permission: (value: unknown) =>
        readOneOf({ name: "permission", value, allowed: ["sendToGroup", "joinLeaveGroup"] }),
} satisfies Record<string, Read>;

const optional = {
    excluded: readExcluded,
    reason: (value: unknown) => readString({ name: "reason", value, max: maxReason }),
    targetName: (value: unknown) => readRoom(value, "targetName"),
} satisfies Record<string, Read>;

interface Shape {
    required?: (keyof typeof required)[];
    optional?: (keyof typeof optional)[];
    /** Whether the action carries a message, as `data` and `dataType`. */
    sends?: true;
}

const shapes: Record<Action["actionName"], Shape> = {
    sendToAll: { sends: true, optional: ["excluded"] },
    sendToGroup: { sends: true, required: ["group"], optional: ["excluded"] },
    sendToUser: { sends: true, required: ["userId"] },
    sendToConnection: { sends: true, required: ["connectionId"] },
    addUserToGroup: { required: ["userId", "group"] },
    removeUserFromGroup: { required: ["userId", "group"] },
    removeUserFromAllGroups: { required: ["userId"] },
    addConnectionToGroup: { required: ["connectionId", "group"] },
    removeConnectionFromGroup: { required: ["connectionId", "group"] },
    closeAllConnections: { optional: ["excluded", "reason"] },
    closeClientConnection: { required: ["connectionId"], optional: ["reason"] },
    closeGroupConnections: { required: ["group"], optional: ["excluded", "reason"] },
    grantPermission: { required: ["connectionId", "permission"], optional: ["targetName"] },
    revokePermission: { required: ["connectionId", "permission"], optional: ["targetName"] },
};

export const actionNames = Object.keys(shapes) as Action["actionName"][];

/**
 * Reads the action that a client requests. Refuses a property that the action does not have. `dataType` defaults to
 * `text`; binary `data` is base64.
 */
export function readAction(value: unknown): Action {
    if (typeof value !== "object" || value === null) {
        throw new InputError("an action must be an object");
    }
    const asked = value as Record<string, unknown>;
    const actionName = readOneOf({ name: "actionName", value: asked.actionName, allowed: actionNames });
    const shape = shapes[actionName];
    const known = ["actionName", ...(shape.required ?? []), ...(shape.optional ?? []), ...(shape.sends ? content : [])];
    for (const name of Object.keys(asked)) {
        if (!known.includes(name)) {
            throw new InputError(`${actionName} has no ${name}; it has ${known.join(", ")}`);
        }
    }
    return {
        actionName,
        ...Object.fromEntries((shape.required ?? []).map((name) => [name, required[name](asked[name])])),
        ...Object.fromEntries(
            (shape.optional ?? []).flatMap((name) =>
                asked[name] === undefined ? [] : [[name, optional[name](asked[name])]],
            ),
        ),
        ...(shape.sends ? readContent(asked) : {}),
    } as Action;
}

const content = ["data", "dataType"];

function readContent({ data, dataType = "text" }: { data?: unknown; dataType?: unknown }) {
    const type = readOneOf({ name: "dataType", value: dataType, allowed: ["text", "json", "binary"] });
    switch (type) {
        case "text":
            return { dataType: type, data: readText(data) };
        case "json":
            if (data === undefined) {
                throw new InputError("data is missing");
            }
            return { dataType: type, data: readText(JSON.stringify(data)) };
        case "binary":
            return { dataType: type, data: Buffer.from(readText(data), "base64").toJSON() };
    }
}

function readExcluded(value: unknown): string[] {
    if (!Array.isArray(value) || value.length > maxExcluded) {
        throw new InputError(`excluded must be an array of at most ${maxExcluded} connection ids`);
    }
    return value.map((connectionId) => readConnectionId(connectionId));
}

interface Choice<Value extends string> {
    name: string;
    value: unknown;
    allowed: readonly Value[];
}

function readOneOf<const Value extends string>({ name, value, allowed }: Choice<Value>): Value {
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined) {
        throw new InputError(`${name} must be one of ${allowed.join(", ")}`);
    }
    return found;
}
