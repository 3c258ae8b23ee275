import { createLogUpdate } from "log-update";
import { printable } from "../../emulator/core/printable";
import type { Listener, StackEvent, Step } from "../engine/events";
import { paint } from "./paint";
import { logLine, messageLine } from "./plain";
import { writeLine } from "./print";
import { because, seconds, shortType } from "./words";

export interface TreeNode {
    urn: string;
    parent?: string;
    name: string;
    type: string;
    custom: boolean;
    startedAt: number;
    step?: Step;
}

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const marks: Record<Step["operation"], string> = {
    created: paint.green("+"),
    updated: paint.yellow("~"),
    replaced: paint.magenta("±"),
    deleted: paint.red("-"),
    unchanged: paint.dim("="),
    failed: paint.red("✗"),
};

function nodeLine(node: TreeNode, now: number): string {
    const name = printable(node.name);
    if (!node.custom) {
        return `${paint.bold(name)} ${paint.dim(printable(shortType(node.type)))}`;
    }
    const { step } = node;
    if (!step) {
        const frame = frames[Math.floor(now / 100) % frames.length] ?? "";
        return `${paint.cyan(frame)} ${name} ${paint.dim(`${printable(shortType(node.type))} ${seconds((now - node.startedAt) / 1000)}`)}`;
    }
    const time = step.operation === "unchanged" ? "" : seconds(step.seconds);
    const tail = [shortType(node.type), step.operation, time, because(step)].filter((word) => word !== "").join(" ");
    return `${marks[step.operation]} ${name} ${paint.dim(printable(tail))}`;
}

/** The resources as a tree, each under its component, in the order in which the program registered them. */
export function treeLines(nodes: TreeNode[], now: number): string[] {
    const known = new Set(nodes.map((node) => node.urn));
    const lines: string[] = [];
    const add = (children: TreeNode[], indent: string) => {
        for (const [index, node] of children.entries()) {
            const last = index === children.length - 1;
            lines.push(`${indent}${paint.dim(last ? "└─ " : "├─ ")}${nodeLine(node, now)}`);
            const below = nodes.filter((child) => child.parent === node.urn);
            add(below, `${indent}${paint.dim(last ? "   " : "│  ")}`);
        }
    };
    const roots = nodes.filter((node) => node.parent === undefined || !known.has(node.parent));
    add(roots, "");
    return lines;
}

export interface Tree {
    on: Listener;
    /** Prints the final tree and stops updating it. */
    done(): void;
}

/** Shows an update live in a terminal, as a tree. */
export function createTree({ stream, now }: { stream: NodeJS.WriteStream; now(): number }): Tree {
    const nodes = new Map<string, TreeNode>();
    const log = createLogUpdate(stream);
    const draw = () => {
        const lines = treeLines([...nodes.values()], now());
        // A terminal cannot redraw lines that have scrolled away, so a changing tree shows only its last lines.
        log(lines.slice(-Math.max(5, (stream.rows ?? 24) - 2)).join("\n"));
    };
    const timer = setInterval(draw, 100);
    timer.unref();

    function add(label: Omit<TreeNode, "startedAt">): TreeNode {
        const node = nodes.get(label.urn) ?? { ...label, startedAt: now() };
        nodes.set(label.urn, node);
        return node;
    }

    function on(event: StackEvent): void {
        if (event.kind === "started") {
            const { kind: _kind, ...label } = event;
            add(label);
        } else if (event.kind === "finished") {
            const { urn, name, type, parent, custom } = event.step;
            add({ urn, name, type, custom, ...(parent && { parent }) }).step = event.step;
        } else if (event.kind === "message" || event.kind === "log") {
            log.clear();
            writeLine(event.kind === "log" ? logLine(event) : messageLine(event), stream);
            draw();
        }
    }

    return {
        on,
        done() {
            clearInterval(timer);
            log.clear();
            for (const line of treeLines([...nodes.values()], now())) {
                writeLine(line, stream);
            }
            log.done();
        },
    };
}
