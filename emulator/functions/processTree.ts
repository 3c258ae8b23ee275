import { execFileSync } from "node:child_process";
import path from "node:path";

/** What ends processes on this machine, handed in for tests. */
export interface ProcessSystem {
    platform: NodeJS.Platform;
    /** Folder of Windows; undefined elsewhere. */
    systemRoot: string | undefined;
    kill(pid: number, signal: NodeJS.Signals): void;
    run(file: string, args: string[]): void;
}

const thisSystem: ProcessSystem = {
    platform: process.platform,
    systemRoot: process.env.SystemRoot,
    kill: (pid, signal) => process.kill(pid, signal),
    run: (file, args) => execFileSync(file, args, { stdio: "ignore", windowsHide: true }),
};

/** Ends a process that leads a process group, and everything it started. Throws when there is no such process. */
export function killTree(pid: number, system: ProcessSystem = thisSystem): void {
    if (system.platform !== "win32") {
        system.kill(-pid, "SIGKILL");
        return;
    }
    // The whole path, because an app's process has no PATH of this machine's.
    const taskkill = path.win32.join(system.systemRoot ?? "C:\\Windows", "System32", "taskkill.exe");
    system.run(taskkill, ["/PID", String(pid), "/T", "/F"]);
}
