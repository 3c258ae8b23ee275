import type { Schedule, Scheduled } from "./schedule";

const width = 60;

/** Draws a chain as lines of text, in which the bar of each operation starts and ends at the operation's times. */
export function drawChain(options: { title: string; schedule: Schedule; longest: number }): string {
    const scale = width / options.longest;
    const timed = options.schedule.chain.filter(({ seconds }) => seconds > 0);
    const names = timed.map(labelOf);
    const column = Math.max(0, ...names.map(({ length }) => length));
    const lines = timed.map((one, index) => {
        const before = " ".repeat(Math.round(one.start * scale));
        const bar = "=".repeat(Math.max(1, Math.round(one.end * scale) - Math.round(one.start * scale)));
        return `  ${(names[index] as string).padEnd(column)}  ${before}${bar} ${one.seconds} s`;
    });
    return [`${options.title}: ${options.schedule.seconds} s`, ...lines].join("\n");
}

function labelOf({ name, type }: Scheduled): string {
    const kind = type.split(":").at(-1) ?? type;
    return type.includes(":") ? `${kind} ${name}` : name;
}
