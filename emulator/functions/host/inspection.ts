import inspector from "node:inspector";
import { createServer } from "node:net";

const host = "127.0.0.1";
const retryMilliseconds = 200;
/** A process that ends gives the port back sooner. */
const retriesInSilence = 10;
let isEnded = false;

/**
 * Opens the debugger of this process. While another host still has the port, it tries again until that one has gone. `onWait` is called
 * once when that takes long, because another program may have the port.
 */
export function startInspection(options: { port: number; onOpen: (url: string) => void; onWait: () => void }): void {
    const { port, onOpen, onWait } = options;
    // Nothing is awaited before the first attempt: the code that loads next can be debugged where the port is free.
    inspector.open(port, host);
    const url = inspector.url();
    if (url !== undefined) {
        onOpen(url);
        return;
    }
    let retries = 0;
    const retry = () => {
        if (isEnded) {
            return;
        }
        retries += 1;
        if (retries === retriesInSilence) {
            onWait();
        }
        setTimeout(async () => {
            // The inspector complains on standard error about a port that is taken, so the port is tried first.
            if (!isEnded && (await isFree(port))) {
                startInspection(options);
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
