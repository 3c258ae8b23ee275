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

/** One line for a resource: operation, type, name, time and reason. */
export function stepLine(step: Step): string {
    const time = step.operation === "unchanged" ? "" : seconds(step.seconds);
    const words = [colours[step.operation](step.operation.padEnd(9)), shortType(step.type).padEnd(38), step.name, time];
    return [...words, paint.dim(because(step))].join("  ").trimEnd();
}

/** One line for a message of the program, the emulator or the engine. */
export function messageLine(event: StackEvent & { kind: "message" }): string {
    const text = event.source ? `${event.source}: ${event.text}` : event.text;
    if (event.level === "error") {
        return `${paint.red("error")}  ${text}`;
    }
    return event.level === "warning" ? `${paint.yellow("warning")}  ${text}` : text;
}

/** Prints events as lines, for output that is no terminal. `onlyChanges` leaves out unchanged resources. */
export function plainListener({ print, onlyChanges }: { print(line: string): void; onlyChanges?: boolean }): Listener {
    return (event) => {
        if (event.kind === "message") {
            print(messageLine(event));
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
