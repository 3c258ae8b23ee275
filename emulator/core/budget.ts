export interface BudgetOptions {
    /** Milliseconds. Defaults to the system's time, because a fine clock costs more than an event that is not recorded. */
    now?(): number;
    /** Defaults to 150. */
    perSecond?: number;
    /** How many may come at once after a quiet time. Defaults to 1,000. */
    atOnce?: number;
}

/** Lets so much happen in a second. */
export interface Budget {
    hasLeft(): boolean;
    take(): void;
}

export function createBudget({ now = Date.now, perSecond = 150, atOnce = 1000 }: BudgetOptions = {}): Budget {
    let left = atOnce;
    let counted = now();
    return {
        hasLeft() {
            const time = now();
            // A clock that was set back gives nothing.
            left = Math.min(atOnce, left + (Math.max(0, time - counted) * perSecond) / 1000);
            counted = time;
            return left >= 1;
        },
        take() {
            left -= 1;
        },
    };
}
