import { cutTexts } from "../fromHost";
import type { FromHost } from "../messages";

/** The channel of this process to the supervisor. */
export interface Channel {
    tell(message: FromHost): void;
    /** Tells the last message, and gives the channel up. */
    tellLast(message: FromHost): void;
}

/**
 * Takes the channel away from `process`. A worker on Azure has no `process.send` either, and libraries that find one take this process
 * for a child of their own.
 */
export function takeChannel(): Channel {
    const send = process.send?.bind(process);
    const disconnect = process.disconnect?.bind(process);
    for (const name of ["send", "disconnect"] as const) {
        Object.defineProperty(process, name, { value: undefined, configurable: true, writable: true });
    }
    const tell = (message: FromHost, done?: () => void): void => {
        if (process.connected) {
            // The supervisor would have to hold a text of any length as a whole, and refuses very long messages.
            send?.(cutTexts(message), undefined, undefined, done);
        }
    };
    return {
        tell: (message) => tell(message),
        tellLast: (message) => tell(message, disconnect),
    };
}
