import {
    byFunctionName,
    checkBindings,
    checkFunctionName,
    checkSettings,
    checkUnique,
    readBindings,
} from "../../../rules/bindings";
import { isListed } from "../../../rules/hostJson";
import type { Plan } from "../../../rules/plan";
import { readRetry } from "../../../rules/retry";
import { checkTrigger } from "../../../rules/triggers";
import { messageOf } from "../../core/errors";
import { withTexts } from "./bindings/texts";
import { extensions as allExtensions } from "./extensions";
import { describeMissingTypes } from "./extensions/available";
import type { Extension, HostFunction } from "./extensions/extension";
import type { HostJson } from "./hostJson";
import { createRouteTable, type HttpRoute } from "./http/routes";
import type { HostLog } from "./log";
import type { Settings } from "./settings";
import type { WorkerState } from "./worker/state";
import type { BindingInfo, RegisteredFunction } from "./worker/types";

/** The part of a host that indexing reads and fills. */
export interface IndexedHost {
    config: { plan: Plan };
    hostJson: HostJson;
    settings: Settings;
    state: Pick<WorkerState, "httpUri">;
    log: HostLog;
    errors: string[];
    functions: HostFunction[];
    routes: HttpRoute[];
}

/**
 * Selects the functions that the host can run, in the order of their names, and maps their routes. Reports and leaves out the others, as
 * Azure does. Throws when a route is malformed, with which the host does not start. Sources: FunctionMetadataManager.cs and
 * ScriptHost.cs of azure-functions-host, FunctionIndexer.cs of azure-webjobs-sdk.
 */
export function indexFunctions(options: {
    host: IndexedHost;
    registered: readonly RegisteredFunction[];
    available: readonly Extension[];
    /** The app, for advice about its extensions. */
    hasExtensionsProject: boolean;
}): void {
    const { host, registered } = options;
    const routes = createRouteTable();
    for (const candidate of [...registered].sort(byFunctionName)) {
        if (!isListed(host.hostJson.functions, candidate.name)) {
            continue;
        }
        try {
            const fn = describe({ ...options, fn: candidate });
            if (fn.trigger.type.toLowerCase() === "httptrigger") {
                routes.add(fn);
            }
            if (index({ ...options, fn })) {
                host.functions.push(fn);
            }
        } catch (error) {
            reportFunctionError({ host, name: candidate.name, message: messageOf(error) });
        }
    }
    const indexed = new Set(host.functions);
    host.routes = routes.build(host.hostJson.routePrefix).filter(({ fn }) => indexed.has(fn));
}

export function reportFunctionError(options: {
    host: Pick<IndexedHost, "errors" | "log">;
    name: string;
    message: string;
}): void {
    const message = `The '${options.name}' function is in error: ${options.message}`;
    options.host.errors.push(message);
    options.host.log("error", message);
}

/** Checks what a function declares. Throws the first fault in the host's words. */
function describe(options: {
    host: IndexedHost;
    fn: RegisteredFunction;
    available: readonly Extension[];
    hasExtensionsProject: boolean;
}): HostFunction {
    const { host, fn, available, hasExtensionsProject } = options;
    checkFunctionName(fn.name);
    const bindings: BindingInfo[] = readBindings(fn.bindings).map(withTexts);
    const trigger: BindingInfo = checkBindings(bindings);
    const missing = describeMissingTypes({
        bindings,
        available,
        all: allExtensions,
        hostJson: host.hostJson,
        hasExtensionsProject,
    });
    if (missing !== undefined) {
        throw new Error(missing);
    }
    checkTrigger(trigger);
    const disabled = isDisabled(fn.name, host.settings);
    return { ...fn, bindings, trigger, disabled, ...retryOf({ host, fn, trigger }) };
}

/** Triggers for which the vendor declares that they support retry policies. The host repeats the others too, with a warning. */
const retriedTriggers = new Set(["timertrigger"]);

function retryOf(options: {
    host: IndexedHost;
    fn: RegisteredFunction;
    trigger: BindingInfo;
}): Pick<HostFunction, "retry"> {
    const { host, fn, trigger } = options;
    const retry = readRetry(fn.metadata.retryOptions) ?? host.hostJson.retry;
    if (retry === undefined) {
        return {};
    }
    if (host.state.httpUri !== undefined && trigger.type.toLowerCase() === "httptrigger") {
        host.log(
            "warning",
            `Function '${fn.name}': its retry policy has no effect here, because the app serves requests as streams.`,
        );
        return {};
    }
    if (!retriedTriggers.has(trigger.type.toLowerCase())) {
        host.log(
            "warning",
            `Soon retries will not be supported for function '${fn.name}'. For more information, please visit http://aka.ms/func-retry-policies.`,
        );
    }
    return { retry };
}

/** Source: HostListenerFactory.cs and IConfigurationExtensions.cs of azure-webjobs-sdk, IsSettingEnabled. On Linux a setting's dots become underscores. */
function isDisabled(name: string, settings: Settings): boolean {
    return [`AzureWebJobs.${name}.Disabled`, `AzureWebJobs_${name}_Disabled`].some((setting) =>
        ["1", "true"].includes(settings.get(setting)?.toLowerCase() ?? ""),
    );
}

/** Checks what depends on the app's settings and plan. Reports a fault and returns false. */
function index(options: { host: IndexedHost; fn: HostFunction; available: readonly Extension[] }): boolean {
    const { host, fn, available } = options;
    const { settings } = host;
    try {
        for (const binding of fn.bindings) {
            checkSettings(binding, (name) => settings.get(name) !== undefined);
        }
        const extension = available.find(({ types }) => types.includes(fn.trigger.type.toLowerCase()));
        extension?.check?.({ fn, settings, plan: host.config.plan });
        checkUnique(fn.name, host.functions);
        return true;
    } catch (error) {
        host.log("warning", `Function 'Functions.${fn.name}' failed indexing and will be disabled.`);
        const message = `Microsoft.Azure.WebJobs.Host: Error indexing method 'Functions.${fn.name}'. ${messageOf(error)}`;
        reportFunctionError({ host, name: fn.name, message });
        return false;
    }
}
