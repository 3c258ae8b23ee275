import { cutText } from "../core/lines";
import { type LogLevel, logLevels } from "../core/log";
import type { FromHost } from "./messages";

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
    ["inspecting", ({ url }) => typeof url === "string" && URL.canParse(url)],
    ["pong", ({ id }) => typeof id === "number"],
    ["authenticate", ({ id, question }) => typeof id === "number" && isAuthQuestion(question)],
    ["recycle", ({ reason }) => typeof reason === "string"],
    ["result", ({ id, error }) => typeof id === "number" && isTextOrNothing(error)],
]);

/** A message of the host, or undefined for anything else that the app's process sent. */
export function parseFromHost(value: unknown): FromHost | undefined {
    if (typeof value !== "object" || value === null) {
        return undefined;
    }
    const message = value as Part;
    if (checks.get(message.type)?.(message) !== true) {
        return undefined;
    }
    for (const name of ["message", "reason", "category", "error"]) {
        if (typeof message[name] === "string") {
            message[name] = cutText(message[name]);
        }
    }
    return message as unknown as FromHost;
}

function isTextOrNothing(value: unknown): boolean {
    return value === undefined || typeof value === "string";
}

function isAuthQuestion(value: unknown): boolean {
    const { token, logIn } = (typeof value === "object" && value !== null ? value : {}) as Part;
    return typeof token === "string" || typeof logIn === "string";
}

function isFunctionAddress(value: unknown): boolean {
    if (typeof value !== "object" || value === null) {
        return false;
    }
    const { name, trigger, disabled, path, methods, authLevel } = value as Part;
    return (
        typeof name === "string" &&
        typeof trigger === "string" &&
        typeof disabled === "boolean" &&
        isTextOrNothing(path) &&
        isTextOrNothing(authLevel) &&
        (methods === undefined || (Array.isArray(methods) && methods.every((method) => typeof method === "string")))
    );
}
