import { type Chat, type Entry, keyOf, type Place, titleOf } from "./conversations";

export function byId<E extends HTMLElement = HTMLElement>(id: string): E {
    return document.getElementById(id) as E;
}

interface Attributes {
    className?: string;
    text?: string;
    onclick?: () => void;
}

/** Creates an element. Its text is set as text, never as markup. */
function make(tag: string, { className, text, onclick }: Attributes = {}, ...children: Node[]): HTMLElement {
    const element = document.createElement(tag);
    if (className !== undefined) {
        element.className = className;
    }
    if (text !== undefined) {
        element.textContent = text;
    }
    if (onclick !== undefined) {
        element.addEventListener("click", onclick);
    }
    element.append(...children);
    return element;
}

export interface PersonAction {
    label: string;
    act(id: string): void;
}

export interface Handlers {
    open(place: Place): void;
    leave(room: string): void;
    personActions: PersonAction[];
}

let drawn: Entry[] = [];
let drawnIn = "";

/** Draws every part of the page that depends on the chat's state. */
export function draw(chat: Chat, handlers: Handlers): void {
    const current = chat.conversations.get(chat.current);
    if (current === undefined) {
        return;
    }
    const listed = [...chat.conversations.values()];
    byId("rooms").replaceChildren(
        ...listed
            .filter(({ place }) => place.kind !== "person")
            .map(({ place, unread }) => item({ chat, handlers, place, unread })),
    );
    const people = [...chat.people].map(([id, { here }]) => {
        const place: Place = { kind: "person", id };
        return item({ chat, handlers, place, unread: chat.conversations.get(keyOf(place))?.unread ?? 0, here });
    });
    byId("people").replaceChildren(...people);
    byId("nobody").hidden = people.length > 0;

    const title = titleOf(chat, current.place);
    byId("title").textContent = title;
    byId("title-actions").replaceChildren(...actionsFor({ chat, handlers, place: current.place }));
    byId<HTMLInputElement>("text").placeholder = `Message ${current.place.kind === "person" ? `${title} only` : title}`;
    drawLog(chat.current, current.entries);
}

/** Makes the next `draw` draw the whole log, because an entry that it shows has changed. */
export function redrawLog(): void {
    drawnIn = "";
}

/** Appends the new entries instead of redrawing the log, so that a screen reader reads each message once. */
function drawLog(key: string, entries: Entry[]): void {
    const log = byId("log");
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
    const last = drawn.at(-1);
    const known = drawnIn === key && last !== undefined ? entries.indexOf(last) : -1;
    if (known === -1) {
        log.replaceChildren(...entries.map(line));
    } else {
        log.append(...entries.slice(known + 1).map(line));
    }
    if (atEnd || drawnIn !== key) {
        log.scrollTop = log.scrollHeight;
    }
    drawn = [...entries];
    drawnIn = key;
}

interface Item {
    chat: Chat;
    handlers: Handlers;
    place: Place;
    unread: number;
    /** Whether the person is still in the chat. */
    here?: boolean;
}

function item({ chat, handlers, place, unread, here = true }: Item): HTMLElement {
    const button = make(
        "button",
        { onclick: () => handlers.open(place) },
        make("span", {
            className: here ? "label" : "label gone",
            text: titleOf(chat, place) + (here ? "" : " (left)"),
        }),
    );
    button.setAttribute("aria-current", String(keyOf(place) === chat.current));
    if (unread > 0) {
        const count = make("span", { className: "count", text: String(unread) });
        count.setAttribute("aria-label", `${unread} unread`);
        button.append(count);
    }
    return make("li", {}, button);
}

function actionsFor({ chat, handlers, place }: Pick<Item, "chat" | "handlers" | "place">): HTMLElement[] {
    const quiet = (text: string, onclick: () => void) => make("button", { className: "quiet", text, onclick });
    if (place.kind === "room") {
        return [quiet("Leave room", () => handlers.leave(place.room))];
    }
    if (place.kind === "person" && chat.people.get(place.id)?.here) {
        return handlers.personActions.map(({ label, act }) => quiet(label, () => act(place.id)));
    }
    return [];
}

function line(entry: Entry): HTMLElement {
    const time = make("time", { text: entry.at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }) });
    time.setAttribute("datetime", entry.at.toISOString());
    if (entry.kind === "note") {
        return make("p", { className: "note", text: `${entry.text} · ` }, time);
    }
    const message = make(
        "article",
        { className: entry.own ? "message own" : "message" },
        make("header", {}, make("b", { text: entry.own ? "You" : (entry.from ?? "Somebody") }), time),
        make("p", { text: entry.text }),
    );
    if (entry.failed !== undefined) {
        message.classList.add("failed");
        message.append(make("p", { className: "error", text: `Not delivered: ${entry.failed}` }));
    }
    return message;
}
