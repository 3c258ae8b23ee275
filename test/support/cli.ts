import { createProgram, type Outside } from "../../cli/program";

export interface CliRun {
    code: number | undefined;
    lines: string[];
}

/** Runs the command line in this process. Rejects with the command's error. */
export async function runCli(args: string[], outside: Partial<Outside> = {}): Promise<CliRun> {
    const lines: string[] = [];
    let code: number | undefined;
    const program = createProgram({
        outside: {
            print: (line) => lines.push(line),
            env: {},
            fetch,
            now: Date.now,
            interrupted: new Promise(() => {}),
            ...outside,
        },
        onExitCode: (ended) => {
            code = ended;
        },
    });
    // Makes commander throw on wrong usage, because its default would end the test process.
    for (const command of [program, ...program.commands]) {
        command.exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
    }
    await program.parseAsync(["node", "azure-realtime", ...args]);
    return { code, lines };
}
