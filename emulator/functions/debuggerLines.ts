import type { LogLevel } from "../core/log";

/**
 * Says how to attach a debugger once, because a restart of the app keeps the port, and that another program has the port. Somebody asked for the
 * debugger, so what is said is shown at any time.
 */
export function createDebuggerLines(options: {
    port: number | undefined;
    say: (level: LogLevel, message: string) => void;
}): (url: string | undefined) => void {
    const { say } = options;
    let hasSaid = false;
    return (url) => {
        if (url === undefined) {
            say(
                "warning",
                `The debugger waits, because port ${options.port} of 127.0.0.1 is taken by another process. Choose another port with --inspect <port>.`,
            );
        } else if (!hasSaid) {
            hasSaid = true;
            const { port } = new URL(url);
            say(
                "info",
                `The debugger listens on 127.0.0.1:${port}. In VS Code: a launch configuration with "type": "node", ` +
                    `"request": "attach", "port": ${port}, "restart": true. In Chrome: chrome://inspect.`,
            );
        }
    };
}
