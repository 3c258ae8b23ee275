import { drawDetail } from "./detail";
import { byId, empty, make, setOptions, setText } from "./dom";
import { type Filter, isActive, noFilter } from "./filter";
import {
    formatCount,
    formatDuration,
    formatLost,
    formatResult,
    formatTime,
    kindNames,
    shortId,
    shownName,
} from "./format";
import { Shown } from "./shown";
import { type Change, isFailure, type Store } from "./store";
import { save } from "./stream";
import type { InspectEvent } from "./types";
import { VirtualList } from "./virtualList";

const textFields = { text: "filter", connection: "by-connection", user: "by-user", event: "by-event" } as const;
const mostSuggestions = 200;

/** The timeline: filters, the list of events, and the detail of one. */
export class Timeline {
    readonly #store: Store;
    readonly #shown: Shown;
    readonly #list: VirtualList<InspectEvent>;
    readonly #tryIt: () => void;
    #selected: InspectEvent | undefined;
    #names = new Set<string>();

    constructor(options: { store: Store; tryIt(): void }) {
        this.#store = options.store;
        this.#tryIt = options.tryIt;
        this.#shown = new Shown(options.store);
        this.#list = new VirtualList<InspectEvent>({
            label: "Events, newest first",
            keyOf: ({ id }) => id,
            draw: (row, event) => this.#drawRow(row, event),
            onActive: (event) => this.#selected !== undefined && this.#select(event),
            onOpen: (event) => this.#select(event),
        });
        byId("events").append(this.#list.element);
        setOptions(byId<HTMLSelectElement>("by-kind"), [["", "All kinds"], ...Object.entries(kindNames)]);
        byId("filters").addEventListener("input", () => this.#readFilter());
        byId("filters").addEventListener("submit", (event) => event.preventDefault());
        byId("failures").addEventListener("click", () => this.filter({ failures: !this.#shown.filter.failures }));
        byId("pause").addEventListener("click", () => this.pause());
        byId("clear").addEventListener("click", () => this.clear());
        byId("export").addEventListener("click", () => save(this.#shown.events));
        byId("more-filters").addEventListener("click", () => {
            const open = byId("filters").classList.toggle("open");
            byId("more-filters").setAttribute("aria-expanded", String(open));
        });
        this.#update();
    }

    get element(): HTMLElement {
        return this.#list.element;
    }

    /** Takes over a change of the store. */
    apply(change: Change): void {
        this.#update(this.#shown.apply(change));
        if (this.#selected === undefined || this.#shown.paused) {
            return;
        }
        const { id, trace } = this.#selected;
        if ([...change.added, ...change.replaced].some((event) => event.trace === trace)) {
            this.#drawDetail(this.#store.find(id) ?? this.#selected);
        }
    }

    pause(): void {
        this.#shown.pause(!this.#shown.paused);
        byId("pause").setAttribute("aria-pressed", String(this.#shown.paused));
        this.#update();
    }

    get paused(): boolean {
        return this.#shown.paused;
    }

    filter(change: Partial<Filter>): void {
        const filter = { ...this.#shown.filter, ...change };
        this.#shown.setFilter(filter);
        for (const [field, id] of Object.entries(textFields)) {
            const input = byId<HTMLInputElement>(id);
            const value = filter[field as keyof typeof textFields];
            if (input.value !== value) {
                input.value = value;
            }
        }
        byId<HTMLSelectElement>("by-kind").value = filter.kind;
        byId("failures").setAttribute("aria-pressed", String(filter.failures));
        byId("more-filters").toggleAttribute(
            "data-active",
            [filter.kind, filter.connection, filter.user, filter.event].some((value) => value !== ""),
        );
        this.#list.scrollToTop();
        this.#update();
    }

    clear(): void {
        this.#store.clear();
        this.close();
        if (this.#shown.paused) {
            this.pause();
        }
        this.#shown.refresh();
        this.#update();
    }

    /** Closes the detail. Returns whether it was open. */
    close(): boolean {
        const open = this.#selected !== undefined;
        this.#selected = undefined;
        byId("detail").hidden = true;
        byId("timeline").classList.remove("with-detail");
        byId("detail").replaceChildren();
        this.#list.redraw();
        return open;
    }

    #readFilter(): void {
        const texts = Object.entries(textFields).map(([field, id]) => [field, byId<HTMLInputElement>(id).value]);
        this.filter({ ...Object.fromEntries(texts), kind: byId<HTMLSelectElement>("by-kind").value });
    }

    #select(event: InspectEvent): void {
        const first = this.#selected === undefined;
        this.#drawDetail(event);
        const { events } = this.#shown;
        this.#list.setActive(event.id, events.length - 1 - this.#shown.indexOf(event));
        this.#list.redraw();
        if (first) {
            byId("detail").scrollTop = 0;
        }
    }

    #drawDetail(event: InspectEvent): void {
        this.#selected = event;
        const panel = byId("detail");
        const focused = panel.contains(document.activeElement);
        const top = panel.scrollTop;
        panel.hidden = false;
        byId("timeline").classList.add("with-detail");
        panel.replaceChildren(
            drawDetail({
                event,
                trace: this.#store.trace(event.trace),
                handlers: {
                    select: (other) => this.#select(other),
                    filter: (change) => this.filter({ ...noFilter, ...change }),
                    close: () => {
                        this.close();
                        this.#list.element.focus();
                    },
                },
            }),
        );
        panel.scrollTop = top;
        // The button that somebody pressed is gone; its successor takes the focus.
        if (focused) {
            (panel.querySelector<HTMLElement>(".step[aria-current]") ?? panel).focus();
        }
    }

    #update(newAtTop = 0): void {
        const { events, filter, paused, waiting } = this.#shown;
        this.#list.update({ length: events.length, at: (index) => events[events.length - 1 - index], newAtTop });
        const all = this.#store.events.length;
        const shown = formatCount(events.length, "event");
        setText(
            byId("count"),
            isActive(filter) ? `${events.length.toLocaleString("en")} of ${formatCount(all, "event")}` : shown,
        );
        setText(byId("pause-text"), paused ? "Resume" : "Pause");
        setText(byId("waiting"), paused ? `Paused, ${waiting.toLocaleString("en")} new` : "");
        byId("lost").hidden = this.#store.lost === 0 && !this.#store.lostMore;
        setText(byId("lost"), formatLost(this.#store));
        setText(byId("failure-count"), this.#store.failures.toLocaleString("en"));
        byId("failures").toggleAttribute("data-some", this.#store.failures > 0);
        this.#drawEmpty(all);
        this.#suggest();
    }

    #drawEmpty(all: number): void {
        const place = byId("no-events");
        const wanted = this.#shown.events.length > 0 ? "" : all > 0 ? "filtered" : "none";
        if (place.dataset.shows === wanted) {
            return;
        }
        place.dataset.shows = wanted;
        place.hidden = wanted === "";
        const clearFilter = () => this.filter(noFilter);
        place.replaceChildren(
            wanted === "filtered"
                ? empty(
                      "No event passes the filter",
                      make("p", {}, "Other events are there."),
                      make("button", { type: "button", onclick: clearFilter }, "Clear the filter"),
                  )
                : empty(
                      "Nothing has happened yet",
                      make("p", {}, "Open your app in another tab and do something, or send a message from here."),
                      make("button", { type: "button", onclick: this.#tryIt }, "Try it"),
                  ),
        );
    }

    /** Fills the lists of the filter fields with what is connected now and the events seen. */
    #suggest(): void {
        const { connections } = this.#store.state;
        const fill = (id: string, values: Iterable<string>) => {
            const list = byId(id);
            const chosen = [...new Set(values)].slice(0, mostSuggestions);
            const text = chosen.join("\n");
            if (list.dataset.values !== text) {
                list.dataset.values = text;
                list.replaceChildren(...chosen.map((value) => make("option", { value })));
            }
        };
        for (const { kind, name } of this.#shown.events.slice(-50)) {
            if (kind === "clientEvent" && this.#names.size < mostSuggestions) {
                this.#names.add(name);
            }
        }
        fill(
            "known-connections",
            connections.slice(0, mostSuggestions).map(({ id }) => id),
        );
        fill(
            "known-users",
            connections.slice(0, mostSuggestions).flatMap(({ user }) => user ?? []),
        );
        fill("known-events", this.#names);
    }

    #drawRow(row: HTMLElement, event: InspectEvent): void {
        const { kind, trace, message, data, url, duration, user, connection, group, hub, service } = event;
        row.dataset.kind = kind;
        row.toggleAttribute("data-failed", isFailure(event));
        row.toggleAttribute("data-caused", event.parent !== undefined);
        row.toggleAttribute("data-kin", trace === this.#selected?.trace);
        const who = user ?? (connection === undefined ? (group ?? hub ?? service ?? "") : shortId(connection));
        row.replaceChildren(
            make("time", {}, formatTime(event.start)),
            make("span.kind", {}, make("i.dot"), kindNames[kind]),
            make("span.name", {}, shownName(event)),
            make("span.who", {}, who),
            make("span.data", {}, (message ?? data ?? url ?? "").slice(0, 300)),
            make("span.result", { "data-nobody": kind === "broadcast" && event.count === 0 }, formatResult(event)),
            make("span.took", {}, duration ? formatDuration(duration) : ""),
        );
    }
}
