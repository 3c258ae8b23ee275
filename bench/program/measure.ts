import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startMonitor } from "../../local/engine/monitor";
import { startProgram } from "../../local/engine/program";
import type { Project } from "../../local/engine/project";
import { createRecorder, type Recorded } from "../../local/engine/recorder";

export interface ProgramRun {
    seconds: number;
    /** The process's peak memory, in MB. */
    peak: number;
    recorded: Recorded[];
}

export interface ProgramOptions {
    project: Project;
    stack: string;
    config: Record<string, string>;
    /** Folder for temporary files. */
    folder: string;
}

/** Runs a program as `npm start` and the Pulumi CLI do, against an engine that creates no resource. */
export async function measureProgram(options: ProgramOptions): Promise<ProgramRun> {
    const {
        engine,
        resources: recorded,
        errors,
    } = createRecorder({ project: options.project.name, stack: options.stack });
    const monitor = await startMonitor(engine);
    const peakFile = join(options.folder, "peak");
    const lines: string[] = [];
    const began = performance.now();
    try {
        const program = withEnvironment(
            { NODE_OPTIONS: `--require ${join(__dirname, "peakMemory.js")}`, BENCH_PEAK_FILE: peakFile },
            () =>
                startProgram({
                    project: options.project,
                    stack: options.stack,
                    config: options.config,
                    secretKeys: [],
                    address: monitor.address,
                    preview: false,
                    onLine: (line) => lines.push(line),
                }),
        );
        const code = await program.finished;
        const seconds = (performance.now() - began) / 1000;
        if (code !== 0) {
            throw new Error(
                `${options.project.main} ended with exit code ${code}:\n${[...errors, ...lines].join("\n")}`,
            );
        }
        return { seconds, peak: Number(readFileSync(peakFile, "utf8")) / 1024, recorded };
    } finally {
        monitor.close();
    }
}

/** Calls `start` with these environment variables set, and restores the old ones afterwards. */
function withEnvironment<T>(variables: Record<string, string>, start: () => T): T {
    const before = { ...process.env };
    Object.assign(process.env, variables);
    try {
        return start();
    } finally {
        for (const name of Object.keys(variables)) {
            delete process.env[name];
        }
        Object.assign(process.env, before);
    }
}
