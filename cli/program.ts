import { Command, InvalidArgumentError, Option } from "commander";
import type { EmulatorCommand } from "./emulator";
import { writeLocalSettings } from "./localSettings";
import { type ServiceName, serviceNames, services } from "./services";
import { readStackJson } from "./stackJson";
import type { VerifyOptions } from "./verify";
import { isObject, UsageError } from "./words";

/** The world outside, handed in for tests. */
export interface Outside {
    print(line: string): void;
    env: Record<string, string | undefined>;
    fetch: typeof fetch;
    now(): number;
    /** Resolves when the user asks for an end. */
    interrupted: Promise<void>;
}

interface VerifyFlags {
    service?: ServiceName;
    negotiateUrl?: string;
    endpoint?: string;
    webhookKeyEnv?: string;
    masterKeyEnv?: string;
    event?: string;
    data?: unknown[];
    timeout: number;
    json?: boolean;
}

const stackArgument = "file with the stack's outputs or export as JSON, or - for standard input";
const serviceOption = () => new Option("--service <name>", "the realtime service").choices(serviceNames);

/** The command line. `onExitCode` is told how a command ended; wrong usage is thrown as `UsageError` or commander's own error. */
export function createProgram({ outside, onExitCode }: { outside: Outside; onExitCode(code: number): void }): Command {
    const program = new Command("azure-realtime")
        .description("Looks after serverless realtime backends on Azure and on this machine.")
        .showHelpAfterError("Add --help to see what there is.");

    program
        .command("verify")
        .description(
            "ask a deployed backend the questions that tell whether it works, and say what to do where it does not",
        )
        .argument("[stack]", stackArgument)
        .addOption(serviceOption())
        .option("--negotiate-url <url>", "where clients ask for a token; from the stack unless given")
        .option("--endpoint <url>", "address of the service; from the stack unless given")
        .option("--webhook-key-env <name>", "environment variable that holds the webhook's key")
        .option("--master-key-env <name>", "environment variable that holds the host's master key")
        .option("--event <name>", "an event that the app answers; sent by the client")
        .option("--data <json>", "what is sent with the event: a JSON array of its arguments", parseData)
        .option("--timeout <seconds>", "how long an answer may take", parseSeconds, 30)
        .option("--json", "print one JSON object instead of lines")
        .action(async (path: string | undefined, flags: VerifyFlags) =>
            onExitCode(await runVerify({ path, flags, outside })),
        );

    program
        .command("local-settings")
        .description(
            "write local.settings.json from a stack's outputs, to run the same code here against the deployed service",
        )
        .argument("<stack>", stackArgument)
        .option("-o, --output <file>", "file to write", "local.settings.json")
        .option("--force", "replace the file when it is there")
        .action((path: string, { output, force = false }: { output: string; force?: boolean }) => {
            const written = writeLocalSettings({ stack: readStackJson(path), path: output, force });
            outside.print(`Wrote ${written}. It holds secrets: keep it out of git.`);
            onExitCode(0);
        });

    program
        .command("emulator")
        .description("run a realtime service on this machine, and print its connection string")
        .addOption(serviceOption().default("socketio"))
        .option("--port <number>", "port on 127.0.0.1; 0 for any", parsePort, 8888)
        .option("--hub <names...>", "hubs that call the event handler", ["hub"])
        .option("--event-handler <url>", "where events go; {hub} and {event} may stand in path and query", parseUrl)
        .option("--system-events <names...>", "of connect, connected and disconnected", [
            "connect",
            "connected",
            "disconnected",
        ])
        .option("--user-events <pattern>", "*, one name, or several with commas", "*")
        .option("--anonymous", "let clients in without a token", false)
        .option("--folder <path>", "where the access key is kept", ".local/emulator")
        .action(async ({ hub, ...flags }: Omit<EmulatorCommand, "hubs" | "log"> & { hub: string[] }) =>
            onExitCode(await runEmulator({ command: { ...flags, hubs: hub }, outside })),
        );
    return program;
}

async function runVerify(options: { path: string | undefined; flags: VerifyFlags; outside: Outside }): Promise<number> {
    const { flags, outside } = options;
    const { readDeployed, verify } = require("./verify") as typeof import("./verify");
    if (options.path === undefined && (flags.negotiateUrl === undefined || flags.endpoint === undefined)) {
        throw new UsageError(
            "verify needs a stack's JSON, as a file or - for a pipe, or both --negotiate-url and --endpoint.",
        );
    }
    const deployed = readDeployed({
        stack: options.path === undefined ? { outputs: {} } : readStackJson(options.path),
        service: flags.service,
        negotiateUrl: flags.negotiateUrl,
        endpoint: flags.endpoint,
        webhookKey: fromEnv({ flag: "--webhook-key-env", name: flags.webhookKeyEnv, env: outside.env }),
        masterKey: fromEnv({ flag: "--master-key-env", name: flags.masterKeyEnv, env: outside.env }),
    });
    const onFinding: VerifyOptions["onFinding"] = ({ status, check, message }) => {
        if (flags.json !== true) {
            outside.print(`${status.padEnd(8)}${check.padEnd(13)}${message}`);
        }
    };
    const findings = await verify({
        deployed,
        event: flags.event === undefined ? undefined : { name: flags.event, data: flags.data ?? [] },
        milliseconds: flags.timeout * 1000,
        fetch: outside.fetch,
        now: outside.now,
        onFinding,
    });
    const passed = findings.every(({ status }) => status !== "failed");
    if (flags.json === true) {
        outside.print(JSON.stringify({ passed, checks: findings }));
    }
    return passed ? 0 : 1;
}

async function runEmulator(options: { command: Omit<EmulatorCommand, "log">; outside: Outside }): Promise<number> {
    const { print, interrupted } = options.outside;
    const { openEmulator } = require("./emulator") as typeof import("./emulator");
    const emulator = await openEmulator({
        ...options.command,
        log: ({ level, message }) => level !== "debug" && print(`${level}  ${message}`),
    });
    print(`${services[options.command.service].title} listens on ${emulator.endpoint}`);
    print(emulator.connectionString);
    print("Serving until Ctrl-C.");
    await interrupted;
    await emulator.close();
    return 0;
}

function fromEnv(options: { flag: string; name: string | undefined; env: Outside["env"] }): string | undefined {
    if (options.name === undefined) {
        return undefined;
    }
    const value = options.env[options.name];
    if (value === undefined || value === "") {
        throw new UsageError(`${options.flag}: the environment variable ${options.name} is not set.`);
    }
    return value;
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
        throw new InvalidArgumentError("It must be a number from above 0 to 600.");
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

function parseUrl(text: string): string {
    if (!/^https?:\/\/[^/]/i.test(text)) {
        throw new InvalidArgumentError("It must be an absolute http or https URL.");
    }
    return text;
}
