/** Where a run's throw-away files go, and how much time it may take. */
export interface Context {
    /** Fewer runs and smaller numbers: whether it works, not how fast it is. */
    quick: boolean;
    /** A folder of this run's own. */
    folder: string;
    /** Says what is being measured. */
    note(text: string): void;
}

/** What a ratio has to be. */
export type Aim = { atMost: number } | { atLeast: number };

/** One line of the table: a measurement of ours against one of the reference. */
export interface Result {
    what: string;
    unit: string;
    /** Medians, and the pairs they are from, in the order they were run. */
    ours: number;
    reference: number;
    /** Median of ours over reference, pair by pair. */
    ratio: number;
    /** Smallest and largest ratio of a pair. */
    spread: [number, number];
    /** Without one the line is for information. */
    aim?: Aim;
    /** What else was seen, in a few words. */
    detail?: string;
}

export interface Row {
    /** For `--only`. */
    name: string;
    title: string;
    /** What it is compared with. */
    reference: string;
    run(context: Context): Promise<RowResult>;
}

export interface RowResult {
    results: Result[];
    /** Drawn below the table. */
    picture?: string;
}
