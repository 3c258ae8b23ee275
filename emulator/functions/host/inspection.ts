import inspector from "node:inspector";
import { createServer } from "node:net";

const host = "127.0.0.1";
const retryMilliseconds = 200;
let isEnded = false;

/** Opens the debugger of this process. While another host still has the port, it tries again until that one has gone. */
export function startInspection({ port, onOpen }: { port: number; onOpen: (url: string) => void }): void {
    // Nothing is awaited before the first attempt: the code that loads next can be debugged where the port is free.
    inspector.open(port, host);
    const url = inspector.url();
    if (url !== undefined) {
        onOpen(url);
        return;
    }
    const retry = () => {
        if (isEnded) {
            return;
        }
        setTimeout(async () => {
            // The inspector complains on standard error about a port that is taken, so the port is tried first.
            if (!isEnded && (await isFree(port))) {
                startInspection({ port, onOpen });
            } else {
                retry();
            }
        }, retryMilliseconds).unref();
    };
    retry();
}

export function endInspection(): void {
    isEnded = true;
    inspector.close();
}

function isFree(port: number): Promise<boolean> {
    return new Promise((resolve) => {
        const server = createServer();
        server.once("error", () => resolve(false));
        server.listen(port, host, () => server.close(() => resolve(true)));
    });
}
