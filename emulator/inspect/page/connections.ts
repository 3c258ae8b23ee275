import { byId, empty, make, messageOf } from "./dom";
import { formatAge, formatBytes, formatCount, shortId } from "./format";
import { act } from "./stream";
import type { Action, App, Connection, Hub, InspectState, Service } from "./types";
import { VirtualList } from "./virtualList";

const mostGroups = 30;

interface Handlers {
    /** Shows the events of one connection. */
    follow(connection: string): void;
    say(text: string, failed?: boolean): void;
}

/** The hubs of every service, and a row for each connection with what can be done to it. */
export class Connections {
    readonly #handlers: Handlers;
    readonly #list: VirtualList<Connection>;
    #drawnHubs = "";
    /** Whether a hub's name alone could be one of two services. */
    #several = false;

    constructor(handlers: Handlers) {
        this.#handlers = handlers;
        this.#list = new VirtualList<Connection>({
            label: "Connections",
            hasButtons: true,
            keyOf: ({ id }) => id,
            draw: (row, connection) => this.#drawRow(row, connection),
            onOpen: ({ id }) => handlers.follow(id),
        });
        byId("connection-rows").append(this.#list.element);
        // Ages grow without a message.
        setInterval(() => !byId("connections").hidden && this.#list.redraw(), 1000);
    }

    update(state: InspectState): void {
        const { connections, more } = state;
        this.#several = state.services.length > 1;
        this.#list.update({ length: connections.length, at: (index) => connections[index] });
        byId("connection-head").hidden = connections.length === 0;
        byId("more-connections").textContent = more > 0 ? `and ${formatCount(more, "more connection")}` : "";
        this.#drawHubs(state);
        const none = byId("no-connections");
        none.hidden = connections.length > 0;
        if (none.childElementCount === 0) {
            none.append(
                empty(
                    "No client is connected",
                    make("p", {}, "Open your app in another tab, or connect a test client under Try it."),
                ),
            );
        }
    }

    #drawHubs({ services, apps }: InspectState): void {
        const text = JSON.stringify([services, apps]);
        if (text === this.#drawnHubs) {
            return;
        }
        this.#drawnHubs = text;
        byId("hubs").replaceChildren(
            ...(services.length + apps.length === 0
                ? [make("p.soft", {}, "No service runs. A program or the emulator command starts one.")]
                : [...services.map(drawService), ...apps.map(drawApp)]),
        );
    }

    async #act(action: Action, done: string): Promise<void> {
        await act(action).then(
            () => this.#handlers.say(done),
            (error: unknown) => this.#handlers.say(messageOf(error), true),
        );
    }

    #drawRow(row: HTMLElement, connection: Connection): void {
        const { id, service, hub, user, transport, protocol, groups, since } = connection;
        // A redraw keeps the buttons, because one of them may hold the focus.
        const kept = row.dataset.key === row.dataset.buttons ? row.querySelector(".actions") : null;
        row.dataset.buttons = row.dataset.key;
        const button = (label: string, title: string, onclick: () => void) =>
            make("button.quiet", { type: "button", title, onclick }, label);
        const actions =
            kept ??
            make(
                "span.actions",
                {},
                button("Events", "Show its events", () => this.#handlers.follow(id)),
                button("Close", "Close as the service does", () =>
                    this.#act({ do: "close", service, hub, connection: id }, "Closed."),
                ),
                button("Cut", "Destroy the socket without a close frame, as a broken network does", () =>
                    this.#act({ do: "fault", kind: "cut", target: id }, "Cut."),
                ),
            );
        const cells = [
            make("span.name", { title: id }, user ?? shortId(id)),
            make("span.who", { title: id }, user === undefined ? "no user" : shortId(id)),
            make("span.hub", { title: `${service} / ${hub}` }, this.#several ? `${service} / ${hub}` : hub),
            make("span.kind", {}, `${transport}, ${protocol}`),
            make("span.data", { title: groups.join("\n") }, groups.length === 0 ? "in no group" : groups.join(", ")),
            make("span.took", {}, formatAge(Date.now() - since)),
            make(
                "span.bytes",
                { title: "received from the client / sent to it" },
                `${formatBytes(connection.in)} / ${formatBytes(connection.out)}`,
            ),
        ];
        for (const child of [...row.children]) {
            if (child !== actions) {
                child.remove();
            }
        }
        row.prepend(...cells);
        if (actions.parentNode !== row) {
            row.append(actions);
        }
    }
}

const productNames = new Map([
    ["socketio", "Web PubSub for Socket.IO"],
    ["webpubsub", "Web PubSub"],
    ["signalr", "SignalR Service"],
]);

const pill = (text: string, className = "pill") => make(`span.${className}`, {}, text);

function drawService({ name, product, endpoint, hubs }: Service): HTMLElement {
    return make(
        "section.card",
        {},
        make("header", {}, make("h3", {}, name), make("span.soft", {}, productNames.get(product) ?? product)),
        make("code.soft", {}, endpoint),
        ...(hubs.length === 0
            ? [make("p.soft", {}, "No hub. A client that connects, or a hub resource, creates one.")]
            : hubs.map(drawHub)),
    );
}

function drawHub({ name, handlers = [], connections, groups }: Hub): HTMLElement {
    return make(
        "div.hub-line",
        {},
        make("b", {}, name),
        pill(formatCount(connections, "connection")),
        handlers.length === 0
            ? make("p", {}, pill("no event handler: events reach no function", "pill.bad"))
            : make(
                  "ul.plain",
                  { "aria-label": "Event handlers" },
                  ...handlers.map((handler) => make("li", {}, make("code.soft", {}, handler))),
              ),
        groups.length === 0
            ? undefined
            : make(
                  "p",
                  {},
                  make("span.soft", {}, "groups "),
                  ...groups.slice(0, mostGroups).map((group) => pill(`${group.name} · ${group.connections}`)),
                  groups.length > mostGroups ? pill(`and ${groups.length - mostGroups} more`) : undefined,
              ),
    );
}

function drawApp({ name, url, functions }: App): HTMLElement {
    return make(
        "section.card",
        {},
        make("header", {}, make("h3", {}, name), make("span.soft", {}, "Function App")),
        make("code.soft", {}, url),
        functions.length === 0
            ? make("p.soft", {}, "No function. Build the app's code, and look at its log.")
            : make("div.hub-line", {}, make("p", { "aria-label": "Functions" }, ...functions.map(drawFunction))),
    );
}

function drawFunction({ name, trigger, state, route }: App["functions"][number]): HTMLElement {
    const about = route ?? trigger.replace(/trigger$/i, "");
    const isRunning = state === "running";
    return make(
        `span.pill${isRunning ? "" : ".bad"}`,
        { title: `${trigger}, ${state}` },
        make("code", {}, name),
        make("span.soft", {}, ` ${about}${isRunning ? "" : `, ${state}`}`),
    );
}
