import { longestAnswer, readBytes } from "../core/fetchOnce";
import { type EventFields, nextEventId, payload } from "../core/inspect";
import { consoleCategory, type LogEntry } from "../core/log";
import { ActionError, type AppProbe, type FunctionState } from "../core/probes";
import type { CoreServices } from "../core/services";
import { shownHeaders } from "../core/shown";
import type { HostProcessOptions } from "./hostProcess";
import { createRenumbering, readEvents } from "./inspectEvents";
import type { FunctionAddress, HostKeys, HostStatus } from "./options";

export interface AppInspectionOptions {
    core: CoreServices;
    id: string;
    name: string;
    url: string;
    fetch: typeof fetch;
    functions(): FunctionAddress[];
    status(): HostStatus;
    hostKeys(): Promise<HostKeys>;
    /** Tells the app's processes whether to record. */
    record(on: boolean): void;
}

/** The inspector's side of one app. */
export interface AppInspection {
    /** What one process needs to record. */
    recording(): Pick<HostProcessOptions, "onEvents" | "isRecording">;
    /** Takes what the app logs. What its functions log comes with their events. */
    log(entry: LogEntry): void;
    close(): void;
}

const longestWait = 120_000;
const methodsWithBody = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/** Makes an app visible to the inspector. */
export function inspectApp(options: AppInspectionOptions): AppInspection {
    const { core, id, name, url } = options;
    const probe: AppProbe = {
        id,
        name,
        url,
        functions: () => options.functions().map((fn) => toState(fn, options.status())),
        call: (call) => callFunction(options, call),
        record: options.record,
    };
    core.probes?.apps.add(probe);
    return {
        recording() {
            const renumber = createRenumbering(nextEventId);
            return {
                isRecording: core.recorder?.isOpen === true,
                onEvents: (events) => {
                    for (const event of core.recorder?.isOpen === true ? readEvents(events) : []) {
                        core.takeEvent?.({ ...renumber(event), app: name });
                    }
                },
            };
        },
        log({ level, message, category }) {
            if (core.recorder?.on === true && (category === undefined || category === consoleCategory)) {
                const known = {
                    warning: "warn",
                    error: "error",
                    critical: "error",
                    trace: "debug",
                    debug: "debug",
                } as const;
                const shown = level === "info" ? "info" : known[level];
                core.recorder.note("log", { name: category ?? "app", app: name, message, level: shown });
            }
        },
        close: () => void core.probes?.apps.delete(probe),
    };
}

function toState(
    { name, trigger, disabled, hub, path, methods }: FunctionAddress,
    { state }: HostStatus,
): FunctionState {
    return {
        name,
        trigger,
        state: disabled ? "disabled" : state.toLowerCase(),
        ...(hub !== undefined && { hub }),
        ...(path !== undefined && { route: path }),
        ...(methods !== undefined && { methods }),
    };
}

/** Calls an HTTP function at its route, and any other through the host's admin API, with the app's master key. */
async function callFunction(
    { url, fetch, functions, hostKeys }: AppInspectionOptions,
    call: { function: string; method?: string; path?: string; body?: string },
): Promise<EventFields> {
    const found = functions().find(({ name }) => name.toLowerCase() === call.function.toLowerCase());
    if (found === undefined) {
        const names = functions().map(({ name }) => name);
        throw new ActionError(`There is no function '${call.function}'. Functions are: ${names.join(", ") || "none"}.`);
    }
    const isHttp = found.path !== undefined;
    const path = isHttp ? (call.path ?? found.path ?? "/") : `/admin/functions/${encodeURIComponent(found.name)}`;
    if (!path.startsWith("/") || /^\/[/\\]/.test(path)) {
        throw new ActionError(`'path' is '${path}'; it must be a path of the app that begins with one slash.`);
    }
    const method = isHttp ? (call.method ?? found.methods?.[0] ?? "GET").toUpperCase() : "POST";
    const { masterKey } = await hostKeys();
    const body = isHttp ? call.body : JSON.stringify({ input: call.body ?? "" });
    const type = isHttp && !isJson(body) ? "text/plain" : "application/json";
    const answer = await fetch(`${url}${path}`, {
        method,
        headers: { "x-functions-key": masterKey, ...(body !== undefined && { "content-type": type }) },
        redirect: "manual",
        signal: AbortSignal.timeout(longestWait),
        ...(body !== undefined && methodsWithBody.has(method) && { body }),
    });
    const bytes = await readBytes({ response: answer, limit: longestAnswer, place: path.split("?")[0] ?? "" });
    return {
        name: `${method} ${path.split("?")[0]}`,
        status: answer.status,
        headers: shownHeaders(Object.fromEntries(answer.headers)),
        ...payload(bytes, "text"),
    };
}

function isJson(text: string | undefined): boolean {
    try {
        JSON.parse(text ?? "");
        return true;
    } catch {
        return false;
    }
}
