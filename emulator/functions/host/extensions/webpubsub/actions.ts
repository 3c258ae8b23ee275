import { encodePart } from "../../../../core/encodePart";
import { textOfJson } from "../../bindings/newtonsoft";
import type { DataPlaneCall } from "../service/dataPlane";
import { contentTypes, isBuffer, readData, readDataType } from "./data";

/** Reads properties of an action, ignoring the case of their names. */
interface Reader {
    /** Reads a text and percent-encodes it for a path. */
    segment(name: string): string;
    text(name: string): string | undefined;
    texts(name: string): string[];
    message(): Pick<DataPlaneCall, "body" | "contentType">;
}

type Call = DataPlaneCall;

const builders: Record<string, (read: Reader) => Call> = {
    sendToAll: (read) => ({ method: "POST", path: "/:send", query: excluded(read), ...read.message() }),
    sendToGroup: (read) => ({
        method: "POST",
        path: `/groups/${read.segment("group")}/:send`,
        query: excluded(read),
        ...read.message(),
    }),
    sendToUser: (read) => ({ method: "POST", path: `/users/${read.segment("userId")}/:send`, ...read.message() }),
    sendToConnection: (read) => ({
        method: "POST",
        path: `/connections/${read.segment("connectionId")}/:send`,
        ...read.message(),
    }),
    addUserToGroup: (read) => ({ method: "PUT", path: userInGroup(read), isTolerated }),
    removeUserFromGroup: (read) => ({ method: "DELETE", path: userInGroup(read) }),
    removeUserFromAllGroups: (read) => ({ method: "DELETE", path: `/users/${read.segment("userId")}/groups` }),
    addConnectionToGroup: (read) => ({ method: "PUT", path: connectionInGroup(read), isTolerated }),
    removeConnectionFromGroup: (read) => ({ method: "DELETE", path: connectionInGroup(read) }),
    closeAllConnections: (read) => ({
        method: "POST",
        path: "/:closeConnections",
        query: { ...excluded(read), ...reason(read) },
    }),
    closeClientConnection: (read) => ({
        method: "DELETE",
        path: `/connections/${read.segment("connectionId")}`,
        query: reason(read),
    }),
    closeGroupConnections: (read) => ({
        method: "POST",
        path: `/groups/${read.segment("group")}/:closeConnections`,
        query: { ...excluded(read), ...reason(read) },
    }),
    grantPermission: (read) => ({ method: "PUT", ...permission(read) }),
    revokePermission: (read) => ({ method: "DELETE", ...permission(read) }),
};

/** Whether the status counts as success. The vendor's client accepts 404 when there is no connection to change. */
function isTolerated({ status }: { status: number }): boolean {
    return status === 404;
}

/** Turns an action into its data-plane call. Throws with the vendor's message when the value is no action. */
export function toCall({ value, hub }: { value: unknown; hub: string }): DataPlaneCall {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
        throw new Error(`An action must be an object with 'actionName', not ${JSON.stringify(value)}.`);
    }
    const properties = new Map(Object.entries(value).map(([name, inner]) => [name.toLowerCase(), inner as unknown]));
    const given = properties.get("actionname");
    const name = Object.keys(builders).find(
        (candidate) => typeof given === "string" && candidate.toLowerCase() === given.toLowerCase(),
    );
    if (name === undefined) {
        throw new Error(
            `Not supported WebPubSubOperation: ${given === undefined ? "" : String(given)}. Supported: ${Object.keys(builders).join(", ")}.`,
        );
    }
    const call = (builders[name] as (read: Reader) => Call)(createReader({ action: name, properties }));
    return { ...call, path: `/api/hubs/${encodePart(hub)}${call.path}` };
}

function createReader({ action, properties }: { action: string; properties: Map<string, unknown> }): Reader {
    const get = (name: string) => properties.get(name.toLowerCase()) ?? undefined;
    const fail = (name: string, expected: string): never => {
        throw new Error(`${action}: '${name}' must be ${expected}, not ${JSON.stringify(get(name))}.`);
    };
    const read: Reader = {
        text(name) {
            const value = get(name);
            return value === undefined ? undefined : (textOfJson(value) ?? fail(name, "a text"));
        },
        segment(name) {
            const value = read.text(name);
            return value === undefined || value === "" ? fail(name, "a text that is not empty") : encodePart(value);
        },
        texts(name) {
            const value = get(name) ?? [];
            return Array.isArray(value)
                ? value.map((item) => textOfJson(item) ?? fail(name, "a list of texts"))
                : fail(name, "a list of texts");
        },
        message() {
            // SendToAllAction and its kin of Azure/azure-sdk-for-net start as text, and Newtonsoft leaves what the JSON does not name.
            const given = properties.get("datatype");
            if (given === null) {
                throw new Error("Error converting value {null} to type 'WebPubSubDataType'.");
            }
            const dataType = given === undefined ? "text" : readDataType(given);
            if (dataType === "binary" && !isBuffer(get("data"))) {
                throw new Error("WebPubSubDataType is binary, please use ArrayBuffer as message data type.");
            }
            return { body: readData(get("data")), contentType: contentTypes[dataType] };
        },
    };
    return read;
}

function excluded(read: Reader): { excluded?: string[] } {
    const list = read.texts("excluded");
    return list.length === 0 ? {} : { excluded: list };
}

function reason(read: Reader): { reason?: string } {
    const text = read.text("reason");
    return text === undefined ? {} : { reason: text };
}

function userInGroup(read: Reader): string {
    return `/users/${read.segment("userId")}/groups/${read.segment("group")}`;
}

function connectionInGroup(read: Reader): string {
    return `/groups/${read.segment("group")}/connections/${read.segment("connectionId")}`;
}

function permission(read: Reader): Pick<Call, "path" | "query"> {
    const targetName = read.text("targetName");
    return {
        path: `/permissions/${read.segment("permission")}/connections/${read.segment("connectionId")}`,
        query: targetName === undefined ? {} : { targetName },
    };
}
