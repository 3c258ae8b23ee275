import path from "node:path";
import { isListed } from "../../../rules/hostJson";
import { type Clock, systemClock } from "../../core/clock";
import { messageOf } from "../../core/errors";
import type { HostConfig } from "../messages";
import type { FunctionAddress } from "../options";
import { createInvoker } from "./bindings/invoker";
import { extensions as allExtensions } from "./extensions";
import { availableExtensions, hasExtensionsProject, installedExtensions } from "./extensions/available";
import {
    type Extension,
    type ExtensionHost,
    type HostFunction,
    type Invocation,
    type InvocationResult,
    ListenerError,
    type RunningExtension,
} from "./extensions/extension";
import { type HostJson, readHostJson } from "./hostJson";
import type { HttpRoute } from "./http/routes";
import { createTokenSource } from "./identity";
import { indexFunctions, reportFunctionError } from "./indexing";
import { Keys } from "./keys/keys";
import { openKeyStore } from "./keys/openStore";
import { type HostLog, startupCategory } from "./log";
import { createSettings, resolveSettings, type Settings } from "./settings";
import { createTracing, type Tracing } from "./tracing";
import { provideCoreModule } from "./worker/coreModule";
import { hookContext, runHooks } from "./worker/hooks";
import { loadApp } from "./worker/loadApp";
import { mountReadOnly } from "./worker/readOnly";
import { createWorkerState, type WorkerState } from "./worker/state";

/** A started host: the app is loaded, its extensions run, and requests can be answered. */
export interface Host {
    config: HostConfig;
    hostJson: HostJson;
    settings: Settings;
    log: HostLog;
    tracing: Tracing;
    state: WorkerState;
    functions: HostFunction[];
    routes: HttpRoute[];
    webhooks: Map<string, RunningExtension>;
    /** Functions whose listener does not start on this plan, by the webhook of their extension. */
    unstarted: Map<string, string>;
    /** Port of the process that runs the functions. Undefined when this process runs them. */
    upstream?: number;
    /** The reasons why some functions are not loaded. */
    errors: string[];
    /** Longest request body, in bytes. */
    bodyLimit: number;
    /** Throws when the settings choose no key store. */
    keys(): Keys;
    invoke(invocation: Invocation): Promise<InvocationResult>;
    /** Stops the timers, and the waits before failed runs are repeated. */
    pause(): void;
    /** Runs the app's `appTerminate` hooks. */
    terminate(): Promise<void>;
}

export interface HostOptions {
    config: HostConfig;
    environment: Record<string, string | undefined>;
    log: HostLog;
    clock?: Clock;
    fetch?: typeof fetch;
    /** Defaults to one that nobody looks at. */
    tracing?: Tracing;
    onTimeout: (message: string) => void;
}

const defaultBodyLimit = 104_857_600;

/** A text that is no whole number changes nothing. Source: HttpRequestBodySizeMiddleware.cs of azure-functions-host. */
function readBodyLimit(text = ""): number {
    return /^\s*\+?\d+\s*$/.test(text) ? Number(text) : defaultBodyLimit;
}

/** Loads the app and starts its extensions. Rejects with the reason when the host must not start. */
export async function startHost(options: HostOptions): Promise<Host> {
    const { config, log, clock = systemClock, fetch = globalThis.fetch } = options;
    const tracing = options.tracing ?? createTracing({ send: () => undefined, now: clock.now, fetch });
    const settings = createSettings(options.environment);
    const hostJson = readHostJson({ folder: config.codeFolder, settings, sku: config.plan.sku });
    for (const warning of hostJson.warnings ?? []) {
        // Almost every template has this section, and it changes only what Application Insights keeps.
        const isCommon = warning === "host.json: without effect here: logging.applicationInsights.";
        log("warning", warning, isCommon ? undefined : startupCategory);
    }
    const state = createWorkerState({ folder: path.resolve(config.codeFolder), log });
    provideCoreModule(state);
    if (config.isReadOnly) {
        mountReadOnly(config.codeFolder);
    }

    const token = createTokenSource({ settings, fetch, now: clock.now });
    const keys = lazyKeys({ settings, config, token, fetch, now: clock.now, elapsed: () => clock.elapsed() });
    const running = new Map<Extension, RunningExtension>();
    const available = availableExtensions({
        all: allExtensions,
        hostJson,
        installed: installedExtensions(config.codeFolder),
    });
    const extensionOf = (type: string) => {
        const extension = available.find(({ types }) => types.includes(type.toLowerCase()));
        return extension === undefined ? undefined : running.get(extension);
    };
    const stopping = new AbortController();
    const invoke = createInvoker({
        state,
        settings,
        log,
        clock,
        stopping: stopping.signal,
        // A debugger holds a call for as long as somebody thinks.
        timeoutMilliseconds:
            config.inspectPort === undefined ? hostJson.functionTimeoutMilliseconds : Number.POSITIVE_INFINITY,
        extensionOf,
        tracing,
        onTimeout: options.onTimeout,
    });
    const errors: string[] = [];
    const host: Host = {
        config,
        hostJson,
        settings,
        log,
        tracing,
        state,
        errors,
        functions: [],
        routes: [],
        webhooks: new Map(),
        unstarted: new Map(),
        bodyLimit: readBodyLimit(settings.get("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT")),
        keys,
        invoke,
        pause: () => {
            stopping.abort();
            for (const extension of running.values()) {
                extension.stop?.();
            }
        },
        terminate: () =>
            runHooks({
                state,
                name: "appTerminate",
                context: hookContext({ state, hookData: state.appLevelOnlyHookData, more: {} }),
            }),
    };

    const registered = await loadApp({
        state,
        needsEntryPoint: config.isNewCode === true,
        isLinux: config.plan.isLinux !== false,
        isListed: (name) => isListed(hostJson.functions, name),
        onFunctionError: (name, message) => reportFunctionError({ host, name, message }),
    });
    indexFunctions({ host, registered, available, hasExtensionsProject: hasExtensionsProject(config.codeFolder) });
    const extensionHost: ExtensionHost = {
        ...config,
        hostJson,
        settings,
        log,
        clock,
        fetch: tracing.fetch,
        invoke,
        token,
    };
    await startExtensions({ host, available, running, extensionHost });
    await createExtensionKeys(host);
    for (const fn of host.functions.filter(({ disabled }) => disabled !== true)) {
        const extension = available.find(({ types }) => types.includes(fn.trigger.type.toLowerCase()));
        if (extension !== undefined && startsListener({ host, fn, extension })) {
            startListener({ host, fn, extension: running.get(extension) });
        }
    }
    if (host.functions.length === 0) {
        log("warning", "No job functions found. The app has no functions, or none of them could be loaded.");
    }
    for (const extension of running.values()) {
        extension.begin?.();
    }
    return host;
}

/** The functions of a host, for those who call them. */
export function addressesOf({ functions, routes, settings }: Host): FunctionAddress[] {
    return functions.map(({ name, trigger, disabled }) => {
        const route = routes.find(({ fn }) => fn.name === name);
        return {
            name,
            trigger: trigger.type,
            disabled: disabled === true,
            ...(typeof trigger.hubName === "string" && { hub: resolveSettings({ text: trigger.hubName, settings }) }),
            ...(route !== undefined && { path: `/${route.template.text}`, authLevel: route.authLevel }),
            ...(route?.methods !== undefined && { methods: route.methods }),
        };
    });
}

async function startExtensions(options: {
    host: Host;
    available: readonly Extension[];
    running: Map<Extension, RunningExtension>;
    extensionHost: ExtensionHost;
}): Promise<void> {
    const { host, available, running, extensionHost } = options;
    const types = new Set(host.functions.flatMap(({ bindings }) => bindings.map(({ type }) => type.toLowerCase())));
    for (const extension of available.filter((candidate) => candidate.types.some((type) => types.has(type)))) {
        const started = await extension.start(extensionHost);
        running.set(extension, started);
        if (extension.webhook !== undefined) {
            host.webhooks.set(extension.webhook, started);
        }
    }
}

/**
 * Whether a function's listener starts here. Flex Consumption runs the other groups on instances of their own: this
 * host takes their part for timers, but no request from outside reaches those instances.
 */
function startsListener(options: { host: Host; fn: HostFunction; extension: Extension }): boolean {
    const { host, fn, extension } = options;
    const { listeners } = host.config;
    const { type } = fn.trigger;
    if (listeners === undefined || extension.webhook === undefined) {
        return true;
    }
    if (listeners.some((listener) => listener.toLowerCase() === type.toLowerCase())) {
        return true;
    }
    host.unstarted.set(extension.webhook, fn.name);
    host.log(
        "warning",
        `Function '${fn.name}' belongs to group function:${fn.name} and not to group http, so on Flex Consumption no ` +
            `listener of its ${type} is enabled where requests arrive: its events are answered with 404. ` +
            "Use plan Consumption, ElasticPremium or Dedicated.",
    );
    return false;
}

function startListener(options: { host: Host; fn: HostFunction; extension: RunningExtension | undefined }): void {
    const { host, fn, extension } = options;
    try {
        extension?.addFunction?.(fn);
    } catch (error) {
        if (!(error instanceof ListenerError)) {
            throw error;
        }
        const message = `The listener for function 'Functions.${fn.name}' was unable to start. ${error.message}`;
        reportFunctionError({ host, name: fn.name, message });
    }
}

/**
 * Creates the system key of each webhook extension. Throws when the key store cannot be read: the vendor's host asks for
 * the key while it starts (DefaultScriptWebHookProvider.GetUrl), and does not start without it.
 */
export async function createExtensionKeys(host: Host): Promise<void> {
    for (const name of host.webhooks.keys()) {
        try {
            await host.keys().getOrCreateExtensionKey(`${name}_extension`);
        } catch (error) {
            throw new Error(
                `The host does not start, because the ${name} trigger needs its keys and they cannot be read: ${messageOf(error)}`,
            );
        }
        host.log("info", `Webhook: http://${host.config.hostName}/runtime/webhooks/${name}`);
    }
}

export function lazyKeys(options: Parameters<typeof openKeyStore>[0] & { elapsed(): number }): () => Keys {
    let keys: Keys | undefined;
    return () => {
        keys ??= new Keys({ store: openKeyStore(options), now: options.elapsed });
        return keys;
    };
}
