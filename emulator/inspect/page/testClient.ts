import { field, make, select, setOptions } from "./dom";
import { formatTime } from "./format";
import { area, card, HubChoice, input } from "./forms";
import { type Reading, readData, socketUrl, type Wire, wireOf } from "./protocols";
import { act } from "./stream";
import type { ClientProtocol, InspectState, Service } from "./types";

const protocolsOf = new Map<string, [ClientProtocol, string][]>([
    ["socketio", [["socketio", "Socket.IO"]]],
    ["signalr", [["signalr-json", "SignalR, JSON"]]],
    [
        "webpubsub",
        [
            ["json.webpubsub", "json.webpubsub.azure.v1"],
            ["raw", "none: plain WebSocket"],
        ],
    ],
]);

const messageTypes = [
    ["event", "Send an event"],
    ["joinGroup", "Join a group"],
    ["leaveGroup", "Leave a group"],
    ["sendToGroup", "Send to a group"],
] as const;

const mostLines = 500;

const wordsOf = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);

/** Reads `name=value` lines. */
function claimsOf(text: string): Record<string, string> {
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    return Object.fromEntries(
        lines.map((line) => {
            const [, name, value] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
            if (name === undefined || value === undefined) {
                throw new Error(`"${line}" is no claim: write name=value, one on each line.`);
            }
            return [name, value];
        }),
    );
}

/** Opens ordinary clients with chosen claims, and talks as them. */
export class TestClients {
    readonly element: HTMLElement;
    readonly #choice: HubChoice;
    readonly #protocol = select({}, []);
    readonly #user = input({ placeholder: "nobody" });
    readonly #namespace = input({ placeholder: "/" });
    readonly #roles = input({ placeholder: "webpubsub.sendToGroup.tea" });
    readonly #groups = input({ placeholder: "tea milk" });
    readonly #claims = area({ placeholder: "name=value, one on each line" });
    readonly #clients = make("div.clients");
    #count = 0;

    constructor() {
        const namespace = field("Namespace", this.#namespace);
        const roles = field("Roles", this.#roles, "Separated by spaces");
        const groups = field("Groups at the start", this.#groups);
        this.#choice = new HubChoice("client-hubs", (service: Service | undefined) => {
            const product = service?.product ?? "";
            setOptions(this.#protocol, protocolsOf.get(product) ?? []);
            namespace.hidden = product !== "socketio";
            roles.hidden = product !== "webpubsub";
            groups.hidden = product !== "webpubsub";
        });
        this.element = card({
            title: "Test client",
            hint: "An ordinary client with a token of your choice. It connects from this page.",
            fields: [
                ...this.#choice.fields,
                field("Protocol", this.#protocol),
                field("User", this.#user),
                namespace,
                roles,
                groups,
                field("More claims", this.#claims),
            ],
            button: "Connect",
            submit: () => this.#connect(),
            after: [this.#clients],
        });
    }

    update(state: InspectState): void {
        this.#choice.update(state);
    }

    async #connect(): Promise<string> {
        const service = this.#choice.chosen;
        if (service === undefined) {
            throw new Error("No service runs.");
        }
        const protocol = this.#protocol.value as ClientProtocol;
        const isWebPubSub = service.product === "webpubsub";
        const claims = claimsOf(this.#claims.value);
        const user = this.#user.value.trim();
        const result = (await act({
            do: "connect",
            service: service.id,
            hub: this.#choice.hub.value,
            protocol,
            ...(user !== "" && { user }),
            ...(isWebPubSub && { roles: wordsOf(this.#roles.value), groups: wordsOf(this.#groups.value) }),
            ...(Object.keys(claims).length > 0 && { claims }),
        })) as { url: string; accessToken?: string };
        const url = socketUrl({ ...result, protocol });
        const namespace = this.#namespace.value.trim() || "/";
        this.#count++;
        const title = `Client ${this.#count}${user === "" ? "" : `: ${user}`}`;
        this.#clients.prepend(openClient({ url, title, protocol, wire: wireOf(protocol, namespace) }));
        return "";
    }
}

/** One client: its frames, and a form to send. */
function openClient(options: { url: string; title: string; protocol: ClientProtocol; wire: Wire }): HTMLElement {
    const { url, title, protocol, wire } = options;
    const socket = wire.subprotocol === undefined ? new WebSocket(url) : new WebSocket(url, wire.subprotocol);
    const log = make("ol.frames", { role: "log", "aria-label": `Frames of ${title}`, tabindex: 0 });
    const state = make("span.pill", {}, "connecting");
    const type = select({ "aria-label": "What to do" }, messageTypes);
    const event = input({ "aria-label": "Event", placeholder: protocol === "signalr-json" ? "method" : "event" });
    const data = input({ "aria-label": "Data", placeholder: 'data: text, {"json": 1} or [arguments]' });
    const send = make<HTMLButtonElement>("button", { type: "submit", disabled: true }, "Send");
    const leave = make<HTMLButtonElement>("button.quiet", { type: "button" }, "Disconnect");
    type.hidden = protocol !== "json.webpubsub";
    event.hidden = protocol === "raw";
    const isGroup = () => !type.hidden && type.value !== "event";
    type.addEventListener("change", () => {
        event.placeholder = isGroup() ? "group" : "event";
        event.setAttribute("aria-label", isGroup() ? "Group" : "Event");
        data.hidden = type.value === "joinGroup" || type.value === "leaveGroup";
    });

    const show = (direction: "in" | "out" | "note", text: string, failed = false) => {
        const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
        const signs = { in: "↓", out: "↑", note: "·" };
        log.append(
            make(
                `li.${direction}`,
                { "data-failed": failed },
                make("time", {}, formatTime(Date.now())),
                make("span", { "aria-hidden": "true" }, signs[direction]),
                make("code", {}, text),
            ),
        );
        if (log.childElementCount > mostLines) {
            log.firstElementChild?.remove();
        }
        if (atEnd) {
            log.scrollTop = log.scrollHeight;
        }
    };
    const transmit = (frame: string) => socket.send(frame);
    const ready = () => {
        state.textContent = "connected";
        state.classList.add("good");
        send.disabled = false;
    };
    const take = (reading: Reading) => {
        if (reading.reply !== undefined) {
            transmit(reading.reply);
        }
        if (reading.ready) {
            ready();
        }
        if (reading.text !== undefined) {
            show("in", reading.text, reading.failed);
        }
    };

    socket.addEventListener("open", () => {
        show("note", "The socket is open.");
        for (const frame of wire.opening) {
            transmit(frame);
        }
        if (wire.readyOnOpen) {
            ready();
        }
    });
    socket.addEventListener("message", async ({ data: frame }: MessageEvent<string | Blob>) => {
        const text = typeof frame === "string" ? frame : `${frame.size} bytes of binary data`;
        try {
            for (const reading of typeof frame === "string" ? wire.read(text) : [{ text }]) {
                take(reading);
            }
        } catch {
            show("in", text, true);
        }
    });
    socket.addEventListener("close", ({ code, reason }) => {
        state.textContent = "closed";
        state.classList.remove("good");
        state.classList.add("bad");
        send.disabled = true;
        leave.textContent = "Remove";
        show("note", `The socket closed: ${code}${reason === "" ? "" : ` ${reason}`}`, code !== 1000 && code !== 1005);
    });

    const element = make(
        "section.client",
        { "aria-label": title },
        make("header", {}, make("h3", {}, title), state, leave),
        log,
        make(
            "form.talk",
            {
                onsubmit: (submitted: SubmitEvent) => {
                    submitted.preventDefault();
                    const value = readData(data.value);
                    const named = isGroup() ? { event: "", group: event.value } : { event: event.value };
                    const frame = wire.write({ type: type.value, ...named, data: value });
                    transmit(frame);
                    show("out", frame);
                },
            },
            type,
            event,
            data,
            send,
        ),
    );
    leave.addEventListener("click", () =>
        socket.readyState === WebSocket.CLOSED ? element.remove() : socket.close(1000),
    );
    return element;
}
