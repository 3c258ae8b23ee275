import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import type { Answer, Question } from "./answerCalls";

/** A separate process that answers calls; see `answerCalls`. */
export interface Worker {
    call<T>(name: string, argument?: unknown): Promise<T>;
    close(): Promise<void>;
}

const built = resolve(__dirname, "../../.azure-realtime/bench-workers");

/** Compiles the workers in advance, because a worker that compiles its own sources starts ten times as slowly. */
export async function buildWorkers(): Promise<void> {
    await build({
        entryPoints: [resolve(__dirname, "../workers/*.ts")],
        outdir: built,
        bundle: true,
        packages: "external",
        platform: "node",
        target: "node20",
        format: "cjs",
        logLevel: "error",
    });
}

/** Starts the compiled `bench/workers/<name>.ts` in a separate process. */
export function startWorker(name: string): Worker {
    const child = fork(join(built, `${name}.js`), {
        execArgv: ["--expose-gc"],
        stdio: ["ignore", "inherit", "inherit", "ipc"],
        serialization: "advanced",
    });
    const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
    let next = 0;
    child.on("message", ({ id, value, error }: Answer) => {
        const call = waiting.get(id);
        waiting.delete(id);
        error === undefined ? call?.resolve(value) : call?.reject(new Error(`${name}: ${error}`));
    });
    child.on("exit", (code) => {
        for (const { reject } of waiting.values()) {
            reject(new Error(`the worker ${name} ended with exit code ${code}`));
        }
    });
    return {
        call: <T>(what: string, argument?: unknown) =>
            new Promise<T>((resolve, reject) => {
                const id = next++;
                waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
                const question: Question = { id, name: what, argument };
                child.send(question, (error) => error && reject(error));
            }),
        close: () => end(child),
    };
}

async function end(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) {
        return;
    }
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
}

/** Calls `run` with new workers and ends them afterwards, also after an error. */
export async function withWorkers<T>(names: readonly string[], run: (...workers: Worker[]) => Promise<T>): Promise<T> {
    const workers = names.map(startWorker);
    try {
        return await run(...workers);
    } finally {
        await Promise.all(workers.map((worker) => worker.close()));
    }
}
