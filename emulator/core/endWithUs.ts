import { type ChildProcess, spawn } from "node:child_process";

interface EndOptions {
    /** Whether the child leads a process group, which then ends as a whole. Defaults to false. */
    group?: boolean;
    /** Defaults to this machine's. */
    platform?: NodeJS.Platform;
}

/**
 * Ends a child when this process is gone, however it ended. A shell waits for that, because the child's event loop may be blocked. A thread in
 * the child would do it too, but on Node 20 a thread that starts before the program changes how links to packages and loaders resolve.
 * Windows ends the children of a process by itself: libuv starts them in a job.
 */
export function endWithUs(child: ChildProcess, { group = false, platform = process.platform }: EndOptions = {}): void {
    if (platform === "win32" || child.pid === undefined) {
        return;
    }
    // Nothing is ever written into the pipe, of which this process alone has the other end: reading ends when this process has ended.
    const script = 'trap "" HUP INT TERM; read -r _; kill -KILL "$0"';
    const guard = spawn("/bin/sh", ["-c", script, `${group ? "-" : ""}${child.pid}`], {
        cwd: "/",
        env: {},
        stdio: ["pipe", "ignore", "ignore"],
    });
    // Where there is no shell, the child ends by its own event loop alone.
    guard.on("error", () => undefined);
    guard.stdin.on("error", () => undefined);
    guard.unref();
    child.once("exit", () => guard.kill("SIGKILL"));
}
