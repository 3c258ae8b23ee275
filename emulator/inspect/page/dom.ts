export type Child = Node | string | undefined;

type Listener = (event: never) => void;

/** Attributes by their name. A function is a listener (`onclick`), `true` is an attribute without a value. */
export type Attributes = Record<string, string | number | boolean | Listener | undefined>;

export function byId<E extends HTMLElement = HTMLElement>(id: string): E {
    return document.getElementById(id) as E;
}

/** Creates an element from `tag.class.class`. Strings become text, never markup, because clients wrote many of them. */
export function make<E extends HTMLElement = HTMLElement>(
    selector: string,
    attributes: Attributes = {},
    ...children: Child[]
): E {
    const [tag = "div", ...classes] = selector.split(".");
    const element = document.createElement(tag) as E;
    if (classes.length > 0) {
        element.className = classes.join(" ");
    }
    for (const [name, value] of Object.entries(attributes)) {
        if (typeof value === "function") {
            element.addEventListener(name.slice(2), value as EventListener);
        } else if (value !== undefined && value !== false) {
            element.setAttribute(name, value === true ? "" : String(value));
        }
    }
    element.append(...children.filter((child) => child !== undefined));
    return element;
}

/** A select whose options are `[value, label]`. */
export function select(attributes: Attributes, options: readonly (readonly [string, string])[]): HTMLSelectElement {
    const element = make<HTMLSelectElement>("select", attributes);
    setOptions(element, options);
    return element;
}

/** Replaces the options of a select only where they changed, because an open list closes when its options do. */
export function setOptions(element: HTMLSelectElement, options: readonly (readonly [string, string])[]): void {
    const wanted = JSON.stringify(options);
    if (element.dataset.options === wanted) {
        return;
    }
    const chosen = element.value;
    element.dataset.options = wanted;
    element.replaceChildren(...options.map(([value, label]) => make("option", { value }, label)));
    if (options.some(([value]) => value === chosen)) {
        element.value = chosen;
    }
}

/** A label above its field. */
export function field(label: string, input: HTMLElement, hint?: string): HTMLElement {
    return make(
        "label.field",
        {},
        make("span", {}, label),
        input,
        hint === undefined ? undefined : make("small", {}, hint),
    );
}

/** Shows text only where it differs, so that nothing moves and a screen reader stays silent. */
export function setText(element: HTMLElement, text: string): void {
    if (element.textContent !== text) {
        element.textContent = text;
    }
}

/** A text with a button that copies it. */
export function copyable(text: string): HTMLElement {
    const button = make("button.quiet", { type: "button", "aria-label": "Copy" }, "Copy");
    button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(text).then(
            () => setText(button, "Copied"),
            () => setText(button, "Not copied"),
        );
        setTimeout(() => setText(button, "Copy"), 1500);
    });
    return make("span.copyable", {}, make("code", {}, text), button);
}

/** What a view shows instead of its content when it has none, and what to do about it. */
export function empty(title: string, ...children: Child[]): HTMLElement {
    return make("div.empty.middle", {}, make("h2", {}, title), ...children);
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
