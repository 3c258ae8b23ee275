/** Content of a message: text and JSON as text, bytes in the JSON form of a Node Buffer. */
export type Content =
    | { dataType: "text" | "json"; data: string }
    | { dataType: "binary"; data: ReturnType<Buffer["toJSON"]> };

export type Permission = "sendToGroup" | "joinLeaveGroup";

/** An action for the `webPubSub` output binding. */
export type Action =
    | ({ actionName: "sendToAll"; excluded?: string[] } & Content)
    | ({ actionName: "sendToGroup"; group: string; excluded?: string[] } & Content)
    | ({ actionName: "sendToUser"; userId: string } & Content)
    | ({ actionName: "sendToConnection"; connectionId: string } & Content)
    | { actionName: "addUserToGroup" | "removeUserFromGroup"; userId: string; group: string }
    | { actionName: "removeUserFromAllGroups"; userId: string }
    | { actionName: "addConnectionToGroup" | "removeConnectionFromGroup"; connectionId: string; group: string }
    | { actionName: "closeAllConnections"; excluded?: string[]; reason?: string }
    | { actionName: "closeClientConnection"; connectionId: string; reason?: string }
    | { actionName: "closeGroupConnections"; group: string; excluded?: string[]; reason?: string }
    | {
          actionName: "grantPermission" | "revokePermission";
          connectionId: string;
          permission: Permission;
          targetName?: string;
      };

/** A message of this chat: a JSON object with a `type`. */
export function json(message: { type: string } & Record<string, unknown>): Content {
    return { dataType: "json", data: JSON.stringify(message) };
}
