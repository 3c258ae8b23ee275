import { messageOf } from "../core/errors";
import type { Recorder } from "../core/inspect";
import { ActionError, type AppProbe, type Probes, type Receivers, type ServiceProbe } from "../core/probes";
import { type Fault, type FaultKind, type Faults, faultKinds } from "./faults";

type Part = Record<string, unknown>;

/** Does what a request of the page asks for. Throws `ActionError` with what is wrong in it. */
export type Act = (action: unknown) => Promise<unknown>;

const names = ["send", "close", "call", "connect", "fault", "clearFault"] as const;
const protocols = ["socketio", "json.webpubsub", "raw", "signalr-json"] as const;
const protocolsOf = {
    socketio: ["socketio"],
    webpubsub: ["json.webpubsub", "raw"],
    signalr: ["signalr-json"],
} as const;
const longest = 2000;

export function createActions({
    probes,
    recorder,
    faults,
}: {
    probes: Probes;
    recorder: Recorder;
    faults: Faults;
}): Act {
    function serviceOf(action: Part): ServiceProbe {
        const wanted = text(action, "service");
        const services = [...probes.services];
        const found = services.find(({ id, name }) => id === wanted || name === wanted);
        if (found === undefined) {
            throw new ActionError(`'service' is '${wanted}'; services are ${list(services)}.`);
        }
        return found;
    }

    function appOf(action: Part): AppProbe {
        const wanted = text(action, "app");
        const apps = [...probes.apps];
        const found = apps.find(({ id, name }) => id === wanted || name === wanted);
        if (found === undefined) {
            throw new ActionError(`'app' is '${wanted}'; apps are ${list(apps)}.`);
        }
        return found;
    }

    function send(action: Part): unknown {
        const event = optionalText(action, "event");
        const message = { hub: text(action, "hub"), to: receivers(action.to), data: action.data };
        const service = serviceOf(action);
        const count = service.send({ ...message, ...(event !== undefined && { event }) });
        recorder.note("broadcast", {
            name: event ?? "sent by hand",
            outcome: "ok",
            service: service.name,
            product: service.product,
            hub: message.hub,
            count,
            data: (typeof message.data === "string" ? message.data : (JSON.stringify(message.data) ?? "")).slice(
                0,
                longest,
            ),
        });
        return { count };
    }

    function close(action: Part): void {
        const connection = text(action, "connection");
        if (!serviceOf(action).close({ connection, reason: optionalText(action, "reason") ?? "" })) {
            throw new ActionError(`There is no connection '${connection}'.`);
        }
    }

    async function call(action: Part): Promise<unknown> {
        const app = appOf(action);
        const [method, path, body] = ["method", "path", "body"].map((name) => optionalText(action, name));
        try {
            return await app.call({
                function: text(action, "function"),
                ...(method !== undefined && { method }),
                ...(path !== undefined && { path }),
                ...(body !== undefined && { body }),
            });
        } catch (error) {
            throw error instanceof ActionError ? error : new ActionError(`The call failed: ${messageOf(error)}.`);
        }
    }

    function connect(action: Part): unknown {
        const service = serviceOf(action);
        const protocol = oneOf(action, "protocol", protocols);
        const fitting: readonly string[] = protocolsOf[service.product];
        if (!fitting.includes(protocol)) {
            throw new ActionError(`'protocol' is '${protocol}'; service ${service.name} speaks ${fitting.join(", ")}.`);
        }
        const user = optionalText(action, "user");
        const [roles, groups] = ["roles", "groups"].map((name) => textList(action, name));
        return service.connect({
            hub: text(action, "hub"),
            protocol,
            ...(user !== undefined && { user }),
            ...(roles !== undefined && { roles }),
            ...(groups !== undefined && { groups }),
            claims: textMap(action.claims),
        });
    }

    function breakIt(action: Part): Fault {
        const kind: FaultKind = oneOf(action, "kind", faultKinds);
        const target = text(action, "target");
        const { value } = action;
        if (value !== undefined && typeof value !== "number") {
            throw new ActionError("'value' has to be a number.");
        }
        const fault = faults.add({ kind, target, ...(value !== undefined && { value }) });
        recorder.note("fault", {
            name: kind,
            outcome: "ok",
            message: `${target}${value === undefined ? "" : `: ${value}`}`,
        });
        return fault;
    }

    return async (given) => {
        const action = (typeof given === "object" && given !== null ? given : {}) as Part;
        switch (oneOf(action, "do", names)) {
            case "send":
                return send(action);
            case "close":
                return close(action);
            case "call":
                return call(action);
            case "connect":
                return connect(action);
            case "fault":
                return breakIt(action);
            case "clearFault":
                faults.clear(text(action, "id"));
                recorder.note("fault", { name: "cleared", outcome: "ok", message: text(action, "id") });
                return undefined;
        }
    };
}

function list(items: readonly { name: string }[]): string {
    return items.map(({ name }) => name).join(", ") || "none";
}

function text(action: Part, name: string): string {
    const value = optionalText(action, name);
    if (value === undefined || value === "") {
        throw new ActionError(`'${name}' has to be a text.`);
    }
    return value;
}

function optionalText(action: Part, name: string): string | undefined {
    const value = action[name];
    if (value !== undefined && value !== null && typeof value !== "string") {
        throw new ActionError(`'${name}' has to be a text.`);
    }
    return value ?? undefined;
}

function oneOf<T extends string>(action: Part, name: string, allowed: readonly T[]): T {
    const found = allowed.find((item) => item === action[name]);
    if (found === undefined) {
        const value = action[name];
        const given = typeof value === "object" ? typeof value : String(value).slice(0, longest);
        throw new ActionError(`'${name}' is '${given}'; it has to be one of ${allowed.join(", ")}.`);
    }
    return found;
}

function textList(action: Part, name: string): string[] | undefined {
    const value = action[name] ?? undefined;
    if (value !== undefined && !(Array.isArray(value) && value.every((item) => typeof item === "string"))) {
        throw new ActionError(`'${name}' has to be a list of texts.`);
    }
    return value;
}

function textMap(value: unknown): Record<string, string> {
    if (value === undefined || value === null) {
        return {};
    }
    if (typeof value !== "object" || !Object.values(value).every((item) => typeof item === "string")) {
        throw new ActionError("'claims' has to be an object of texts.");
    }
    return value as Record<string, string>;
}

function receivers(value: unknown): Receivers {
    const to = (typeof value === "object" && value !== null ? value : {}) as Part;
    if (to.all === true) {
        return { all: true };
    }
    for (const name of ["group", "user", "connection"] as const) {
        if (typeof to[name] === "string") {
            return { [name]: to[name] } as Receivers;
        }
    }
    throw new ActionError("'to' has to be one of { all: true }, { group }, { user }, { connection }.");
}
