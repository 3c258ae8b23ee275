import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Emulator } from "../../emulator";
import { functions, handlers } from "../../local/azure";
import { createWorld } from "../../local/azure/world";
import type { StackEvent } from "../../local/engine/events";
import type { Handler, Made } from "../../local/engine/handler";
import type { Properties } from "../../local/engine/values";
import { type RunningStack, type RunOptions, runStack, type UpdateResult } from "../../local/run";

const root = resolve(__dirname, "../..");

export interface Workbench {
    projectDir: string;
    folder: string;
    events: StackEvent[];
    /** Starts a stack with the workbench's program. `close` of the workbench also closes the stack. */
    start(options?: Partial<RunOptions> & { signal?: AbortSignal }): Promise<RunningStack>;
    /** Starts and closes a stack, like `npm start` and then Ctrl-C. */
    once(options?: Partial<RunOptions>): Promise<UpdateResult>;
    close(): Promise<void>;
}

const fixtureYaml = "name: fixture\nruntime: nodejs\nmain: index.ts\n";

/** A project in a temporary folder, with a fixture program as its `main`. */
export function createWorkbench(given: {
    program: string;
    yaml?: string;
    startEmulator?: RunOptions["startEmulator"];
    /** Defaults to a separate process for each run, which a program that fails or is interrupted needs. */
    startProgram?: RunOptions["startProgram"];
}): Workbench {
    // Inside the repository, so that the program finds its packages, in a folder that git ignores.
    mkdirSync(join(root, ".azure-realtime/tests"), { recursive: true });
    const projectDir = mkdtempSync(join(root, ".azure-realtime/tests/run-"));
    const folder = mkdtempSync(join(tmpdir(), "local-azure-"));
    cpSync(join(root, "test/fixtures/programs", given.program), join(projectDir, "index.ts"));
    writeFileSync(join(projectDir, "tsconfig.json"), JSON.stringify({ extends: join(root, "tsconfig.json") }));
    writeFileSync(join(projectDir, "Pulumi.yaml"), given.yaml ?? fixtureYaml);
    const events: StackEvent[] = [];
    const running = new Set<RunningStack>();
    const start: Workbench["start"] = async (options = {}) => {
        const stack = await runStack({
            projectDir,
            folder,
            stack: "test",
            on: (event) => events.push(event),
            startEmulator: given.startEmulator ?? (async () => bareEmulator()),
            ...(given.startProgram && { startProgram: given.startProgram }),
            ...options,
        });
        running.add(stack);
        return stack;
    };
    return {
        projectDir,
        folder,
        events,
        start,
        async once(options) {
            const stack = await start(options);
            await stack.close();
            return stack;
        },
        async close() {
            await Promise.all([...running].map((stack) => stack.close()));
            rmSync(projectDir, { recursive: true, force: true });
            rmSync(folder, { recursive: true, force: true });
        },
    };
}

function bareEmulator(): Emulator {
    return { warmUp() {}, close: async () => {} } as unknown as Emulator;
}

/** The operation of every resource that is not a component, by name, in the order in which the operations ended. */
export function operations(result: UpdateResult): Record<string, string> {
    return Object.fromEntries(result.steps.filter((step) => step.custom).map((step) => [step.name, step.operation]));
}

/** A local Azure over an emulator. Calls the handlers in the same order as the engine. */
export function createTestAzure(emulator: Emulator) {
    const settings = { subscriptionId: "sub", tenantId: "tenant" };
    const world = createWorld({ ...settings, emulator, folder: "/nowhere", now: () => Date.UTC(2026, 0, 31) });
    const find = (type: string): Handler => {
        const handler = handlers.find(({ token }) => token.endsWith(`:${type}`));
        if (!handler) {
            throw new Error(`no handler for ${type}`);
        }
        return handler;
    };
    const check = (type: string, inputs: Properties) =>
        find(type).check({ logicalName: type.toLowerCase(), inputs, preview: false, settings });
    return {
        world,
        find,
        check,
        async make(type: string, inputs: Properties): Promise<Made & { inputs: Properties }> {
            const checked = check(type, inputs);
            return { inputs: checked, ...(await find(type).create({ world, inputs: checked })) };
        },
        async call(name: string, args: Properties): Promise<Properties> {
            const providerFunction = functions.find(({ token }) => token.endsWith(`:${name}`));
            if (!providerFunction) {
                throw new Error(`no function ${name}`);
            }
            return providerFunction.run({ world, args });
        },
    };
}
