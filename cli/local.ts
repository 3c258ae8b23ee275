import { join, resolve } from "node:path";
import type { Command } from "commander";

interface CommonOptions {
    stack: string;
    cwd: string;
}

const folderOf = ({ cwd, stack }: CommonOptions) => join(resolve(cwd), ".local", stack);

// Loaded for these commands alone: the others start in half the time without the engine.
const loadCommands = () => require("../local/commands") as typeof import("../local/commands");

/** Adds the commands that run a project's stack on this machine. */
export function addLocalCommands({ program, onExitCode }: { program: Command; onExitCode(code: number): void }): void {
    const command = (name: string, description: string) =>
        program
            .command(name)
            .description(description)
            .option("-s, --stack <name>", "stack, with its config in Pulumi.<name>.yaml", "local")
            .option("-C, --cwd <folder>", "folder with Pulumi.yaml", ".");

    command("start", "make what a project's stack says on this machine, and serve it until Ctrl-C")
        .option("--check", "go through every binding of the chat with two clients, then exit 0 or say what failed")
        .option("--no-watch", "do not update when a file is saved")
        .action(async (options: CommonOptions & { check?: boolean; watch: boolean }) =>
            onExitCode(
                await loadCommands().runStart({
                    projectDir: resolve(options.cwd),
                    stack: options.stack,
                    folder: folderOf(options),
                    check: options.check === true,
                    watch: options.watch,
                }),
            ),
        );
    command("preview", "say what start would do, and do nothing").action(async (options: CommonOptions) =>
        onExitCode(
            await loadCommands().runPreview({
                projectDir: resolve(options.cwd),
                stack: options.stack,
                folder: folderOf(options),
            }),
        ),
    );
    command("down", "remove the stack from this machine, with everything in it").action(
        async (options: CommonOptions) =>
            onExitCode(await loadCommands().runDown({ stack: options.stack, folder: folderOf(options) })),
    );
}
