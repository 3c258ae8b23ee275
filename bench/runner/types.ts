/** The surroundings of a run. */
export interface Context {
    /** Only checks that the row works: fewer runs and smaller numbers. */
    quick: boolean;
    /** Temporary folder of this run alone. */
    folder: string;
    /** Shows the user what is being measured. */
    note(text: string): void;
}

/** The ratio that a line must reach. */
export type Aim = { atMost: number } | { atLeast: number };

/** One line of the table: a measurement of ours against one of the reference. */
export interface Result {
    what: string;
    unit: string;
    /** Medians of all runs. */
    ours: number;
    reference: number;
    /** Median of ours over reference, pair by pair. */
    ratio: number;
    /** Smallest and largest ratio of a pair. */
    spread: [number, number];
    /** Without an aim, the line is for information only. */
    aim?: Aim;
    /** Further observations in a few words. */
    detail?: string;
}

export interface Row {
    /** Name for `--only`. */
    name: string;
    title: string;
    /** The program or server that the row is compared with. */
    reference: string;
    run(context: Context): Promise<RowResult>;
}

export interface RowResult {
    results: Result[];
    /** Drawn below the table. */
    picture?: string;
}
