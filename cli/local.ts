import { join, resolve } from "node:path";
import type { Command } from "commander";

interface CommonOptions {
    stack: string;
    cwd: string;
}

const folderOf = ({ cwd, stack }: CommonOptions) => join(resolve(cwd), ".local", stack);

// Loaded only for these commands, because the others start in half the time without the engine.
const loadCommands = () => require("../local/commands") as typeof import("../local/commands");

/** Adds the commands that run a project's stack on this machine. */
export function addLocalCommands({ program, onExitCode }: { program: Command; onExitCode(code: number): void }): void {
    const command = (name: string, description: string) =>
        program
            .command(name)
            .description(description)
            .option("-s, --stack <name>", "stack, with its config in Pulumi.<name>.yaml", "local")
            .option("-C, --cwd <folder>", "folder with Pulumi.yaml", ".");

    command("start", "create a project's stack on this machine and serve it until Ctrl-C")
        .option(
            "--check",
            "test every binding of the chat with two clients, then exit with 0, or with 1 and the failure",
        )
        .option("--no-watch", "do not update the stack when a file is saved")
        .option(
            "--like-azure",
            "put roles in force after a minute, and read secrets in URLs every 30 minutes, as Azure does",
        )
        .action(async (options: CommonOptions & { check?: boolean; watch: boolean; likeAzure?: boolean }) =>
            onExitCode(
                await loadCommands().runStart({
                    projectDir: resolve(options.cwd),
                    stack: options.stack,
                    folder: folderOf(options),
                    check: options.check === true,
                    watch: options.watch,
                    likeAzure: options.likeAzure === true,
                }),
            ),
        );
    command("preview", "show the changes that start would make, without making them").action(
        async (options: CommonOptions) =>
            onExitCode(
                await loadCommands().runPreview({
                    projectDir: resolve(options.cwd),
                    stack: options.stack,
                    folder: folderOf(options),
                }),
            ),
    );
    command("down", "remove the stack and all its data from this machine").action(async (options: CommonOptions) =>
        onExitCode(await loadCommands().runDown({ stack: options.stack, folder: folderOf(options) })),
    );
}
