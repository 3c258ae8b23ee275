import { Command, InvalidArgumentError, Option } from "commander";
import { messageOf } from "../emulator/core/errors";
import { printable, printableOutput } from "../emulator/core/printable";
import type { FunctionsHost } from "../emulator/functions/options";
import type { EmulatorCommand } from "./emulator";
import { eventHandlerOf, fromEnv, warnOfKey } from "./given";
import { allowHostOption, functionsHostOption } from "./hosts";
import { addLocalCommands } from "./local";
import { writeLocalSettings } from "./localSettings";
import { createMask, type Mask } from "./mask";
import { languages, type NewProject, writeNewProject } from "./new";
import { otlpOption } from "./otlp";
import { ownVersion } from "./ownPackage";
import { createRecoverCommand } from "./recover/command";
import type { RunPulumi } from "./recover/pulumi";
import { type ServiceName, serviceNames, services } from "./services";
import { readStackJson } from "./stackJson";
import { trustLines } from "./trust";
import type { VerifyOptions } from "./verify";
import { runWith } from "./with";
import { isObject, UsageError } from "./words";

/** The surroundings of the command, which tests replace. */
export interface Outside {
    print(line: string): void;
    env: Record<string, string | undefined>;
    fetch: typeof fetch;
    now(): number;
    /** Resolves when the user ends the command with Ctrl-C. */
    interrupted: Promise<void>;
    /** Prints beside the results, on standard error. Defaults to `print`. */
    warn?(line: string): void;
    /** Defaults to the `pulumi` of PATH. */
    pulumi?: RunPulumi;
}

interface VerifyFlags {
    service?: ServiceName;
    component?: string;
    negotiateUrl?: string;
    negotiateUrlEnv?: string;
    endpoint?: string;
    webhookKeyEnv?: string;
    masterKeyEnv?: string;
    event?: string;
    data?: unknown[];
    timeout: number;
    json?: boolean;
}

type EmulatorFlags = Omit<EmulatorCommand, "hubs" | "allowedHosts" | "log"> & {
    hub: string[];
    eventHandlerEnv?: string;
    allowHost: string[];
    record?: boolean;
    otlp?: string;
};

const stackArgument = "JSON file with the stack's outputs or export, or - for standard input";
const serviceOption = () => new Option("--service <name>", "the realtime service").choices(serviceNames);

/** Creates the command line. `onExitCode` receives a command's exit code. Wrong usage throws a `UsageError` or commander's error. */
export function createProgram({ outside, onExitCode }: { outside: Outside; onExitCode(code: number): void }): Command {
    const program = new Command("azure-realtime")
        .description("Checks and emulates serverless realtime backends on Azure.")
        .version(ownVersion())
        .showHelpAfterError("Add --help for the list of options.")
        // Commander repeats the arguments, which a script may have from anybody.
        .configureOutput({ outputError: (text, write) => write(printableOutput(text, { colours: false })) });

    program
        .command("verify")
        .description("check whether a deployed backend works, and explain how to fix each failure")
        .argument("[stack]", stackArgument)
        .addOption(serviceOption())
        .option("--component <name>", "the backend to check, where the stack has several")
        .option("--negotiate-url <url>", "URL where clients get a token (default: the stack's output)")
        .option("--negotiate-url-env <name>", "environment variable with that URL, for one that contains a key")
        .option("--endpoint <url>", "address of the service (default: the stack's output)")
        .option("--webhook-key-env <name>", "environment variable with the webhook's key")
        .option("--master-key-env <name>", "environment variable with the host's master key")
        .option("--event <name>", "event that the client sends and the app must answer")
        .option("--data <json>", "arguments of the event, as a JSON array", parseData)
        .option("--timeout <seconds>", "longest wait for an answer", parseSeconds, 30)
        .option("--json", "print one JSON object instead of lines")
        .action(async (path: string | undefined, flags: VerifyFlags) =>
            onExitCode(await runVerify({ path, flags, outside })),
        );

    program.addCommand(createRecoverCommand(outside, onExitCode).copyInheritedSettings(program));

    program
        .command("local-settings")
        .description(
            "write local.settings.json from a stack's outputs, to run the app on this machine against the deployed service",
        )
        .argument("<stack>", stackArgument)
        .option("-o, --output <file>", "file to write", "local.settings.json")
        .option("--force", "replace an existing file")
        .action((path: string, { output, force = false }: { output: string; force?: boolean }) => {
            const written = writeLocalSettings({ stack: readStackJson(path), path: output, force });
            outside.print(`Wrote ${written}. The file contains secrets: keep it out of git.`);
            onExitCode(0);
        });

    program
        .command("emulator")
        .description("run a realtime service on this machine and print its connection string")
        .addOption(serviceOption().default("socketio"))
        .option("--port <number>", "port on 127.0.0.1; 0 for any free port", parsePort, 8888)
        .option("--hub <names...>", "hubs that call the event handler", ["hub"])
        .option("--event-handler <url>", "URL for events; path and query may contain {hub} and {event}")
        .option("--event-handler-env <name>", "environment variable with that URL, for one that contains a key")
        .option("--system-events <names...>", "system events to send: connect, connected, disconnected", [
            "connect",
            "connected",
            "disconnected",
        ])
        .option("--user-events <pattern>", "user events to send: *, one name, or several separated by commas", "*")
        .option("--anonymous", "admit clients without a token", false)
        .option("--folder <path>", "folder for the access key and the certificates", ".azure-realtime/emulator")
        .option("--https", "print https addresses, and how a client trusts them", false)
        .option("--record", "record what the inspector shows from the start, and not only while its page is open")
        .addOption(otlpOption())
        .addOption(allowHostOption())
        .action(async ({ hub, eventHandlerEnv, allowHost, ...flags }: EmulatorFlags) => {
            const eventHandler = eventHandlerOf({ given: flags.eventHandler, name: eventHandlerEnv, outside });
            const handler = eventHandler === undefined ? {} : { eventHandler };
            onExitCode(
                await runEmulator({ command: { ...flags, ...handler, hubs: hub, allowedHosts: allowHost }, outside }),
            );
        });

    program
        .command("with")
        .description("run a command, such as `pulumi up`, with the local Azure in the place of Azure")
        .argument("<command...>", "the command and its arguments, after --")
        .option("-C, --cwd <folder>", "folder to run the command in", ".")
        .addOption(functionsHostOption())
        .action(async (command: string[], options: { cwd: string; functionsHost?: FunctionsHost }) =>
            onExitCode(await runWith({ command, ...options, env: outside.env })),
        );

    program
        .command("new")
        .description("make a project with a realtime backend and a small chat")
        .argument("<folder>", "folder of the project; its name becomes the project's")
        .addOption(new Option("--template <name>", "the realtime service").choices(serviceNames).default("socketio"))
        .addOption(
            new Option(
                "--language <name>",
                "language of the function app: typescript for a Node app, python for one that func runs; the Pulumi program is in TypeScript",
            )
                .choices(languages)
                .default("typescript"),
        )
        .action((folder: string, options: Omit<NewProject, "folder">) => {
            writeNewProject({ folder, ...options }).forEach(outside.print);
            onExitCode(0);
        });
    addLocalCommands({ program, onExitCode });
    return program;
}

async function runVerify({
    path,
    flags,
    outside,
}: {
    path: string | undefined;
    flags: VerifyFlags;
    outside: Outside;
}): Promise<number> {
    const mask = createMask();
    const print = (line: string) => outside.print(mask.apply(line));
    try {
        return await verifyMasked({ path, flags, outside: { ...outside, print }, mask });
    } catch (error) {
        throw maskedError(error, mask);
    }
}

/** The error without the secrets. It keeps its kind, which decides the exit code. */
function maskedError(error: unknown, mask: Mask): unknown {
    if (error instanceof Error) {
        error.message = mask.apply(messageOf(error));
        delete error.cause;
    }
    return error;
}

async function verifyMasked({
    path,
    flags,
    outside,
    mask,
}: {
    path: string | undefined;
    flags: VerifyFlags;
    outside: Outside;
    mask: Mask;
}): Promise<number> {
    const { readDeployed, verify } = require("./verify") as typeof import("./verify");
    const { env } = outside;
    const negotiateUrl =
        flags.negotiateUrl ?? fromEnv({ flag: "--negotiate-url-env", name: flags.negotiateUrlEnv, env });
    const webhookKey = fromEnv({ flag: "--webhook-key-env", name: flags.webhookKeyEnv, env });
    const masterKey = fromEnv({ flag: "--master-key-env", name: flags.masterKeyEnv, env });
    mask.add(webhookKey);
    mask.add(masterKey);
    mask.addFrom(negotiateUrl);
    warnOfKey({ flag: "--negotiate-url", url: flags.negotiateUrl, print: outside.warn ?? outside.print });
    if (path === undefined && (negotiateUrl === undefined || flags.endpoint === undefined)) {
        throw new UsageError(
            "verify needs a stack's JSON (a file, or - for a pipe) or both --negotiate-url and --endpoint.",
        );
    }
    const deployed = readDeployed({
        stack: path === undefined ? { outputs: {} } : readStackJson(path, mask),
        service: flags.service,
        component: flags.component,
        negotiateUrl,
        endpoint: flags.endpoint,
        webhookKey,
        masterKey,
    });
    const onFinding: VerifyOptions["onFinding"] = ({ status, check, message }) => {
        if (flags.json !== true) {
            outside.print(`${status.padEnd(8)}${check.padEnd(13)}${printable(message)}`);
        }
    };
    const findings = await verify({
        deployed,
        event: flags.event === undefined ? undefined : { name: flags.event, data: flags.data ?? [] },
        milliseconds: flags.timeout * 1000,
        fetch: outside.fetch,
        now: outside.now,
        onFinding,
        mask,
    });
    const passed = findings.every(({ status }) => status !== "failed");
    if (flags.json === true) {
        outside.print(JSON.stringify({ passed, checks: findings }));
    }
    return passed ? 0 : 1;
}

async function runEmulator({
    command,
    outside: { print, interrupted },
}: {
    command: Omit<EmulatorCommand, "log">;
    outside: Outside;
}): Promise<number> {
    const { openEmulator } = require("./emulator") as typeof import("./emulator");
    const emulator = await openEmulator({
        ...command,
        log: ({ level, message }) => {
            if (level !== "debug" && level !== "trace") {
                print(`${level}  ${printable(message)}`);
            }
        },
    });
    print(`${services[command.service].title} listens on ${emulator.endpoint}`);
    print(emulator.connectionString);
    print(`inspector: ${emulator.inspector}`);
    for (const line of trustLines(emulator.authority)) {
        print(line);
    }
    print("Serving until Ctrl-C.");
    await interrupted;
    await emulator.close();
    return 0;
}

function parseData(text: string): unknown[] {
    let value: unknown;
    try {
        value = JSON.parse(text);
    } catch {
        value = text;
    }
    if (!Array.isArray(value) || isObject(value)) {
        throw new InvalidArgumentError("It must be a JSON array, such as '[\"hello\"]'.");
    }
    return value;
}

function parseSeconds(text: string): number {
    const seconds = Number(text);
    if (!(seconds > 0 && seconds <= 600)) {
        throw new InvalidArgumentError("It must be a number above 0, up to 600.");
    }
    return seconds;
}

function parsePort(text: string): number {
    const port = Number(text);
    if (!/^\d+$/.test(text) || port > 65_535) {
        throw new InvalidArgumentError("It must be a whole number from 0 to 65535.");
    }
    return port;
}
