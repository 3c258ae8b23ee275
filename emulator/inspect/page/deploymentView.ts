import { byId, empty, make, setText } from "./dom";
import { formatCount, formatTime } from "./format";
import { type Graph, layOut, type Node } from "./graph";
import { drawResource, shortType, wordOf } from "./resourceDetail";
import type { Deployment, Resource } from "./types";

const size = { width: 176, height: 46, gapX: 44, gapY: 12 };
const left = ({ column }: Node) => column * (size.width + size.gapX);
const top = ({ row }: Node) => row * (size.height + size.gapY);

/** The resources of the stack as a graph, and the detail of one. */
export class DeploymentView {
    #drawn = "";
    #graph: Graph = { nodes: [], edges: [], columns: 0, rows: 0 };
    #lines: { line: SVGPathElement; from: string; to: string }[] = [];
    #buttons = new Map<string, HTMLElement>();
    #selected: string | undefined;
    #known = false;

    constructor() {
        byId("graph").addEventListener("keydown", (event) => this.#onKey(event));
        this.#drawNothing();
    }

    update(deployment: Deployment | undefined): void {
        if (deployment === undefined) {
            if (this.#known) {
                this.#drawNothing();
            }
            return;
        }
        const text = JSON.stringify(deployment);
        if (text === this.#drawn) {
            return;
        }
        this.#drawn = text;
        this.#known = true;
        this.#draw(deployment);
    }

    /** Closes the detail. Returns whether it was open. */
    close(): boolean {
        const open = this.#selected;
        this.#select(undefined);
        if (open !== undefined) {
            this.#buttons.get(open)?.focus();
        }
        return open !== undefined;
    }

    #drawNothing(): void {
        this.#drawn = "";
        this.#known = false;
        this.close();
        byId("deployment-summary").replaceChildren();
        byId("graph").replaceChildren(
            empty(
                "No deployment runs here",
                make("p", {}, "A Pulumi program's resources appear here when it runs on this machine:"),
                make("pre", {}, "npx azure-realtime start"),
            ),
        );
    }

    #draw(deployment: Deployment): void {
        this.#graph = layOut(deployment.resources);
        this.#summarize(deployment);
        const lines = document.createElementNS("http://www.w3.org/2000/svg", "svg");
        lines.setAttribute("aria-hidden", "true");
        this.#lines = this.#graph.edges.map(([from, to]) => {
            const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
            const [x1, y1] = [left(from) + size.width, top(from) + size.height / 2];
            const [x2, y2] = [left(to), top(to) + size.height / 2];
            const bend = Math.min(size.gapX, (x2 - x1) / 2);
            line.setAttribute("d", `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`);
            lines.append(line);
            return { line, from: from.resource.urn, to: to.resource.urn };
        });
        const ordered = [...this.#graph.nodes].sort((a, b) => a.column - b.column || a.row - b.row);
        this.#buttons = new Map(ordered.map((node) => [node.resource.urn, this.#drawNode(node)]));
        const canvas = make("div.canvas", {}, lines, ...this.#buttons.values());
        const { columns, rows } = this.#graph;
        canvas.style.cssText = `--width:${columns * (size.width + size.gapX)}px;--height:${rows * (size.height + size.gapY)}px`;
        byId("graph").replaceChildren(canvas);
        this.#select(this.#buttons.has(this.#selected ?? "") ? this.#selected : undefined);
    }

    #summarize({ project, stack, updated, resources }: Deployment): void {
        // As the terminal counts: without components.
        const drawn = this.#graph.nodes.map(({ resource }) => resource.last);
        const words = ["created", "updated", "replaced", "deleted", "same"] as const;
        byId("deployment-summary").replaceChildren(
            make("b", {}, `${project} / ${stack}`),
            make("span.soft", {}, `last update ${formatTime(updated).slice(0, 8)}`),
            ...words.flatMap((last) => {
                const count = drawn.filter((one) => one === last).length;
                return count === 0 ? [] : [make("span.pill", { "data-last": last }, `${count} ${wordOf(last)}`)];
            }),
            ...this.#drawReferences(resources),
        );
    }

    #drawReferences(resources: readonly Resource[]): HTMLElement[] {
        const references = resources.flatMap(({ settings = [] }) =>
            settings.flatMap(({ reference }) => reference ?? []),
        );
        const unresolved = references.filter((reference) => reference === "unresolved").length;
        const [kind, count, word] = unresolved > 0 ? ["bad", unresolved, "not "] : ["good", references.length, ""];
        return count === 0 ? [] : [make(`span.pill.${kind}`, {}, `${formatCount(count, "reference")} ${word}resolved`)];
    }

    #drawNode(node: Node): HTMLElement {
        const { urn, name, type, last, settings = [], roles = [] } = node.resource;
        const unresolved = settings.filter(({ reference }) => reference === "unresolved").length;
        const facts = [
            settings.length === 0 ? "" : formatCount(settings.length, "setting"),
            roles.length === 0 ? "" : (roles[0]?.role ?? ""),
            unresolved === 0 ? "" : `${unresolved} not resolved`,
        ].filter(Boolean);
        const button = make(
            "button.node",
            {
                type: "button",
                "data-last": last,
                "data-failed": unresolved > 0,
                title: `${name}\n${type}`,
                "aria-label": `${shortType(type)} ${name}, ${wordOf(last)}`,
                onclick: () => this.#select(urn),
                onmouseenter: () => this.#light(urn),
                onmouseleave: () => this.#light(this.#selected),
                onfocus: () => this.#light(urn),
            },
            make("i.dot"),
            make("b", {}, shortType(type)),
            make("span.facts", {}, facts.join(", ")),
            make("code", {}, name),
        );
        button.style.left = `${left(node)}px`;
        button.style.top = `${top(node)}px`;
        return button;
    }

    /** Makes the edges of one resource stand out. */
    #light(urn: string | undefined): void {
        const near = new Set<string>();
        for (const { line, from, to } of this.#lines) {
            const isNear = from === urn || to === urn;
            line.classList.toggle("near", isNear);
            if (isNear) {
                near.add(from).add(to);
            }
        }
        for (const [other, button] of this.#buttons) {
            button.classList.toggle("far", near.size > 0 && !near.has(other));
        }
    }

    #select(urn: string | undefined): void {
        this.#selected = urn;
        this.#light(urn);
        for (const [other, button] of this.#buttons) {
            button.setAttribute("aria-pressed", String(other === urn));
        }
        const panel = byId("resource");
        const node = this.#graph.nodes.find(({ resource }) => resource.urn === urn);
        panel.hidden = node === undefined;
        if (node === undefined) {
            panel.replaceChildren();
            return;
        }
        const others = (index: 0 | 1): Resource[] =>
            this.#graph.edges.filter((edge) => edge[1 - index] === node).map((edge) => edge[index].resource);
        panel.replaceChildren(
            drawResource({
                resource: node.resource,
                needs: others(0),
                neededBy: others(1),
                handlers: {
                    open: (other) => {
                        this.#select(other);
                        panel.querySelector<HTMLElement>(".close")?.focus();
                    },
                    close: () => this.close(),
                },
            }),
        );
        panel.scrollTop = 0;
        this.#buttons.get(node.resource.urn)?.scrollIntoView({ block: "nearest", inline: "nearest" });
    }

    /** Arrow keys go to the nearest resource in their direction. */
    #onKey(event: KeyboardEvent): void {
        const directions: Record<string, [number, number] | undefined> = {
            ArrowLeft: [-1, 0],
            ArrowRight: [1, 0],
            ArrowUp: [0, -1],
            ArrowDown: [0, 1],
        };
        const direction = Object.hasOwn(directions, event.key) ? directions[event.key] : undefined;
        const here = this.#graph.nodes.find(({ resource }) => this.#buttons.get(resource.urn) === event.target);
        if (direction === undefined || here === undefined) {
            return;
        }
        event.preventDefault();
        const [dx, dy] = direction;
        const distance = (node: Node) => {
            const [x, y] = [node.column - here.column, node.row - here.row];
            const along = x * dx + y * dy;
            return along <= 0.2 || (dy !== 0 && x !== 0)
                ? Number.POSITIVE_INFINITY
                : along + Math.abs(x * dy + y * dx) / 8;
        };
        const [next] = this.#graph.nodes
            .filter((node) => distance(node) < Number.POSITIVE_INFINITY)
            .sort((a, b) => distance(a) - distance(b));
        if (next !== undefined) {
            this.#buttons.get(next.resource.urn)?.focus();
        }
    }
}

/** Sets the title of the page from the stack that runs. */
export function nameStack(deployment: Deployment | undefined): void {
    setText(byId("stack"), deployment === undefined ? "" : `${deployment.project} / ${deployment.stack}`);
    document.title = deployment === undefined ? "Inspector" : `${deployment.project} · Inspector`;
}
