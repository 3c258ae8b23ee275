import { services } from "../services";
import { at, isObject, textAt } from "../words";
import { ask, parseJson } from "./ask";
import { type CheckContext, CheckError, requireService, SkippedError } from "./check";

/** A trigger of the deployed code, for the service of this backend. */
export interface Trigger {
    functionName: string;
    /** Undefined when an app setting names the hub. */
    hub?: string;
    /** `system` and `user`; on SignalR `connections` and `messages`. */
    category: string;
    event: string;
    /** Namespace of Socket.IO. */
    namespace: string;
}

/** Functions of the running host. */
export interface DeployedCode {
    functionCount: number;
    triggers: Trigger[];
}

const systemEvents = ["connect", "connected", "disconnected"];

export const masterKeyMissing =
    "The host's master key is unknown. Pass the output of `pulumi stack export --show-secrets`, or name an environment variable with the key in --master-key-env.";

/** Reads the functions and their triggers from the running host. Throws a `SkippedError` when no key is given. */
export async function readCode(context: CheckContext): Promise<DeployedCode> {
    const { deployed } = context;
    const service = requireService(context);
    if (deployed.masterKey === undefined) {
        throw new SkippedError(masterKeyMissing);
    }
    const url = new URL("/admin/functions", deployed.negotiateUrl);
    const { status, text } = await ask(context, url, { headers: { "x-functions-key": deployed.masterKey } });
    const list = parseJson(text);
    if (status !== 200 || !Array.isArray(list)) {
        throw new CheckError(
            `${url.host}${url.pathname} answers ${status}${status === 401 ? ": the host does not accept this master key" : ""}.`,
        );
    }
    const enabled = list.filter(isObject).filter(({ isDisabled }) => isDisabled !== true);
    const type = services[service].trigger.toLowerCase();
    const triggers = enabled.flatMap((fn) =>
        [at(fn, "config", "bindings") ?? []]
            .flat()
            .filter((binding) => textAt(binding, "type")?.toLowerCase() === type)
            .map((binding) => readTrigger(String(fn.name), new Map(Object.entries(binding as object)))),
    );
    return { functionCount: enabled.length, triggers };
}

function readTrigger(functionName: string, binding: Map<string, unknown>): Trigger {
    // The names of binding properties ignore case.
    const lower = new Map([...binding].map(([name, value]) => [name.toLowerCase(), value]));
    const text = (...names: string[]): string | undefined =>
        names.map((name) => lower.get(name)).find((value): value is string => typeof value === "string");
    const hub = text("hub", "hubname");
    const event = text("eventname", "event") ?? "";
    const isSystem = systemEvents.includes(event.toLowerCase());
    return {
        functionName,
        event,
        namespace: text("namespace") ?? "/",
        category: text("category") ?? text("eventtype")?.toLowerCase() ?? (isSystem ? "system" : "user"),
        // %name% stands for an app setting, which the host does not tell.
        ...(hub !== undefined && hub !== "" && !hub.includes("%") && { hub }),
    };
}
