/** An action for the `socketio` output binding. Every socket is in a room that is named by its id. */
export type Action = { namespace: string } & (
    | { actionName: "addSocketToRoom" | "removeSocketFromRoom"; socketId: string; room: string }
    | { actionName: "sendToNamespace"; eventName: string; parameters: unknown[]; exceptRooms?: string[] }
    | { actionName: "sendToRooms"; rooms: string[]; eventName: string; parameters: unknown[]; exceptRooms?: string[] }
    | { actionName: "sendToSocket"; socketId: string; eventName: string; parameters: unknown[] }
    | { actionName: "disconnectSockets"; rooms: string[]; closeUnderlyingConnection?: boolean }
);

/** Acknowledges an event whose message went on to other clients. */
export function delivered(): unknown[] {
    return [{ at: new Date().toISOString(), delivered: true }];
}
