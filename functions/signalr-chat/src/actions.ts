/** What the `signalR` output binding can be asked to do. Without an addressee, a message goes to everyone. */
export type Action = Message | GroupAction;

/** Calls `target` on clients with `arguments`. */
type Message = { target: string; arguments: [Record<string, unknown>] } & (
    | { connectionId: string }
    | { userId: string }
    | { groupName: string }
    | { connectionId?: undefined; userId?: undefined; groupName?: undefined }
);

/** The extension passes over `removeAll` for a connection without a word, so that one is for users only. */
type GroupAction =
    | { action: "add" | "remove"; groupName: string; connectionId: string }
    | { action: "add" | "remove"; groupName: string; userId: string }
    | { action: "removeAll"; userId: string };
