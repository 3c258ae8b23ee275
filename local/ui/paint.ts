import pc from "picocolors";

/**
 * Whether an output is coloured: a terminal is, unless NO_COLOR is set. FORCE_COLOR colours any output, and none when it is 0. The library
 * alone would also colour the log of a pipeline, where CI=true. Sources: no-color.org, force-color.org.
 */
export function takesColours({ env, isTTY }: { env: NodeJS.ProcessEnv; isTTY: boolean }): boolean {
    const { NO_COLOR = "", FORCE_COLOR = "", TERM } = env;
    if (NO_COLOR !== "" || FORCE_COLOR === "0" || FORCE_COLOR === "false") {
        return false;
    }
    return FORCE_COLOR !== "" || (isTTY && TERM !== "dumb");
}

export const paint = pc.createColors(takesColours({ env: process.env, isTTY: process.stdout.isTTY === true }));
