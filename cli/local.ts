import { type Command, InvalidArgumentError, Option } from "commander";
import type { FunctionsHost } from "../emulator/functions/options";
import { placeOf } from "../local/place";
import { allowHostOption, functionsHostOption } from "./hosts";
import { checkBackends } from "./localCheck";
import { hubFaults } from "./localHubs";
import { type OtlpFlag, otlpOption, otlpTarget } from "./otlp";
import { UsageError } from "./words";

interface CommonOptions {
    stack: string;
    cwd: string;
}

interface StartFlags extends CommonOptions {
    check?: boolean;
    watch: boolean;
    strict?: boolean;
    likeAzure?: boolean;
    verbose?: boolean;
    quiet?: boolean;
    inspect?: true | number;
    record?: boolean;
    otlp?: OtlpFlag;
    allowHost?: string[];
    functionsHost: FunctionsHost;
}

const defaultInspectPort = 9229;

/** A port, also in Node's form `127.0.0.1:9229`. */
function parseInspectPort(text: string): number {
    const [, host, digits = ""] = /^(?:(.*):)?(\d+)$/.exec(text) ?? [];
    const port = Number(digits);
    if (host !== undefined && host !== "127.0.0.1" && host !== "localhost") {
        throw new InvalidArgumentError("The debugger listens on 127.0.0.1 only. Give a port alone.");
    }
    if (digits === "" || port < 1024 || port > 65_535) {
        throw new InvalidArgumentError("It must be a whole number from 1024 to 65535.");
    }
    return port;
}

/** Node's option that people try. */
function refuseInspectBrk(): never {
    throw new InvalidArgumentError(
        "No app waits for a debugger. Use --inspect, attach, and save a file: the app starts again and stops at its breakpoints.",
    );
}

// Loaded only for these commands, because the others start in half the time without the engine.
const loadCommands = () => require("../local/commands") as typeof import("../local/commands");
const loadManage = () => require("../local/manage") as typeof import("../local/manage");

/** Adds the commands that run a project's stack on this machine. */
export function addLocalCommands({ program, onExitCode }: { program: Command; onExitCode(code: number): void }): void {
    const command = (name: string, description: string) =>
        program
            .command(name)
            .description(description)
            .option("-s, --stack <name>", "stack, with its config in Pulumi.<name>.yaml", "local")
            .option("-C, --cwd <folder>", "folder with Pulumi.yaml", ".");
    const running = (name: string, description: string) =>
        command(name, description)
            .option(
                "--strict",
                "refuse resource types that the local Azure does not emulate, instead of recording them",
            )
            .option(
                "--like-azure",
                "put roles in force after a minute, and read secrets in URLs every 30 minutes, as Azure does",
            )
            .option("--verbose", "also print what the emulator and the hosts of the apps tell")
            .addOption(new Option("--quiet", "print only warnings and errors of functions").conflicts("verbose"))
            .option(
                "--inspect [port]",
                `open the debugger of each app, the first on this port, the next on the one after (default: ${defaultInspectPort})`,
                parseInspectPort,
            )
            .addOption(new Option("--inspect-brk [port]").preset("9229").argParser(refuseInspectBrk).hideHelp())
            .option("--record", "record what the inspector shows from the start, and not only while its page is open")
            .addOption(otlpOption())
            .addOption(functionsHostOption().default("auto"))
            .addOption(allowHostOption());
    const start = async ({
        check,
        watch,
        strict,
        likeAzure,
        verbose,
        quiet,
        inspect,
        record,
        otlp,
        allowHost = [],
        functionsHost,
        ...options
    }: StartFlags) => {
        const receiver = otlpTarget(otlp);
        if (check === true && record === true) {
            throw new UsageError(
                "--record has no use for a check: what it records ends with the stack. Send it to a viewer with --otlp.",
            );
        }
        onExitCode(
            await loadCommands().runStart({
                ...placeOf(options),
                ...(check === true && { check: checkBackends }),
                faultsOf: hubFaults,
                watch,
                strict: strict === true,
                likeAzure: likeAzure === true,
                record: record === true,
                ...(receiver !== undefined && { otlp: receiver }),
                allowedHosts: allowHost,
                functionsHost,
                verbosity: verbose === true ? "verbose" : quiet === true ? "quiet" : "normal",
                ...(inspect !== undefined && { inspectPort: inspect === true ? defaultInspectPort : inspect }),
            }),
        );
    };

    running("start", "create a project's stack on this machine and serve it until Ctrl-C")
        .option("--check", "test the stack with clients, then exit with 0, or with 1 and the failure")
        .option("--no-watch", "do not update the stack when a file is saved")
        .action(start);
    running("check", "start the stack, test it with clients, and exit with 0, or with 1 and the failure").action(
        (options: StartFlags) => start({ ...options, check: true, watch: false }),
    );
    command("keys", "print the keys of the function apps that start serves, and how to call with them").action(
        async (options: CommonOptions) => onExitCode(await loadManage().runKeys(placeOf(options))),
    );
    command("preview", "show the changes that start would make, without making them")
        .option("--strict", "refuse resource types that the local Azure does not emulate, instead of recording them")
        .action(async ({ strict = false, ...options }: StartFlags) =>
            onExitCode(await loadCommands().runPreview({ ...placeOf(options), strict })),
        );
    command("down", "remove the stack and all its data from this machine")
        .option("--all", "end every stack that runs on this machine; their data stay")
        .action(async ({ all = false, ...options }: CommonOptions & { all?: boolean }) =>
            onExitCode(all ? await loadManage().endAll() : await loadManage().runDown(placeOf(options))),
        );
    program
        .command("list")
        .description("show the stacks that run on this machine")
        .action(() => onExitCode(loadManage().printRunning()));
}
