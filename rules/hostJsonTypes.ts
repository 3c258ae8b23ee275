import { parseTimeSpan } from "./timeSpan";

const modeType = "Microsoft.Azure.WebJobs.Script.FileLoggingMode";
type Type = "System.Boolean" | "System.Int32" | "System.Single" | "System.TimeSpan" | typeof modeType;

/**
 * Types of the properties that the host binds to its options when it starts, by path. Sources: ScriptJobHostOptions.cs,
 * HostHealthMonitorOptions.cs and HostHstsOptions.cs of azure-functions-host; HttpOptions.cs of azure-webjobs-sdk-extensions;
 * SingletonOptions.cs, ConcurrencyOptions.cs and FunctionResultAggregatorOptions.cs of azure-webjobs-sdk.
 */
const types = new Map<string, Type>(
    Object.entries({
        "System.Boolean":
            "isSelfHost isFileSystemReadOnly isStandbyConfiguration fileWatchingEnabled isDefaultHostConfig " +
            "sendCanceledInvocationsToWorker healthMonitor.enabled aggregator.isEnabled " +
            "concurrency.dynamicConcurrencyEnabled concurrency.snapshotPersistenceEnabled extensions.http.dynamicThrottlesEnabled " +
            "extensions.http.enableChunkedRequestBinding extensions.http.hsts.isEnabled extensions.http.hsts.includeSubDomains " +
            "extensions.http.hsts.preload extensionBundle.ensureLatest",
        "System.Int32":
            "healthMonitor.healthCheckThreshold aggregator.batchSize concurrency.maximumFunctionConcurrency",
        "System.Single": "healthMonitor.counterThreshold concurrency.cpuThreshold",
        "System.TimeSpan":
            "metadataProviderTimeout healthMonitor.healthCheckInterval healthMonitor.healthCheckWindow aggregator.flushTimeout " +
            "singleton.lockPeriod singleton.listenerLockPeriod singleton.listenerLockRecoveryPollingInterval " +
            "singleton.lockAcquisitionTimeout singleton.lockAcquisitionPollingInterval extensions.http.hsts.maxAge",
        // Source: ScriptJobHostOptionsSetup.cs of azure-functions-host.
        [modeType]: "fileLoggingMode logging.fileLoggingMode",
    }).flatMap(([type, paths]) => paths.split(" ").map((path) => [path, type as Type] as const)),
);

/** Enum.Parse of .NET takes numbers and lists too. Source: FileLoggingMode.cs of azure-functions-host. */
const loggingMode = /^(?:[+-]?\d{1,9}|never|always|debugOnly|)$/i;

const fits: Record<Type, (text: string) => boolean> = {
    "System.Boolean": (text) => /^(true|false)$/i.test(text),
    "System.Int32": (text) => /^[+-]?\d{1,10}$/.test(text),
    "System.Single": (text) => text !== "" && Number.isFinite(Number(text)),
    "System.TimeSpan": (text) => parseTimeSpan(text) !== undefined,
    [modeType]: (text) => text.split(",").every((mode) => loggingMode.test(mode.trim())),
};

/**
 * Throws in the host's words for a value with which the host does not start, because it has another type. `textAt` finds the text of a
 * path in the host's configuration, which holds texts only.
 */
export function checkHostJsonTypes(textAt: (...path: string[]) => unknown): void {
    for (const [path, type] of types) {
        const text = textAt(...path.split("."));
        if (typeof text === "string" && !fits[type](text.trim())) {
            throw notConverted(path.replaceAll(".", ":"), type, text);
        }
    }
}

export function notConverted(path: string, type: Type, text: string): Error {
    return new Error(
        `Failed to convert configuration value at 'AzureFunctionsJobHost:${path}' to type '${type}': it is '${text}' in host.json.`,
    );
}
