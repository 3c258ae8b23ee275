/** What a property of host.json does in this host. Azure's host ignores names that it does not know. */
export type HostJsonEffect = "works" | "none" | "refused" | "unknown";

/**
 * Effects by path; `*` stands for any name, and the longest path counts. Names: azure-functions-host
 * (HostJsonFileConfigurationSource.cs, ConfigurationSectionNames.cs, ScriptJobHostOptions.cs), the options of its extensions,
 * and https://learn.microsoft.com/azure/azure-functions/functions-host-json.
 */
export const hostJsonEffects: Readonly<Record<string, Exclude<HostJsonEffect, "unknown">>> = {
    $schema: "works",
    version: "works",
    functions: "works",
    functionTimeout: "works",
    "extensionBundle.id": "works",
    "extensionBundle.version": "works",
    "retry.strategy": "works",
    "retry.maxRetryCount": "works",
    "retry.delayInterval": "works",
    "retry.minimumInterval": "works",
    "retry.maximumInterval": "works",
    "extensions.http.routePrefix": "works",
    "extensions.http.customHeaders.*": "works",
    "extensions.http.maxConcurrentRequests": "works",
    "extensions.http.maxOutstandingRequests": "works",
    "logging.logLevel.*": "works",
    // Another process would answer instead of the Node app.
    customHandler: "refused",
    httpWorker: "refused",
    // The host gives the header to no address of the own machine: ExcludedHosts of HstsOptions.cs of dotnet/aspnetcore.
    "extensions.http.hsts": "none",
    "extensions.http.dynamicThrottlesEnabled": "none",
    "extensions.http.enableChunkedRequestBinding": "none",
    "extensions.*": "none",
    "extensionBundle.downloadPath": "none",
    "extensionBundle.ensureLatest": "none",
    logging: "none",
    aggregator: "none",
    concurrency: "none",
    easyauth: "none",
    fileWatchingEnabled: "none",
    healthMonitor: "none",
    isDefaultHostConfig: "none",
    managedDependency: "none",
    managedDependencies: "none",
    metadataProviderTimeout: "none",
    scale: "none",
    sendCanceledInvocationsToWorker: "none",
    sequentialRestart: "none",
    singleton: "none",
    telemetryMode: "none",
    watchDirectories: "none",
    watchFiles: "none",
    // Sections of version 1, which the host of version 4 does not read.
    applicationInsights: "none",
    documentDB: "none",
    eventHub: "none",
    http: "none",
    id: "none",
    logger: "none",
    queues: "none",
    sendGrid: "none",
    serviceBus: "none",
    tracing: "none",
};

const rules = Object.entries(hostJsonEffects).map(([path, effect]) => ({ parts: split(path), effect }));

function split(path: string): string[] {
    return path.toLowerCase().split(".");
}

/** The effect of a property. A section that holds properties with effects is unknown as a whole. */
export function effectOf(path: readonly string[]): HostJsonEffect {
    const names = path.map((name) => name.toLowerCase());
    const matching = rules.filter(({ parts }) => parts.length <= names.length && matches({ parts, names }));
    return matching.sort((one, other) => other.parts.length - one.parts.length)[0]?.effect ?? "unknown";
}

function matches({ parts, names }: { parts: readonly string[]; names: readonly string[] }): boolean {
    return parts.every(
        (part, index) => part === names[index] || (part === "*" && !isSpelled(names.slice(0, index + 1))),
    );
}

/** Whether a row spells this path, so that `*` does not stand for its last name. */
function isSpelled(names: readonly string[]): boolean {
    return rules.some(({ parts }) => names.every((name, index) => parts[index] === name));
}

/** Every property of a host.json. Lists count as one property. */
function leaves(value: unknown, path: readonly string[] = []): string[][] {
    if (typeof value !== "object" || value === null || Array.isArray(value) || Object.keys(value).length === 0) {
        return path.length === 0 ? [] : [[...path]];
    }
    return Object.entries(value).flatMap(([name, inner]) => leaves(inner, [...path, name]));
}

/** Warnings about properties without effect. Throws for a property that this host refuses. */
export function hostJsonWarnings(...contents: readonly unknown[]): string[] {
    const found = new Map<HostJsonEffect, Set<string>>();
    for (const path of contents.flatMap((content) => leaves(content))) {
        const effect = effectOf(path);
        const names = found.get(effect) ?? new Set();
        found.set(effect, names.add(shorten(path, effect)));
    }
    const list = (effect: HostJsonEffect) => [...(found.get(effect) ?? [])].join(", ");
    if (found.has("refused")) {
        throw new Error(
            `host.json: ${list("refused")} is not supported, because this host runs Node apps only. Remove it, or deploy to Azure.`,
        );
    }
    return [
        ...(found.has("none") ? [`host.json: without effect here: ${list("none")}.`] : []),
        ...(found.has("unknown")
            ? [`host.json: unknown, and without effect here and on Azure: ${list("unknown")}.`]
            : []),
    ];
}

/** The part of a path that has the effect as a whole: `logging.applicationInsights` instead of all that is in it. */
function shorten(path: readonly string[], effect: HostJsonEffect): string {
    let end = path.length;
    while (end > 1 && effectOf(path.slice(0, end - 1)) === effect && !isShared(path.slice(0, end - 1))) {
        end -= 1;
    }
    return path.slice(0, end).join(".");
}

/** Whether a section also holds properties with another effect. */
function isShared(path: readonly string[]): boolean {
    const names = path.map((name) => name.toLowerCase());
    const own = effectOf(path);
    return rules.some(
        ({ parts, effect }) =>
            effect !== own && parts.length > names.length && names.every((name, index) => parts[index] === name),
    );
}
