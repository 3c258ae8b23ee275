import type { Clock } from "./clock";

/** Told about an error that a peer caused. It must not throw. */
export type OnFailure = (error: unknown) => void;

/**
 * Makes a listener, timer or other callback that never throws and never leaves a rejected promise, because either would end the process
 * with everything in it. Every callback that Node calls because of a peer goes through here.
 */
export function guarded<A extends unknown[]>(
    onFailure: OnFailure,
    run: (...args: A) => void | Promise<void>,
): (...args: A) => void {
    return (...args) => {
        try {
            const running = run(...args);
            if (running instanceof Promise) {
                running.catch(onFailure);
            }
        } catch (error) {
            onFailure(error);
        }
    };
}

/** A clock whose callbacks cannot end the process. */
export function guardClock(clock: Clock, onFailure: OnFailure): Clock {
    return {
        now: () => clock.now(),
        elapsed: () => clock.elapsed(),
        after: (milliseconds, callback) => clock.after(milliseconds, guarded(onFailure, callback)),
    };
}
