import pc from "picocolors";

/** Colours for a terminal only, and not where NO_COLOR is set. The library alone would also colour the log of a pipeline, where CI=true. */
export const paint = pc.createColors(pc.isColorSupported && process.stdout.isTTY === true);
