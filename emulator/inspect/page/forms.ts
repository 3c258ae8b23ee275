import { field, make, messageOf, select, setOptions, setText } from "./dom";
import type { InspectState, Service } from "./types";

export const input = (attributes: Record<string, string | boolean> = {}): HTMLInputElement =>
    make<HTMLInputElement>("input", { autocomplete: "off", spellcheck: "false", ...attributes });

export const area = (attributes: Record<string, string | number> = {}): HTMLTextAreaElement =>
    make<HTMLTextAreaElement>("textarea", { rows: 2, spellcheck: "false", autocomplete: "off", ...attributes });

/** A line under a form that says how its last action ended. */
export function resultLine(): { element: HTMLElement; run(action: () => Promise<string | undefined>): Promise<void> } {
    const element = make("output.result-line", { "aria-live": "polite" });
    return {
        element,
        async run(action) {
            element.removeAttribute("data-failed");
            setText(element, "…");
            try {
                setText(element, (await action()) ?? "");
            } catch (error) {
                element.setAttribute("data-failed", "");
                setText(element, messageOf(error));
            }
        },
    };
}

/** A card with a form. `submit` runs on its button and on Enter. */
export function card(options: {
    title: string;
    hint: string;
    fields: (HTMLElement | undefined)[];
    button: string;
    submit(): Promise<string | undefined>;
    after?: HTMLElement[];
}): HTMLElement {
    const result = resultLine();
    const form = make(
        "form.fields-grid",
        {
            onsubmit: (event: SubmitEvent) => {
                event.preventDefault();
                void result.run(options.submit);
            },
        },
        ...options.fields,
        make("div.form-end", {}, make("button", { type: "submit" }, options.button), result.element),
    );
    return make(
        "section.card",
        { "aria-label": options.title },
        make("h2", {}, options.title),
        make("p.soft", {}, options.hint),
        form,
        ...(options.after ?? []),
    );
}

/** A select for the service and a field for its hub, which follow the state. */
export class HubChoice {
    readonly service = select({ required: true }, []);
    readonly hub = input({ required: true, list: "" });
    readonly fields: HTMLElement[];
    readonly #names: HTMLElement;
    readonly #onChange: (service: Service | undefined) => void;
    #services: readonly Service[] = [];
    /** Hubs that SignalR triggers name. Their service knows a hub only while it has clients. */
    #triggerHubs: readonly string[] = [];

    constructor(id: string, onChange: (service: Service | undefined) => void) {
        this.#onChange = onChange;
        this.#names = make("datalist", { id });
        this.hub.setAttribute("list", id);
        this.service.addEventListener("change", () => {
            this.hub.value = "";
            this.#offerHubs();
        });
        const hub = field("Hub", this.hub);
        hub.append(this.#names);
        this.fields = [field("Service", this.service), hub];
    }

    get chosen(): Service | undefined {
        return this.#services.find(({ id }) => id === this.service.value);
    }

    update({ services, apps }: InspectState): void {
        const before = this.service.value;
        this.#triggerHubs = apps.flatMap(({ functions }) => functions.flatMap(({ hub }) => hub ?? []));
        this.#services = services;
        setOptions(
            this.service,
            services.map(({ id, name }) => [id, name]),
        );
        if (before !== this.service.value || this.hub.value === "") {
            this.#offerHubs();
        }
    }

    #offerHubs(): void {
        const known = this.chosen?.hubs.map(({ name }) => name) ?? [];
        const hubs = [...new Set([...known, ...(this.chosen?.product === "signalr" ? this.#triggerHubs : [])])];
        this.#names.replaceChildren(...hubs.map((value) => make("option", { value })));
        if (this.hub.value === "" && document.activeElement !== this.hub) {
            this.hub.value = hubs[0] ?? "";
        }
        this.#onChange(this.chosen);
    }
}
