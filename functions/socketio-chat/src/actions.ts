/** What the `socketio` output binding can be asked to do. Rooms named like a socket id hold that one socket. */
export type Action = { namespace: string } & (
    | { actionName: "addSocketToRoom" | "removeSocketFromRoom"; socketId: string; room: string }
    | { actionName: "sendToNamespace"; eventName: string; parameters: unknown[]; exceptRooms?: string[] }
    | { actionName: "sendToRooms"; rooms: string[]; eventName: string; parameters: unknown[]; exceptRooms?: string[] }
    | { actionName: "sendToSocket"; socketId: string; eventName: string; parameters: unknown[] }
    | { actionName: "disconnectSockets"; rooms: string[]; closeUnderlyingConnection?: boolean }
);

/** The acknowledgement of everything that was passed on to somebody. */
export function delivered(): unknown[] {
    return [{ at: new Date().toISOString(), delivered: true }];
}
