/** An action for the `signalR` output binding. A message without a recipient goes to everyone. */
export type Action = Message | GroupAction;

/** Calls `target` on clients with `arguments`. */
type Message = { target: string; arguments: [Record<string, unknown>] } & (
    | { connectionId: string }
    | { userId: string }
    | { groupName: string }
    | { connectionId?: undefined; userId?: undefined; groupName?: undefined }
);

/** `removeAll` exists for users only, because the extension silently ignores it for a connection. */
type GroupAction =
    | { action: "add" | "remove"; groupName: string; connectionId: string }
    | { action: "add" | "remove"; groupName: string; userId: string }
    | { action: "removeAll"; userId: string };
