import { spawn } from "node:child_process";
import { UsageError } from "../words";

export interface PulumiResult {
    code: number;
    /** Both output streams. */
    output: string;
}

/** Runs the Pulumi CLI with these arguments. */
export type RunPulumi = (args: readonly string[]) => Promise<PulumiResult>;

/** Runs the `pulumi` of PATH. */
export const pulumiOfPath: RunPulumi = (args) =>
    new Promise((resolve, reject) => {
        const child = spawn("pulumi", args, { stdio: ["ignore", "pipe", "pipe"] });
        let output = "";
        const read = (data: Buffer) => {
            // The end of the output tells the error.
            output = (output + data.toString()).slice(-100_000);
        };
        child.stdout.on("data", read);
        child.stderr.on("data", read);
        child.once("error", (error: NodeJS.ErrnoException) =>
            reject(
                error.code === "ENOENT"
                    ? new UsageError("`pulumi` is not on PATH. Install the Pulumi CLI, or leave out --run.")
                    : error,
            ),
        );
        child.once("close", (code) => resolve({ code: code ?? 1, output }));
    });
