import type { Listener, StackEvent, Step } from "../engine/events";
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

/** One resource as one line: what happened, type, name, time, and why. */
export function stepLine(step: Step): string {
    const time = step.operation === "unchanged" ? "" : seconds(step.seconds);
    const words = [colours[step.operation](step.operation.padEnd(9)), shortType(step.type).padEnd(38), step.name, time];
    return [...words, paint.dim(because(step))].join("  ").trimEnd();
}

/** One line of a program, of the emulator or of the engine; nothing for the rest. */
export function messageLine(event: StackEvent & { kind: "message" }): string {
    const text = event.source ? `${event.source}: ${event.text}` : event.text;
    if (event.level === "error") {
        return `${paint.red("error")}  ${text}`;
    }
    return event.level === "warning" ? `${paint.yellow("warning")}  ${text}` : text;
}

/** Lines for whoever is not a terminal, and for updates while a stack serves, where only changes matter. */
export function plainListener(options: { print(line: string): void; onlyChanges?: boolean }): Listener {
    return (event) => {
        if (event.kind === "message") {
            options.print(messageLine(event));
        }
        if (event.kind !== "finished" || !event.step.custom) {
            return;
        }
        if (options.onlyChanges && event.step.operation === "unchanged") {
            return;
        }
        options.print(stepLine(event.step));
    };
}
