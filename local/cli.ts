import { join, resolve } from "node:path";
import { Command } from "commander";
import { runDown, runPreview, runStart } from "./commands";
import { paint } from "./ui/paint";

interface CommonOptions {
    stack: string;
    cwd: string;
}

const folderOf = ({ cwd, stack }: CommonOptions) => join(resolve(cwd), ".local", stack);

function describe(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}

/** Runs a command and ends the process with its exit code; a failure is told in words. */
async function end(work: Promise<number>): Promise<never> {
    try {
        process.exit(await work);
    } catch (error) {
        process.stderr.write(`${paint.red("error")}  ${describe(error)}\n`);
        process.exit(1);
    }
}

function createCli(): Command {
    const cli = new Command("local").description("Runs the project's stack on this machine, without an Azure account.");
    const command = (name: string, description: string) =>
        cli
            .command(name)
            .description(description)
            .option("-s, --stack <name>", "stack, with its config in Pulumi.<name>.yaml", "local")
            .option("-C, --cwd <folder>", "folder with Pulumi.yaml", ".");

    command("start", "make what the stack says and serve it until Ctrl-C")
        .option("--check", "go through every binding of the chat with two clients, then exit 0 or say what failed")
        .option("--no-watch", "do not update when a file is saved")
        .action((options: CommonOptions & { check?: boolean; watch: boolean }) =>
            end(
                runStart({
                    projectDir: resolve(options.cwd),
                    stack: options.stack,
                    folder: folderOf(options),
                    check: options.check === true,
                    watch: options.watch,
                }),
            ),
        );
    command("preview", "say what start would do, and do nothing").action((options: CommonOptions) =>
        end(runPreview({ projectDir: resolve(options.cwd), stack: options.stack, folder: folderOf(options) })),
    );
    command("down", "remove the stack and everything in it").action((options: CommonOptions) =>
        end(runDown({ stack: options.stack, folder: folderOf(options) })),
    );
    return cli;
}

createCli().parse();
