import { hasUnknown, type Properties } from "../engine/values";
import { paint } from "./paint";

/** The stack's outputs as lines; secrets are never written out. */
export function outputLines(options: { outputs: Properties; secretOutputs: string[] }): string[] {
    const width = Math.max(0, ...Object.keys(options.outputs).map((key) => key.length));
    return Object.entries(options.outputs).map(([key, value]) => {
        const shown = options.secretOutputs.includes(key)
            ? paint.dim("[secret]")
            : hasUnknown(value)
              ? paint.dim("(known after the update)")
              : typeof value === "string"
                ? value
                : JSON.stringify(value);
        return `  ${key.padEnd(width)}  ${shown}`;
    });
}
