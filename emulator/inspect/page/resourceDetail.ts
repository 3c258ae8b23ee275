import { copyable, make, messageOf, setText } from "./dom";
import { readSecret } from "./stream";
import type { Resource, Setting } from "./types";

export interface ResourceHandlers {
    open(urn: string): void;
    close(): void;
}

const masked = "••••••••";

/** `azure-native:web:WebApp` as `WebApp`. */
export const shortType = (type: string): string => type.split(":").at(-1) ?? type;

/** What the last update did with a resource, as the terminal says it. */
export const wordOf = (last: Resource["last"]): string => (last === "same" ? "unchanged" : last);

function drawSecret(urn: string, name: string): HTMLElement {
    const value = make("code", {}, masked);
    const show = make("button.quiet", { type: "button", "aria-label": `Show ${name}` }, "Show");
    show.addEventListener("click", async () => {
        if (show.textContent === "Hide") {
            setText(value, masked);
            setText(show, "Show");
            return;
        }
        await readSecret(urn, name).then(
            (secret) => {
                setText(value, secret);
                setText(show, "Hide");
            },
            (error: unknown) => setText(value, messageOf(error)),
        );
    });
    return make("span.copyable", {}, value, show);
}

function drawSetting(urn: string, { name, value, secret, reference, reason }: Setting): HTMLElement[] {
    return [
        make("dt", {}, name),
        make(
            "dd",
            {},
            secret ? drawSecret(urn, name) : make("code", {}, value ?? ""),
            reference === undefined
                ? undefined
                : make(
                      `span.pill.${reference === "resolved" ? "good" : "bad"}`,
                      {},
                      reference === "resolved" ? "reference resolved" : "reference not resolved",
                  ),
            reason === undefined ? undefined : make("p.message", { "data-failed": true }, reason),
        ),
    ];
}

const section = (title: string, ...children: HTMLElement[]) =>
    children.length === 0 ? undefined : make("section", {}, make("h3", {}, title), ...children);

/** Draws one resource: its state, settings, roles and neighbours. */
export function drawResource(options: {
    resource: Resource;
    needs: readonly Resource[];
    neededBy: readonly Resource[];
    handlers: ResourceHandlers;
}): HTMLElement {
    const { resource, needs, neededBy, handlers } = options;
    const { urn, name, type, id, last, changed, settings = [], roles = [] } = resource;
    const link = (other: Resource) =>
        make(
            "button.link",
            { type: "button", onclick: () => handlers.open(other.urn) },
            `${other.name} (${shortType(other.type)})`,
        );
    const links = (resources: readonly Resource[]) =>
        resources.length === 0
            ? []
            : [make("ul.plain.tight", {}, ...resources.map((other) => make("li", {}, link(other))))];
    const sorted = [...settings].sort((a, b) => a.name.localeCompare(b.name));
    return make(
        "div.detail-body",
        {},
        make(
            "header.detail-head",
            { "data-last": last },
            make("i.dot"),
            make("h2", { title: name }, name),
            make("span.soft", {}, shortType(type)),
            make(
                "button.quiet.close",
                { type: "button", "aria-label": "Close the detail (Escape)", onclick: handlers.close },
                "✕",
            ),
        ),
        section(
            "Last update",
            make(
                "p",
                {},
                make("span.pill", { "data-last": last }, wordOf(last)),
                ...changed.map((property) => make("code.pill", {}, property)),
            ),
        ),
        section(
            "Settings",
            ...(sorted.length === 0
                ? []
                : [make("dl.fields.settings", {}, ...sorted.flatMap((setting) => drawSetting(urn, setting)))]),
        ),
        section(
            "Roles",
            ...roles.map(({ principal, role, scope }) =>
                make(
                    "p.role",
                    {},
                    make("b", {}, role),
                    make("span.soft", {}, " for "),
                    principal,
                    make("code.soft", {}, scope),
                ),
            ),
        ),
        section("Waits for", ...links(needs)),
        section("Needed by", ...links(neededBy)),
        section(
            "Names",
            make(
                "dl.fields",
                {},
                make("dt", {}, "type"),
                make("dd", {}, make("code", {}, type)),
                ...(id === undefined ? [] : [make("dt", {}, "id"), make("dd", {}, copyable(id))]),
                make("dt", {}, "urn"),
                make("dd", {}, copyable(urn)),
            ),
        ),
    );
}
