import path from "node:path";
import { isJsonObject, type JsonObject } from "../../../../rules/json";
import { systemClock } from "../../../core/clock";
import { messageOf } from "../../../core/errors";
import { readLocalSettings } from "../../localSettings";
import type { HostConfig } from "../../messages";
import { killTree } from "../../processTree";
import { extensions } from "../extensions";
import type { HostFunction } from "../extensions/extension";
import { createExtensionKeys, type Host, lazyKeys } from "../host";
import { readHostJson } from "../hostJson";
import { createRouteTable } from "../http/routes";
import { createTokenSource } from "../identity";
import { reportFunctionError } from "../indexing";
import { type HostLog, startupCategory } from "../log";
import { createSettings } from "../settings";
import type { Tracing } from "../tracing";
import { createWorkerState } from "../worker/state";
import type { BindingInfo } from "../worker/types";
import { startCoreTools } from "./process";

/**
 * A host whose functions run in Core Tools. It keeps the app's keys and routes, so that its server checks them as for other apps, and
 * forwards the requests that pass. Rejects with the reason when Core Tools do not start.
 */
export async function startCoreToolsHost(options: {
    config: HostConfig;
    coreTools: string;
    log: HostLog;
    tracing: Tracing;
    onExit(reason: string): void;
}): Promise<Host> {
    const { config, log } = options;
    const settings = createSettings({ ...process.env });
    const hostJson = readHostJson({ folder: config.codeFolder, settings, sku: config.plan.sku });
    warnOfLocalSettings({ folder: config.codeFolder, settings: process.env, log });
    if (config.inspectPort !== undefined) {
        log("warning", "--inspect has no effect for this app, because func runs it.", startupCategory);
    }
    const token = createTokenSource({ settings, fetch, now: systemClock.now });
    const running = await startCoreTools({
        command: options.coreTools,
        folder: config.codeFolder,
        environment: environmentOf(process.env),
        onExit: options.onExit,
    });
    const host: Host = {
        config,
        hostJson,
        settings,
        log,
        tracing: options.tracing,
        state: createWorkerState({ folder: path.resolve(config.codeFolder), log }),
        functions: running.functions
            .map(toFunction)
            .sort((a, b) => (a.name.toUpperCase() < b.name.toUpperCase() ? -1 : 1)),
        routes: [],
        webhooks: new Map(),
        unstarted: new Map(),
        upstream: running.port,
        errors: [],
        bodyLimit: Number.POSITIVE_INFINITY,
        keys: lazyKeys({ settings, config, token, fetch, now: systemClock.now, elapsed: systemClock.elapsed }),
        invoke: () => Promise.reject(new Error("func runs the functions of this app.")),
        pause: () => undefined,
        async terminate() {
            await running.end();
            // Ends the language workers that func has left, and this process with them.
            killTree(process.pid);
        },
    };
    addRoutes(host);
    for (const name of webhooksOf(host.functions)) {
        host.webhooks.set(name, {});
    }
    await createExtensionKeys(host);
    return host;
}

/**
 * The app's environment without what makes the vendor's host believe that it runs on Azure (IsAppService in EnvironmentExtensions.cs
 * of Azure/azure-functions-host). Its keys go to files, because those of the app are this host's.
 */
function environmentOf({ WEBSITE_INSTANCE_ID: _, ...environment }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
    return {
        ...environment,
        AZURE_FUNCTIONS_ENVIRONMENT: "Development",
        AzureWebJobsSecretStorageType: "files",
    };
}

function toFunction({ name, config, isDisabled }: JsonObject): HostFunction {
    const listed = isJsonObject(config) && Array.isArray(config.bindings) ? config.bindings.filter(isJsonObject) : [];
    const bindings = listed.map((binding) => ({ ...binding, type: String(binding.type) }) as BindingInfo);
    const trigger = bindings.find(({ type }) => /trigger$/i.test(type)) ?? {
        name: "",
        type: "unknown",
        direction: "in",
    };
    return {
        name: String(name),
        metadata: { name: String(name), bindings: {} },
        bindings,
        trigger,
        callback: () => undefined,
        disabled: isDisabled === true,
    };
}

function addRoutes(host: Host): void {
    const routes = createRouteTable();
    for (const fn of host.functions.filter(({ trigger }) => trigger.type.toLowerCase() === "httptrigger")) {
        try {
            routes.add(fn);
        } catch (error) {
            reportFunctionError({ host, name: fn.name, message: messageOf(error) });
        }
    }
    host.routes = routes.build(host.hostJson.routePrefix);
}

/** Webhooks of the extensions that the functions use. */
function webhooksOf(functions: readonly HostFunction[]): string[] {
    const types = new Set(functions.flatMap(({ bindings }) => bindings.map(({ type }) => type.toLowerCase())));
    return extensions.flatMap(({ webhook, types: own }) =>
        webhook !== undefined && own.some((type) => types.has(type)) ? [webhook] : [],
    );
}

/** Core Tools add the values of this file to the settings of the app, so an app may run here that would not run on Azure. */
function warnOfLocalSettings(options: { folder: string; settings: NodeJS.ProcessEnv; log: HostLog }): void {
    const { folder, settings, log } = options;
    const names = (readLocalSettings(folder)?.names ?? []).filter((name) => !settings[name]);
    if (names.length > 0) {
        log(
            "warning",
            `func also reads local.settings.json, whose settings the app does not have: ${names.join(", ")}.`,
        );
    }
}
