import pc from "picocolors";

/** Colours for a terminal only: CI=true makes the library think that a pipeline's log wants them too. */
export const paint = pc.createColors(pc.isColorSupported && process.stdout.isTTY === true);
