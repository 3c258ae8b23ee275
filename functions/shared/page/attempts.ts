import type { SessionState } from "./chat";

const longestWait = 30_000;

/** The options of a session with any service. */
export interface SessionOptions {
    name: string;
    onState(state: SessionState, text: string): void;
}

/** Connects a session, and connects again after each failure until the session ends. */
export class Attempts {
    private failures = 0;
    private ended = false;

    constructor(
        private readonly onState: SessionOptions["onState"],
        private readonly connect: () => void,
    ) {}

    start(): void {
        this.onState("connecting", "Connecting");
        this.connect();
    }

    succeeded(): void {
        this.failures = 0;
        this.onState("online", "Online");
    }

    /** Milliseconds until the next attempt: each failure in a row doubles them, up to half a minute. */
    nextWait(): number {
        return Math.min(longestWait, 1000 * 2 ** this.failures++);
    }

    retry(why: string): void {
        if (this.ended) {
            return;
        }
        const wait = this.nextWait();
        this.onState("connecting", `${why}, trying again in ${wait / 1000} s`);
        setTimeout(() => this.start(), wait);
    }

    /** Ends the session and shows the name form again, with the reason. */
    end(why: string): void {
        this.ended = true;
        this.onState("offline", why);
    }
}
