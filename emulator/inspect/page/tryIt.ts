import { Breaking } from "./breaking";
import { byId, field, make, select, setOptions } from "./dom";
import { formatCount } from "./format";
import { area, card, HubChoice, input } from "./forms";
import { readData } from "./protocols";
import { act } from "./stream";
import { TestClients } from "./testClient";
import type { App, InspectState, Receivers, Service } from "./types";

const targets = {
    all: "Everybody in the hub",
    group: "A group or room",
    user: "A user",
    connection: "One connection",
} as const;

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

const labelled = ({ name, trigger }: App["functions"][number]): [string, string] => [
    name,
    `${name} (${trigger.replace(/trigger$/i, "")})`,
];

interface Part {
    element: HTMLElement;
    update(state: InspectState): void;
}

/** Sends, calls, connects and breaks: the forms of the view. */
export class TryIt {
    readonly #parts: Part[];

    constructor() {
        const left: Part[] = [sending(), calling()];
        const right: Part[] = [new TestClients(), new Breaking()];
        this.#parts = [...left, ...right];
        for (const parts of [left, right]) {
            byId("try-it").append(make("div.column", {}, ...parts.map(({ element }) => element)));
        }
    }

    update(state: InspectState): void {
        for (const part of this.#parts) {
            part.update(state);
        }
    }
}

/** What the result of a message says: how many connections it reached. */
function describe(result: unknown): string {
    const { count } = (result ?? {}) as { count?: number };
    return count === undefined ? "Sent." : `Sent to ${formatCount(count, "connection")}.`;
}

function sending(): Part {
    let state: InspectState | undefined;
    const event = input({ placeholder: "message" });
    const eventField = field("Event", event);
    const data = area({ placeholder: '"hello", or {"any": "JSON"}' });
    const dataField = field("Data", data, "JSON, or plain text");
    const choice = new HubChoice("send-hubs", (service: Service | undefined) => {
        const hasEvent = service?.product === "socketio" || service?.product === "signalr";
        eventField.hidden = !hasEvent;
        event.required = hasEvent;
        const [name, hint] = hasEvent
            ? ["Arguments", "JSON; an array holds one argument in each element"]
            : ["Data", "JSON, or plain text"];
        (dataField.firstElementChild as HTMLElement).textContent = name ?? "";
        (dataField.lastElementChild as HTMLElement).textContent = hint ?? "";
        (choice.fields[1]?.firstElementChild as HTMLElement).textContent =
            service?.product === "socketio" ? "Hub, or /namespace" : "Hub";
    });
    const kind = select({}, Object.entries(targets));
    const name = input({ list: "send-names" });
    const names = make("datalist", { id: "send-names" });
    const nameField = field("Name", name);
    nameField.append(names);
    const offerNames = () => {
        const isAll = kind.value === "all";
        nameField.hidden = isAll;
        name.required = !isAll;
        const { connections = [], services = [] } = state ?? {};
        const known: Record<string, string[]> = {
            group: services.flatMap(({ hubs }) => hubs.flatMap(({ groups }) => groups.map((group) => group.name))),
            user: connections.flatMap(({ user }) => user ?? []),
            connection: connections.map(({ id }) => id),
        };
        const values = [...new Set(known[kind.value] ?? [])].slice(0, 200);
        names.replaceChildren(...values.map((value) => make("option", { value })));
    };
    kind.addEventListener("change", offerNames);
    name.addEventListener("focus", offerNames);
    offerNames();
    const element = card({
        title: "Send",
        hint: "As the app's server side does, through the service.",
        fields: [...choice.fields, field("To", kind), nameField, eventField, dataField],
        button: "Send",
        async submit() {
            const to = (kind.value === "all" ? { all: true } : { [kind.value]: name.value }) as Receivers;
            return describe(
                await act({
                    do: "send",
                    service: choice.service.value,
                    hub: choice.hub.value,
                    to,
                    ...(!eventField.hidden && { event: event.value }),
                    data: readData(data.value),
                }),
            );
        },
    });
    return {
        element,
        update(next) {
            state = next;
            choice.update(next);
        },
    };
}

function calling(): Part {
    let apps: readonly App[] = [];
    const app = select({ required: true }, []);
    const called = select({ required: true }, []);
    const method = select({}, []);
    const path = input({ placeholder: "/api/…" });
    const body = area({ placeholder: "Body of the request, or input of the function" });
    const answer = make("pre.answer", { tabindex: 0, hidden: true, "aria-label": "Answer of the function" });
    const methodField = field("Method", method);
    const pathField = field("Path and query", path);
    const functions = () => apps.find(({ id }) => id === app.value)?.functions ?? [];
    const offerFunctions = () => {
        setOptions(called, functions().map(labelled));
        offerRoute();
    };
    const offerRoute = () => {
        const chosen = functions().find(({ name }) => name === called.value);
        const isHttp = chosen !== undefined && (chosen.route !== undefined || chosen.methods !== undefined);
        methodField.hidden = !isHttp;
        pathField.hidden = !isHttp;
        const allowed = chosen?.methods?.map((name) => name.toUpperCase()) ?? [];
        setOptions(
            method,
            (allowed.length > 0 ? allowed : methods).map((name) => [name, name]),
        );
        path.value = chosen?.route ?? "";
    };
    app.addEventListener("change", offerFunctions);
    called.addEventListener("change", offerRoute);
    const element = card({
        title: "Call a function",
        hint: "With the app's own key. A function without HTTP starts with the input that you give.",
        fields: [field("App", app), field("Function", called), methodField, pathField, field("Body", body)],
        button: "Call",
        async submit() {
            const isHttp = !methodField.hidden;
            answer.hidden = true;
            const result = await act({
                do: "call",
                app: app.value,
                function: called.value,
                ...(isHttp && { method: method.value }),
                ...(isHttp && path.value !== "" && { path: path.value }),
                ...(body.value !== "" && { body: body.value }),
            });
            const { status, data } = (result ?? {}) as { status?: number; data?: string };
            const text = typeof data === "string" ? data : JSON.stringify(result ?? null, null, 2);
            answer.hidden = text === "";
            answer.textContent = text;
            return status === undefined ? "Called." : `Answered ${status}.`;
        },
        after: [answer],
    });
    return {
        element,
        update(state) {
            if (JSON.stringify(apps) === JSON.stringify(state.apps)) {
                return;
            }
            apps = state.apps;
            const before = `${app.value} ${called.value}`;
            setOptions(
                app,
                apps.map(({ id, name }) => [id, name]),
            );
            setOptions(called, functions().map(labelled));
            if (before !== `${app.value} ${called.value}`) {
                offerRoute();
            }
        },
    };
}
