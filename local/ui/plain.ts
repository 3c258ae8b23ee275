import { printable, printableColouredLines, printableLines } from "../../emulator/core/printable";
import type { Listener, LogEvent, MessageEvent, Step } from "../engine/events";
import { paint } from "./paint";
import { because, seconds, shortType } from "./words";

const colours: Record<Step["operation"], (text: string) => string> = {
    created: paint.green,
    updated: paint.yellow,
    replaced: paint.magenta,
    deleted: paint.red,
    unchanged: paint.dim,
    failed: paint.red,
};

/** One line for a resource: operation, type, name, time and reason. */
export function stepLine(step: Step): string {
    const time = step.operation === "unchanged" ? "" : seconds(step.seconds);
    const words = [
        colours[step.operation](step.operation.padEnd(9)),
        printable(shortType(step.type)).padEnd(38),
        printable(step.name),
        time,
    ];
    const [reason = "", ...more] = printableLines(because(step));
    const line = [...words, paint.dim(reason)].join("  ").trimEnd();
    return [line, ...more.map((text) => paint.dim(`    ${text}`))].join("\n");
}

/**
 * A message of the program, the emulator or the engine. A message of the emulator stays in one line, because names of strangers are in
 * it; further lines of the others are indented, so that none looks like a message of its own.
 */
export function messageLine(event: MessageEvent): string {
    const isMultiline = event.multiline === true || event.from === undefined;
    const [first = "", ...more] = isMultiline ? printableLines(event.text) : [printable(event.text)];
    const text = [event.source ? `${printable(event.source)}: ${first}` : first, ...more.map((line) => `    ${line}`)];
    if (event.level === "error") {
        return `${paint.red("error")}  ${text.join("\n")}`;
    }
    return event.level === "warning" ? `${paint.yellow("warning")}  ${text.join("\n")}` : text.join("\n");
}

// The colours of `func start`. Source: OutputTheme.cs and ColoredConsoleLogger.cs of Azure/azure-functions-core-tools.
const logColours: Record<LogEvent["level"], (text: string) => string> = {
    trace: paint.green,
    debug: paint.green,
    info: paint.cyan,
    warning: paint.yellow,
    error: paint.red,
    critical: paint.red,
};

/** A message of a function or its code, as `func start` shows it: each line with its time, and in a colour of its level. */
export function logLine(event: LogEvent): string {
    const time = paint.gray(`[${new Date(event.time).toISOString()}]`);
    const source = event.several ? `${paint.bold(printable(event.source))}: ` : "";
    // Without colours the level would be invisible.
    const level =
        paint.isColorSupported || !["warning", "error", "critical"].includes(event.level) ? "" : `${event.level}  `;
    return printableColouredLines(event.text, { colours: paint.isColorSupported })
        .map((line, index) => `${time} ${source}${index === 0 ? level : ""}${logColours[event.level](line)}`)
        .join("\n");
}

/** Prints events as lines, for output that is no terminal. `onlyChanges` leaves out unchanged resources. */
export function plainListener({ print, onlyChanges }: { print(line: string): void; onlyChanges?: boolean }): Listener {
    return (event) => {
        if (event.kind === "message") {
            print(messageLine(event));
        }
        if (event.kind === "log") {
            print(logLine(event));
        }
        if (event.kind !== "finished" || !event.step.custom) {
            return;
        }
        if (onlyChanges && event.step.operation === "unchanged") {
            return;
        }
        print(stepLine(event.step));
    };
}
