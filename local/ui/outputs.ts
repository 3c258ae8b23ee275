import { printable } from "../../emulator/core/printable";
import { hasUnknown, type Properties } from "../engine/values";
import { paint } from "./paint";

/** The stack's outputs as lines. A secret appears as `[secret]`. */
export function outputLines({ outputs, secretOutputs }: { outputs: Properties; secretOutputs: string[] }): string[] {
    const width = Math.max(0, ...Object.keys(outputs).map((key) => key.length));
    return Object.entries(outputs).map(([key, value]) => {
        const shown = secretOutputs.includes(key)
            ? paint.dim("[secret]")
            : hasUnknown(value)
              ? paint.dim("(known after the update)")
              : typeof value === "string"
                ? printable(value)
                : JSON.stringify(value);
        return `  ${printable(key).padEnd(width)}  ${shown}`;
    });
}
