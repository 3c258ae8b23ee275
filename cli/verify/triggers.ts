import { type ServiceName, services } from "../services";
import { at, isObject, textAt } from "../words";
import { ask, parseJson } from "./ask";
import { type CheckContext, CheckError, requireService, SkippedError } from "./check";
import { skipForToken } from "./exposure";

/** A trigger of the deployed code, for the service of this backend. */
export interface Trigger {
    functionName: string;
    /** Undefined when an app setting names the hub, and its value is unknown. */
    hub?: string;
    /** Why the host cannot know the hub: the app setting that does not exist. */
    missingSetting?: string;
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
    /** Whether a function gives access to the service or sends to it by a binding. */
    hasOtherBindings: boolean;
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
    const answer = await ask(context, url, { headers: { "x-functions-key": deployed.masterKey } });
    const { status, text } = answer;
    const place = `${url.host}${url.pathname}`;
    skipForToken(deployed, answer, { place, unchecked: "So the functions were not read." });
    const list = parseJson(text);
    if (status !== 200 || !Array.isArray(list)) {
        throw new CheckError(
            `${place} answers ${status}${status === 401 ? ": the host does not accept this master key" : ""}.`,
        );
    }
    const enabled = list.filter(isObject).filter(({ isDisabled }) => isDisabled !== true);
    const type = services[service].trigger.toLowerCase();
    const bindingsOf = (fn: object): unknown[] => [at(fn, "config", "bindings") ?? []].flat();
    const isOther = (binding: unknown): boolean => {
        const given = textAt(binding, "type")?.toLowerCase() ?? "";
        return given !== type && given.startsWith(type.replace(/trigger$/, ""));
    };
    const triggers = enabled.flatMap((fn) =>
        bindingsOf(fn)
            .filter((binding) => textAt(binding, "type")?.toLowerCase() === type)
            .map((binding) =>
                readTrigger(String(fn.name), new Map(Object.entries(binding as object)), hubOf(context, service)),
            ),
    );
    const hasOtherBindings = enabled.flatMap(bindingsOf).some(isOther);
    return { functionCount: enabled.length, triggers, hasOtherBindings };
}

/** Resolves a binding's hub as the host does: `%name%` stands for an app setting, and a hub left out for the extension's own. */
function hubOf({ deployed }: CheckContext, service: ServiceName) {
    // Names of app settings ignore case.
    const settings = new Map(
        Object.entries(deployed.settings ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    );
    return (text: string | undefined): Pick<Trigger, "hub" | "missingSetting"> => {
        const given = text ?? (service === "signalr" ? undefined : `%${services[service].hubSetting}%`);
        const names = [...(given?.matchAll(/%([^%]+)%/g) ?? [])].map(([, name = ""]) => name);
        const values = names.map((name) => settings.get(name.toLowerCase()));
        const missing = names[values.indexOf(undefined)];
        // A reference to a vault says nothing about the value.
        const isHidden = values.some(
            (value) => value !== undefined && (typeof value !== "string" || /^[@[]/.test(value)),
        );
        if (given === undefined || isHidden || (missing !== undefined && settings.size === 0)) {
            return {};
        }
        return missing === undefined
            ? { hub: given.replace(/%([^%]+)%/g, (_, name: string) => String(settings.get(name.toLowerCase()))) }
            : { missingSetting: missing };
    };
}

function readTrigger(
    functionName: string,
    binding: Map<string, unknown>,
    resolveHub: ReturnType<typeof hubOf>,
): Trigger {
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
        ...resolveHub(hub === "" ? undefined : hub),
    };
}
