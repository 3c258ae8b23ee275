import { cutText, longestLine } from "../core/lines";
import { type LogLevel, logLevels } from "../core/log";
import type { FromHost, HostMethod } from "./messages";

type Kind = FromHost["type"];
type Part = Record<string, unknown>;

/** What each message must hold. The app's code shares the channel with the host, so any value can arrive. */
const checks: ReadonlyMap<unknown, (message: Part) => boolean> = new Map<Kind, (message: Part) => boolean>([
    ["ready", ({ functions }) => Array.isArray(functions) && functions.every(isFunctionAddress)],
    ["failed", ({ reason }) => typeof reason === "string"],
    [
        "log",
        ({ level, message, category }) =>
            logLevels.includes(level as LogLevel) && typeof message === "string" && isTextOrNothing(category),
    ],
    ["inspect", ({ events }) => Array.isArray(events)],
    ["crash", ({ reason }) => typeof reason === "string"],
    ["inspecting", ({ url }) => url === undefined || (typeof url === "string" && URL.canParse(url))],
    ["pong", ({ id }) => typeof id === "number"],
    ["authenticate", ({ id, question }) => typeof id === "number" && isAuthQuestion(question)],
    ["recycle", ({ reason }) => typeof reason === "string"],
    ["result", ({ id, error }) => typeof id === "number" && isTextOrNothing(error)],
]);

/** A message of the host, or undefined for anything else that the app's process sent. */
export function parseFromHost(value: unknown): FromHost | undefined {
    return isObject(value) && checks.get(value.type)?.(value) === true
        ? cutTexts(value as unknown as FromHost)
        : undefined;
}

const cutNames = ["message", "reason", "category", "error"];

/** A message whose texts are no longer than a line of the log. An app logs, throws and calls itself what it likes. */
export function cutTexts(message: FromHost): FromHost {
    const given = message as unknown as Part;
    const long = cutNames.filter((name) => typeof given[name] === "string" && given[name].length > longestLine);
    return long.length === 0
        ? message
        : Object.assign({ ...message }, Object.fromEntries(long.map((name) => [name, cutText(String(given[name]))])));
}

/** Whether a value can be the result of a call of the host. */
export function isResultOf(method: HostMethod, value: unknown): boolean {
    switch (method) {
        case "hostKeys": {
            const { masterKey, functionKeys, systemKeys } = (isObject(value) ? value : {}) as Part;
            return typeof masterKey === "string" && isTextMap(functionKeys) && isTextMap(systemKeys);
        }
        case "functionKeys":
            return isTextMap(value);
        case "setHostKey":
        case "deleteHostKey":
            return value === undefined;
    }
}

function isObject(value: unknown): value is Part {
    return typeof value === "object" && value !== null;
}

function isTextMap(value: unknown): boolean {
    return isObject(value) && Object.values(value).every((text) => typeof text === "string");
}

function isTextOrNothing(value: unknown): boolean {
    return value === undefined || typeof value === "string";
}

function isAuthQuestion(value: unknown): boolean {
    const { token, logIn } = (isObject(value) ? value : {}) as Part;
    return typeof token === "string" || typeof logIn === "string";
}

function isFunctionAddress(value: unknown): boolean {
    if (!isObject(value)) {
        return false;
    }
    const { name, trigger, disabled, hub, path, methods, authLevel } = value;
    return (
        typeof name === "string" &&
        typeof trigger === "string" &&
        typeof disabled === "boolean" &&
        isTextOrNothing(hub) &&
        isTextOrNothing(path) &&
        isTextOrNothing(authLevel) &&
        (methods === undefined || (Array.isArray(methods) && methods.every((method) => typeof method === "string")))
    );
}
