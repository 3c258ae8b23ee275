import type { ChildProcess } from "node:child_process";
import { Socket, type SocketConstructorOpts } from "node:net";

interface Sender {
    _pendingMessage?: { handle?: object } | null;
}

/**
 * The connection that was sent to a process and that the process had not taken when it ended. Node keeps such a connection open for ever,
 * where only a field of its own has it: target._pendingMessage in lib/internal/child_process.js of nodejs/node.
 */
export function takePendingConnection(child: ChildProcess): Socket | undefined {
    const sender = child as unknown as Sender;
    const handle = sender._pendingMessage?.handle;
    if (handle === undefined) {
        return undefined;
    }
    sender._pendingMessage = null;
    const options: SocketConstructorOpts & { handle: object; pauseOnCreate: boolean } = { handle, pauseOnCreate: true };
    return new Socket(options);
}
