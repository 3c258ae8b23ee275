import type { Changes, OpenStack, ProofStack } from "./driver";
import { destroyAnswer, type Entry, pauseAnswer } from "./matrix";
import type { EntryResult, ProofState, StateStore } from "./state";

export interface RunOptions {
    entries: Entry[];
    store: StateStore;
    open: OpenStack;
    note(line: string): void;
    /** Current time in milliseconds since 1970. */
    now(): number;
    /** Resolves after so many milliseconds. */
    pause(milliseconds: number): Promise<void>;
    /** Whether the user asked to stop. What runs is still cleaned up. */
    isStopped(): boolean;
}

/** Roles take up to ten minutes, and a first start some more. */
const patienceMilliseconds = 15 * 60_000;
const pauseMilliseconds = 15_000;

/** Runs the entries that have not passed yet, one after another. What an earlier run left behind is cleaned up first. */
export async function runProof(options: RunOptions): Promise<ProofState> {
    const { entries, store, open, note } = options;
    const state = store.read();
    const save = (name: string, result: EntryResult) => {
        state.entries[name] = result;
        store.write(state);
    };

    for (const entry of entries) {
        const before = state.entries[entry.name];
        if (before?.status === "running" || before?.status === "left") {
            note(`${entry.name}: an earlier run left it behind, so it is cleaned up`);
            save(entry.name, await cleanUp(await open(entry), { ...before, status: "failed" }));
        }
    }
    for (const entry of entries) {
        const { name } = entry;
        if (options.isStopped()) {
            note("stopped: the same command goes on from here");
            break;
        }
        const before = state.entries[name]?.status;
        if (before === "passed") {
            note(`${name}: passed before`);
            continue;
        }
        if (before === "left") {
            note(`${name}: not run, because its leftovers are still there`);
            continue;
        }
        const result: EntryResult = {
            status: "running",
            steps: [],
            date: new Date(options.now()).toISOString(),
            // A run that fails earlier does not come to these.
            unanswered: entry.answers.filter((id) => id === pauseAnswer || id === destroyAnswer),
        };
        save(name, result);
        const stack = await open(entry);
        try {
            await proveEntry({ entry, stack, result, options, save: () => save(name, result) });
            result.status = "passed";
        } catch (error) {
            result.status = "failed";
            result.error = error instanceof Error ? error.message : String(error);
        }
        save(name, { ...result, status: "running" });
        save(name, await destroyed(stack, { entry, result, now: options.now }));
        note(`${name}: ${state.entries[name]?.status}${result.error === undefined ? "" : `, ${result.error}`}`);
    }
    return state;
}

interface EntryRun {
    entry: Entry;
    stack: ProofStack;
    result: EntryResult;
    options: RunOptions;
    save(): void;
}

async function proveEntry(run: EntryRun): Promise<void> {
    const { entry, stack, result } = run;
    await stack.configure(entry.config);
    await step(run, "up", async () => counts(await stack.up()));
    await step(run, "first message", () => waitForMessage(run));
    result.hostVersion = await stack.hostVersion().catch(() => undefined);
    await step(run, "code edit", async () => {
        const mark = `proof-${run.options.now()}`;
        await stack.configure({ codePath: await stack.editCode(mark) });
        const changes = counts(await stack.up());
        await waitFor(run, "the edited page", () => stack.showsEdit(mark));
        return changes;
    });
    await step(run, "message after the edit", () => waitForMessage(run));
    // A discovered key belongs to the extension, so the program cannot rotate it.
    if (entry.config.keySource !== "Discovered") {
        await step(run, "rotation", async () => {
            await stack.configure({ keyRotation: "2" });
            return counts(await stack.up());
        });
        await step(run, "message after the rotation", () => waitForMessage(run));
    }
    await step(run, "second up", async () => {
        const changes = await stack.up();
        const changed = Object.entries(changes).filter(([kind, count]) => kind !== "same" && count > 0);
        if (changed.length > 0) {
            throw new Error(`an up without changes says ${counts(changes)}`);
        }
        return counts(changes);
    });
    if (entry.idleMinutes !== undefined) {
        await step(run, "message after a pause", () => messageAfterPause(run, entry.idleMinutes ?? 0));
    }
}

/** The first message after a pause without traffic. It is sent once: what fails and works at the next try is what a client meets. */
async function messageAfterPause({ stack, options, result }: EntryRun, minutes: number): Promise<string> {
    const end = options.now() + minutes * 60_000;
    while (options.now() < end) {
        if (options.isStopped()) {
            throw new Error("stopped during the pause");
        }
        await options.pause(Math.min(pauseMilliseconds, end - options.now()));
    }
    const findings = await stack.verify();
    answer(result, pauseAnswer);
    const failed = findings.filter(({ status }) => status === "failed");
    if (failed.length > 0) {
        throw new Error(
            `after ${minutes} idle minutes, ${failed.map(({ check, message }) => `${check}: ${message}`).join(" ")}`,
        );
    }
    return `at once, after ${minutes} idle minutes`;
}

function answer(result: EntryResult, id: string): void {
    result.unanswered = result.unanswered?.filter((one) => one !== id);
}

async function step(
    { result, options, save, entry }: EntryRun,
    name: string,
    work: () => Promise<string>,
): Promise<void> {
    const start = options.now();
    const seconds = () => Math.round((options.now() - start) / 1000);
    try {
        const note = await work();
        result.steps.push({ step: name, seconds: seconds(), note });
        options.note(`${entry.name}: ${name}, ${seconds()} s, ${note}`);
    } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        result.steps.push({ step: name, seconds: seconds(), note: "failed" });
        throw new Error(`${name}: ${message}`);
    } finally {
        save();
    }
}

/** Verifies until every check passes. The time that it takes is what a user waits after an `up`. */
async function waitForMessage({ stack, options }: EntryRun): Promise<string> {
    const end = options.now() + patienceMilliseconds;
    for (let tries = 1; ; tries += 1) {
        const findings = await stack.verify();
        const failed = findings.filter(({ status }) => status === "failed");
        if (failed.length === 0) {
            return tries === 1 ? "at once" : `at try ${tries}`;
        }
        if (options.now() >= end) {
            throw new Error(failed.map(({ check, message }) => `${check}: ${message}`).join(" "));
        }
        await options.pause(pauseMilliseconds);
    }
}

async function waitFor({ options }: EntryRun, what: string, isThere: () => Promise<boolean>): Promise<void> {
    const end = options.now() + patienceMilliseconds;
    while (!(await isThere().catch(() => false))) {
        if (options.now() >= end) {
            throw new Error(`${what} did not appear`);
        }
        await options.pause(pauseMilliseconds);
    }
}

const withRole: Record<string, string> = {
    true: "by a deployer with a role in the vault, which shows nothing about one without",
    false: "by a deployer without a role in the vault",
    undefined: "by a deployer of whose role in the vault nothing is known",
};

/** Cleans up, and notes whether it needed a role in the vault: an Owner has none, and may delete no secret by itself. */
async function destroyed(
    stack: ProofStack,
    { entry, result, now }: { entry: Entry; result: EntryResult; now: () => number },
): Promise<EntryResult> {
    const hasVault = entry.answers.includes(destroyAnswer);
    const mayDelete = hasVault ? await stack.mayDeleteSecrets().catch(() => undefined) : undefined;
    const start = now();
    const cleaned = await cleanUp(stack, result);
    const note = cleaned.status === "left" ? "failed" : "nothing left";
    if (mayDelete === false) {
        answer(cleaned, destroyAnswer);
    }
    return {
        ...cleaned,
        steps: [
            ...cleaned.steps,
            {
                step: "destroy",
                seconds: Math.round((now() - start) / 1000),
                note: hasVault ? `${note}, ${withRole[String(mayDelete)]}` : note,
            },
        ],
    };
}

/** Destroys a stack, twice if need be. What is left is named, and the next run tries again. */
async function cleanUp(stack: ProofStack, result: EntryResult): Promise<EntryResult> {
    let failure = "";
    for (let tries = 0; tries < 2; tries += 1) {
        try {
            await stack.destroy();
            failure = "";
            break;
        } catch (error) {
            failure = error instanceof Error ? error.message : String(error);
        }
    }
    const left = await stack.leftovers().catch((error: unknown) => [`unknown: ${String(error)}`]);
    if (failure !== "" || left.length > 0) {
        const what = [failure, ...left].filter((text) => text !== "").join(", ");
        return { ...result, status: "left", error: `${result.error ?? ""} left behind: ${what}`.trim() };
    }
    await stack.remove();
    return result;
}

function counts(changes: Changes): string {
    const parts = Object.entries(changes).filter(([, count]) => count > 0);
    return parts.map(([kind, count]) => `${count} ${kind}`).join(", ") || "no resource";
}
