import { field, make, messageOf, select, setOptions } from "./dom";
import { card, input, resultLine } from "./forms";
import { act } from "./stream";
import type { Fault, FaultKind, InspectState } from "./types";

interface Way {
    label: string;
    hint: string;
    target: "handler" | "service" | "connection";
    /** Name, unit and default of a number that the fault takes. */
    value?: { label: string; given: string };
}

const ways: Record<FaultKind, Way> = {
    handlerError: {
        label: "The handler answers with an error",
        hint: "Every event of the app or hub gets this status instead of reaching a function.",
        target: "handler",
        value: { label: "Status", given: "500" },
    },
    slow: {
        label: "The network is slow",
        hint: "Everything to and from the service's clients waits so long, in each direction.",
        target: "service",
        value: { label: "Milliseconds", given: "300" },
    },
    cut: {
        label: "A socket breaks",
        hint: "Destroys the socket without a close frame, once. A good client connects again.",
        target: "connection",
    },
    expireToken: {
        label: "A token expires",
        hint: "Ends the connection as the service does when the token's time is over.",
        target: "connection",
    },
    revokeRole: {
        label: "A role is taken away",
        hint: "The client of Web PubSub may no longer do what the role allowed.",
        target: "connection",
    },
};

const lasting = new Set<FaultKind>(["handlerError", "slow"]);

/** Breaks things on purpose, and lists what is broken now. */
export class Breaking {
    readonly element: HTMLElement;
    readonly #kind = select(
        {},
        Object.entries(ways).map(([kind, { label }]) => [kind, label] as const),
    );
    readonly #target = select({ required: true }, []);
    readonly #hint = make("p.soft.wide", { "aria-live": "polite" });
    readonly #value = input({ inputmode: "numeric", pattern: "\\d+" });
    readonly #role = input({ placeholder: "webpubsub.sendToGroup.tea" });
    readonly #valueField = field("Value", this.#value);
    readonly #roleField = field("Role", this.#role);
    readonly #broken = make("ul.faults", { "aria-label": "Broken now" });
    readonly #result = resultLine();
    #state: InspectState | undefined;
    #drawn = "";

    constructor() {
        this.#kind.addEventListener("change", () => this.#offer(true));
        this.element = card({
            title: "Break things",
            hint: "See what your own client does when something fails.",
            fields: [
                make("div.wide", {}, field("What", this.#kind)),
                field("Target", this.#target),
                this.#valueField,
                this.#roleField,
                this.#hint,
            ],
            button: "Break",
            submit: () => this.#break(),
            after: [this.#broken, this.#result.element],
        });
        this.#offer(true);
    }

    update(state: InspectState): void {
        this.#state = state;
        this.#offer(false);
        const text = JSON.stringify(state.faults);
        if (text !== this.#drawn) {
            this.#drawn = text;
            this.#broken.replaceChildren(...state.faults.map((fault) => this.#drawFault(fault)));
        }
    }

    get #chosen(): FaultKind {
        return this.#kind.value as FaultKind;
    }

    #offer(changed: boolean): void {
        const way = ways[this.#chosen];
        setOptions(this.#target, this.#targets(way.target));
        if (!changed) {
            return;
        }
        this.#hint.textContent = way.hint;
        this.#valueField.hidden = way.value === undefined;
        this.#roleField.hidden = this.#chosen !== "revokeRole";
        this.#role.required = !this.#roleField.hidden;
        if (way.value !== undefined) {
            (this.#valueField.firstElementChild as HTMLElement).textContent = way.value.label;
            this.#value.value = way.value.given;
        }
    }

    #targets(kind: Way["target"]): [string, string][] {
        const { services = [], apps = [], connections = [] } = this.#state ?? {};
        switch (kind) {
            case "service":
                return services.map(({ id, name }) => [id, name]);
            case "connection":
                return connections
                    .slice(0, 200)
                    .map(({ id, user, hub }) => [id, `${user ?? "no user"}, ${hub}, ${id.slice(-10)}`]);
            case "handler": {
                const hubs = new Set(services.flatMap((service) => service.hubs.map(({ name }) => name)));
                return [
                    ...apps.map(({ id, name }): [string, string] => [id, `app ${name}`]),
                    ...[...hubs].map((hub): [string, string] => [hub, `hub ${hub}`]),
                ];
            }
        }
    }

    async #break(): Promise<string> {
        const kind = this.#chosen;
        const role = this.#roleField.hidden ? "" : `|${this.#role.value.trim()}`;
        await act({
            do: "fault",
            kind,
            target: this.#target.value + role,
            ...(ways[kind].value && this.#value.value !== "" && { value: Number(this.#value.value) }),
        });
        return lasting.has(kind) ? "Broken until you mend it, below." : "Done.";
    }

    #drawFault({ id, kind, target, value }: Fault): HTMLElement {
        const mend = () =>
            this.#result.run(async () => {
                await act({ do: "clearFault", id }).catch((error: unknown) => {
                    throw new Error(messageOf(error));
                });
                return "Mended.";
            });
        const known = this.#targets(ways[kind]?.target ?? "service").find(([known]) => known === target);
        return make(
            "li",
            {},
            make("span", {}, `${ways[kind]?.label ?? kind}: `, make("code", {}, known?.[1] ?? target)),
            value === undefined ? undefined : make("span.pill", {}, String(value)),
            make("button.quiet", { type: "button", onclick: mend }, "Mend"),
        );
    }
}
