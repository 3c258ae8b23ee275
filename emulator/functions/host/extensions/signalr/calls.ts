import type { ReadAnswer } from "../../../../core/fetchOnce";
import type { DataPlaneCall } from "../service/dataPlane";
import type { Addressee, SignalRAction } from "./actions";
import { hubSegment } from "./service";

/** The data-plane call of an action. Undefined for `removeAll` of a connection, which the vendor's extension ignores. */
export function toCall({ action, hub }: { action: SignalRAction; hub: string }): DataPlaneCall | undefined {
    const base = `/api/hubs/${hubSegment(hub)}`;
    if (action.kind === "message") {
        return {
            method: "POST",
            path: `${base}${pathOf(action.to)}/:send`,
            contentType: "application/json; charset=utf-8",
            body: JSON.stringify({ Target: action.target, Arguments: action.arguments }),
        };
    }
    const { connectionId, userId } = action;
    const group = encodeURIComponent(action.groupName);
    if (connectionId !== "") {
        return connectionCall({
            action,
            path: `${base}/groups/${group}/connections/${encodeURIComponent(connectionId)}`,
        });
    }
    const groups = `${base}/users/${encodeURIComponent(userId)}/groups`;
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
        return `/connections/${encodeURIComponent(to.connectionId)}`;
    }
    return "userId" in to ? `/users/${encodeURIComponent(to.userId)}` : `/groups/${encodeURIComponent(to.groupName)}`;
}
