/** The setting of a host's configuration, whose names ignore case. On Linux `__` stands for `:`. */
const setting = "languageworkers:node:arguments";
/** Arguments that open a debugger, which listens on this machine only and does not stop the host. */
const opensDebugger = /^--(?:inspect|debug)(?:$|[-=])/;

/**
 * Arguments of Node that an app's settings ask for, such as `--max-old-space-size=200`, and those that are left out. Source:
 * RpcWorkerConfigFactory.cs of Azure/azure-functions-host, AddArgumentsFromAppSettings.
 */
export function workerArguments(environment: Readonly<Record<string, string>>): { kept: string[]; left: string[] } {
    const given = Object.entries(environment)
        .filter(([name]) => name.replaceAll("__", ":").toLowerCase() === setting)
        .flatMap(([, value]) => value.split(/\s+/))
        .filter((argument) => argument !== "");
    return {
        kept: given.filter((argument) => !opensDebugger.test(argument)),
        left: given.filter((argument) => opensDebugger.test(argument)),
    };
}
