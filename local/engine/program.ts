import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { endWithUs } from "../../emulator/core/endWithUs";
import { readLines } from "../../emulator/core/lines";
import { type Project, placeOfProgram } from "./project";

export interface ProgramOptions {
    project: Project;
    stack: string;
    /** Config of the stack, by full key. */
    config: Record<string, string>;
    secretKeys: string[];
    /** Address of the monitor. */
    address: string;
    preview: boolean;
    /** Called for each line that the program prints. */
    onLine(line: string): void;
}

export interface RunningProgram {
    /** Resolves when the process and its pipes have closed, with the exit code, or with the signal that ended the process. */
    finished: Promise<number | NodeJS.Signals | null>;
    stop(): void;
}

/** A part of the SDK that the program itself loads. */
export function findInSdk(cwd: string, name: "cmd/run" | "cmd/dynamic-provider"): string {
    try {
        return createRequire(join(cwd, "program.js")).resolve(`@pulumi/pulumi/${name}`);
    } catch {
        throw new Error(`@pulumi/pulumi is not installed for the program in ${cwd}. Run npm install there.`);
    }
}

/**
 * Lets the SDK's runner print errors as their text and stack, and without colours.
 *
 * The runner asks for colours, and `util.inspect` of Node 20.20 then takes half a minute for a stack with a frame such as
 * `node_modules/@pulumi/resource.ts`: `markNodeModules` of lib/internal/util/inspect.js looks for the end of the package's name from the
 * beginning again, until the text is too long. Most errors of programs have such a frame.
 *
 * A `ResourceError` holds its resource, and an unhandled rejection its promise. `util.inspect` would print all that belongs to them.
 */
const readableErrors = `import util from "node:util";
const isNoise = (key, value) => value === undefined || value instanceof Promise || key.startsWith("__pulum") ||
    value?.__pulumiResource === true || value?.__pulumiOutput === true;
function withoutNoise(value, seen = new Set()) {
    if (seen.has(value) || !(value instanceof Error || Array.isArray(value))) return;
    seen.add(value);
    for (const [key, { value: item, configurable }] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
        if (value instanceof Error && configurable && isNoise(key, item)) Object.defineProperty(value, key, { enumerable: false });
        withoutNoise(item, seen);
    }
}
util.inspect = new Proxy(util.inspect, {
    apply(inspect, self, [value, options, ...more]) {
        if (!(value instanceof Error)) return inspect.call(self, value, options, ...more);
        withoutNoise(value);
        return inspect.call(self, value, options?.colors ? { ...options, colors: false } : options, ...more);
    },
});`;
const preload = `--import=data:text/javascript,${encodeURIComponent(readableErrors)}`;

/** Runs the program with the Pulumi SDK's own runner, as the Pulumi CLI does. */
export function startProgram(options: ProgramOptions): RunningProgram {
    const { cwd, program } = placeOfProgram(options.project);
    const runner = findInSdk(cwd, "cmd/run");
    const monitor = ["--monitor", options.address, "--engine", options.address];
    const names = ["--organization", "organization", "--project", options.project.name, "--stack", options.stack];
    const places = ["--root-directory", options.project.directory, "--pwd", cwd, "--parallel", "64"];
    const flags = [...monitor, ...names, ...places, ...(options.preview ? ["--dry-run"] : [])];
    const child = spawn(process.execPath, [preload, ...options.project.nodeArgs, runner, ...flags, program], {
        cwd,
        stdio: ["ignore", "pipe", "pipe"],
        env: {
            ...process.env,
            PULUMI_NODEJS_TYPESCRIPT: String(options.project.typescript),
            ...(options.project.tsconfig && { PULUMI_NODEJS_TSCONFIG_PATH: options.project.tsconfig }),
            // A type check would cost 5 s on every start; the project's own check and the editor do that.
            PULUMI_NODEJS_TRANSPILE_ONLY: "true",
            PULUMI_CONFIG: JSON.stringify(options.config),
            PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(options.secretKeys),
        },
    });
    endWithUs(child);
    readLines(child.stdout, options.onLine);
    readLines(child.stderr, options.onLine);
    const finished = new Promise<number | NodeJS.Signals | null>((resolveCode, reject) => {
        child.on("error", reject);
        child.on("close", (code, signal) => resolveCode(code ?? signal));
    });
    return { finished, stop: () => child.kill("SIGKILL") };
}
