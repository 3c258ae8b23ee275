// Loaded with --require into a process that watchParent.ts starts. A thread of its own ends the process when the parent is gone,
// because the main thread may be blocked by the code that it runs, for ever.
const { execFileSync } = require("node:child_process");
const { fstatSync } = require("node:fs");
const { Socket } = require("node:net");
const path = require("node:path");
const { isMainThread, Worker, workerData } = require("node:worker_threads");

// The other end belongs to the parent alone, so that it closes with the parent, however that ends.
const parentPipe = 4;
const task = "azure-realtime: end with the parent";

function isOpen() {
    try {
        const about = fstatSync(parentPipe);
        return about.isSocket() || about.isFIFO();
    } catch {
        return false;
    }
}

function startThread() {
    // Processes that this one forks inherit its arguments, but not its parent.
    const at = process.execArgv.indexOf(__filename);
    if (at > 0) {
        process.execArgv.splice(at - 1, 2);
    }
    if (isOpen()) {
        const resourceLimits = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 };
        const thread = new Worker(__filename, { workerData: task, execArgv: [], resourceLimits });
        thread.on("error", () => undefined);
        thread.unref();
    }
}

/** Ends this process, and the processes that it started where it leads a process group. */
function end() {
    if (process.platform === "win32") {
        const taskkill = path.win32.join(process.env.SystemRoot ?? "C:\\Windows", "System32", "taskkill.exe");
        execFileSync(taskkill, ["/PID", String(process.pid), "/T", "/F"], { stdio: "ignore", windowsHide: true });
        return;
    }
    try {
        process.kill(-process.pid, "SIGKILL");
    } catch {
        process.kill(process.pid, "SIGKILL");
    }
}

if (isMainThread) {
    startThread();
} else if (workerData === task) {
    const socket = new Socket({ fd: parentPipe, readable: true, writable: false });
    socket.on("error", end).on("close", end).resume();
}
