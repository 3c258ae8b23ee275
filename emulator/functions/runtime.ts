import type { FunctionAppOptions } from "./options";

export type Runtime = NonNullable<FunctionAppOptions["runtime"]>;

/** The app's runtime: that of the site or, on Windows plans, whose site states none, that of the settings. */
export function resolveRuntime(options: {
    runtime: Runtime | undefined;
    settings: Record<string, string>;
}): Runtime | undefined {
    const { runtime, settings } = options;
    const name = settings.FUNCTIONS_WORKER_RUNTIME?.toLowerCase();
    if (runtime !== undefined || name === undefined || name === "") {
        return runtime;
    }
    const version = (settings.WEBSITE_NODE_DEFAULT_VERSION ?? "").replace(/^~/, "").split(".")[0] ?? "";
    return { name, version: name === "node" ? version : "" };
}

/** Says when an app asks for another Node than that of this process, on which all apps run. */
export function describeNode(runtime: Runtime | undefined): string | undefined {
    const major = process.versions.node.split(".")[0];
    return runtime?.name !== "node" || runtime.version === "" || runtime.version === major
        ? undefined
        : `Runs on Node ${major}; on Azure it will run on Node ${runtime.version}.`;
}
