import { printableOutput } from "../../emulator/core/printable";
import { paint } from "./paint";

/** Where lines are written: an output of this process. */
export type Output = Pick<NodeJS.WriteStream, "write">;

/** Writes a line to an output. Escape sequences pass only as colours, and only where this command colours its lines. */
export function writeLine(line: string, output: Output = process.stdout): void {
    output.write(`${printableOutput(line, { colours: paint.isColorSupported })}\n`);
}
