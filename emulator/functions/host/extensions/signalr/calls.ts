import { encodePart } from "../../../../core/encodePart";
import type { ReadAnswer } from "../../../../core/fetchOnce";
import { writeJson } from "../../bindings/newtonsoft";
import type { DataPlaneCall } from "../service/dataPlane";
import type { Addressee, SignalRAction } from "./actions";
import { hubSegment } from "./service";

/**
 * The data-plane call of an action. Undefined for `removeAll` of a connection, which the vendor's extension ignores. Of several services one
 * has the connection, and the others say that they do not (WriteSingleResultAckableMessage of Azure/azure-signalr).
 */
export function toCall(options: {
    action: SignalRAction;
    hub: string;
    isOneOfSeveral?: boolean;
}): DataPlaneCall | undefined {
    const call = callOf(options);
    return call !== undefined && options.isOneOfSeveral === true ? { ...call, isTolerated: isGone } : call;
}

function callOf({ action, hub }: { action: SignalRAction; hub: string }): DataPlaneCall | undefined {
    const base = `/api/hubs/${hubSegment(hub)}`;
    if (action.kind === "message") {
        return {
            method: "POST",
            path: `${base}${pathOf(action.to)}/:send`,
            contentType: "application/json; charset=utf-8",
            body: writeJson({ Target: action.target, Arguments: action.arguments }),
        };
    }
    const { connectionId, userId } = action;
    const group = encodePart(action.groupName);
    if (connectionId !== "") {
        return connectionCall({
            action,
            path: `${base}/groups/${group}/connections/${encodePart(connectionId)}`,
        });
    }
    const groups = `${base}/users/${encodePart(userId)}/groups`;
    return action.action === "removeAll"
        ? { method: "DELETE", path: groups }
        : { method: action.action === "add" ? "PUT" : "DELETE", path: `${groups}/${group}` };
}

function connectionCall(options: {
    action: SignalRAction & { kind: "group" };
    path: string;
}): DataPlaneCall | undefined {
    const { action, path } = options;
    switch (action.action) {
        case "add":
            return { method: "PUT", path, isTolerated: isGone };
        case "remove":
            return { method: "DELETE", path };
        case "removeAll":
            return undefined;
    }
}

/** Whether the client has left, so that the change of its groups has nothing to do. */
function isGone({ status, headers }: Pick<ReadAnswer, "status" | "headers">): boolean {
    return status === 404 && headers.get("x-ms-error-code") === "Error.Connection.NotExisted";
}

function pathOf(to: Addressee): string {
    if (to === "all") {
        return "";
    }
    if ("connectionId" in to) {
        return `/connections/${encodePart(to.connectionId)}`;
    }
    return "userId" in to ? `/users/${encodePart(to.userId)}` : `/groups/${encodePart(to.groupName)}`;
}
