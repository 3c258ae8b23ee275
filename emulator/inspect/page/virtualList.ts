import { make } from "./dom";

export interface VirtualListOptions<T> {
    /** Name of the list for a screen reader. */
    label: string;
    /** Whether the rows hold buttons, which the options of a listbox must not. Defaults to false. */
    hasButtons?: boolean;
    keyOf(item: T): string | number;
    /** Fills a row. A row shows another item after each call. */
    draw(row: HTMLElement, item: T): void;
    /** Called when a person moves to an item with a key or a click. */
    onActive?(item: T): void;
    /** Called for Enter and for a click. */
    onOpen?(item: T): void;
}

interface Drawn<T> {
    row: HTMLElement;
    item: T;
    index: number;
}

/** Rows above and below the visible ones, so that a quick scroll shows no gap. */
const spare = 6;

/** A list that holds elements for the visible rows only. The custom property `--row` of its element is the height of a row. */
export class VirtualList<T> {
    readonly element: HTMLElement;
    readonly #options: VirtualListOptions<T>;
    readonly #space = make("div.space", { role: "presentation" });
    readonly #drawn = new Map<string | number, Drawn<T>>();
    readonly #free: HTMLElement[] = [];
    #length = 0;
    #at: (index: number) => T | undefined = () => undefined;
    #active: string | number | undefined;
    #activeIndex = 0;
    #asked = false;

    constructor(options: VirtualListOptions<T>) {
        this.#options = options;
        this.element = make(
            "div.rows",
            { role: options.hasButtons ? "list" : "listbox", tabindex: 0, "aria-label": options.label },
            this.#space,
        );
        this.element.addEventListener("scroll", () => this.#askToDraw());
        this.element.addEventListener("keydown", (event) => this.#onKey(event));
        this.element.addEventListener("click", (event) => this.#onClick(event));
        new ResizeObserver(() => this.#askToDraw()).observe(this.element);
    }

    /** Shows other items. `newAtTop` keeps the visible rows in their place, unless the list shows its very top. */
    update(list: { length: number; at(index: number): T | undefined; newAtTop?: number }): void {
        const { length, at, newAtTop = 0 } = list;
        this.#length = length;
        this.#at = at;
        this.#activeIndex += newAtTop;
        const height = this.#rowHeight();
        this.#space.style.height = `${length * height}px`;
        if (newAtTop > 0 && this.element.scrollTop > height / 2) {
            this.element.scrollTop += newAtTop * height;
        }
        this.#draw();
    }

    /** Draws the visible rows again although their items are the same. */
    redraw(): void {
        for (const drawn of this.#drawn.values()) {
            this.#options.draw(drawn.row, drawn.item);
        }
        this.#draw();
    }

    get active(): string | number | undefined {
        return this.#active;
    }

    /** Marks an item. Its index helps the arrow keys; without one, the first visible row stands in. */
    setActive(key: string | number | undefined, index?: number): void {
        this.#active = key;
        this.#activeIndex = index ?? this.#activeIndex;
        this.#draw();
    }

    scrollToTop(): void {
        this.element.scrollTop = 0;
        this.#draw();
    }

    #rowHeight(): number {
        return Number.parseFloat(getComputedStyle(this.element).getPropertyValue("--row")) || 28;
    }

    #askToDraw(): void {
        if (!this.#asked) {
            this.#asked = true;
            requestAnimationFrame(() => {
                this.#asked = false;
                this.#draw();
            });
        }
    }

    #draw(): void {
        const height = this.#rowHeight();
        const first = Math.max(0, Math.floor(this.element.scrollTop / height) - spare);
        const end = Math.min(
            this.#length,
            Math.ceil((this.element.scrollTop + this.element.clientHeight) / height) + spare,
        );
        const wanted = new Map<string | number, { item: T; index: number }>();
        for (let index = first; index < end; index++) {
            const item = this.#at(index);
            if (item !== undefined) {
                wanted.set(this.#options.keyOf(item), { item, index });
            }
        }
        for (const [key, { row }] of this.#drawn) {
            if (!wanted.has(key)) {
                this.#drawn.delete(key);
                this.#free.push(row);
            }
        }
        for (const [key, { item, index }] of wanted) {
            this.#place(key, item, index, height);
        }
        // What is left belongs to no item: it stays out of the page, and never more of it than a screen is high.
        for (const row of this.#free) {
            row.remove();
        }
        this.#free.length = Math.min(this.#free.length, 2 * spare);
        const active = this.#active === undefined ? undefined : this.#drawn.get(this.#active);
        if (active === undefined) {
            this.element.removeAttribute("aria-activedescendant");
        } else {
            this.#activeIndex = active.index;
            this.element.setAttribute("aria-activedescendant", active.row.id);
        }
    }

    #place(key: string | number, item: T, index: number, height: number): void {
        let drawn = this.#drawn.get(key);
        if (drawn === undefined) {
            drawn = {
                row: this.#free.pop() ?? make("div.row", { role: this.#options.hasButtons ? "listitem" : "option" }),
                item,
                index,
            };
            drawn.row.dataset.key = String(key);
            drawn.row.id = `${this.#options.label.replace(/\W/g, "-")}-${key}`;
            this.#drawn.set(key, drawn);
            this.#options.draw(drawn.row, item);
        } else if (drawn.item !== item) {
            drawn.item = item;
            this.#options.draw(drawn.row, item);
        }
        drawn.index = index;
        const { row } = drawn;
        row.style.transform = `translateY(${index * height}px)`;
        row.setAttribute("aria-posinset", String(index + 1));
        row.setAttribute("aria-setsize", String(this.#length));
        row.setAttribute(this.#options.hasButtons ? "aria-current" : "aria-selected", String(key === this.#active));
        if (row.parentNode !== this.#space) {
            this.#space.append(row);
        }
    }

    #onKey(event: KeyboardEvent): void {
        if (event.target !== this.element || event.altKey || event.ctrlKey || event.metaKey) {
            return;
        }
        const page = Math.max(1, Math.floor(this.element.clientHeight / this.#rowHeight()) - 1);
        const here = this.#active === undefined ? -1 : this.#activeIndex;
        const targets: Record<string, number | undefined> = {
            ArrowDown: here + 1,
            ArrowUp: here - 1,
            PageDown: here + page,
            PageUp: here - page,
            Home: 0,
            End: this.#length - 1,
        };
        const target = Object.hasOwn(targets, event.key) ? targets[event.key] : undefined;
        if (target !== undefined) {
            event.preventDefault();
            this.#moveTo(Math.min(this.#length - 1, Math.max(0, target)));
        } else if (event.key === "Enter") {
            const item = this.#active === undefined ? undefined : this.#at(this.#activeIndex);
            if (item !== undefined) {
                event.preventDefault();
                this.#options.onOpen?.(item);
            }
        }
    }

    #moveTo(index: number): void {
        const item = this.#at(index);
        if (item === undefined) {
            return;
        }
        const height = this.#rowHeight();
        const top = index * height;
        const { scrollTop, clientHeight } = this.element;
        if (top < scrollTop) {
            this.element.scrollTop = top;
        } else if (top + height > scrollTop + clientHeight) {
            this.element.scrollTop = top + height - clientHeight;
        }
        this.setActive(this.#options.keyOf(item), index);
        this.#options.onActive?.(item);
    }

    #onClick(event: MouseEvent): void {
        const target = event.target as Element;
        const row = target.closest<HTMLElement>(".row");
        if (row === null || target.closest("button") !== null) {
            return;
        }
        for (const [key, drawn] of this.#drawn) {
            if (drawn.row === row) {
                this.setActive(key, drawn.index);
                this.#options.onActive?.(drawn.item);
                this.#options.onOpen?.(drawn.item);
                return;
            }
        }
    }
}
