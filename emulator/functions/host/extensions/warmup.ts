import type { Plan } from "../../../../rules/plan";
import { startupCategory } from "../../../core/log";
import type { Extension, ExtensionHost, HostFunction, RunningExtension } from "./extension";

/**
 * Warmup trigger. Azure runs the function once on a new instance, before the instance gets its first request; here the host that starts
 * is the new instance. Sources: ScriptJobHostExtensions.cs of azure-functions-host, IsWarmupFunction, for the name, and
 * WebScriptHostHttpRoutesManager.cs for the plans.
 */
export const warmupExtension: Extension = {
    name: "Warmup",
    types: ["warmuptrigger"],
    start: async (host) => startWarmup(host),
};

function startWarmup(host: ExtensionHost): RunningExtension {
    let warmup: HostFunction | undefined;
    return {
        addFunction(fn) {
            const reason = reasonOfSilence({ fn, host });
            if (reason === undefined) {
                warmup ??= fn;
            } else {
                host.log(
                    "warning",
                    `Function 'Functions.${fn.name}' has a warmupTrigger that never runs: ${reason}`,
                    startupCategory,
                );
            }
        },
        begin() {
            if (warmup !== undefined && host.isSameHost !== true) {
                // The invocation logs its failure, and the instance serves requests all the same.
                host.invoke({ fn: warmup, input: { json: "{}" }, data: {} }).catch(() => undefined);
            }
        },
    };
}

function reasonOfSilence({ fn, host }: { fn: HostFunction; host: ExtensionHost }): string | undefined {
    if (fn.name.toLowerCase() !== "warmup") {
        return "Azure calls the function named 'warmup' only, so an app has one. Rename the function.";
    }
    return hasWarmup(host.plan)
        ? undefined
        : `plan ${host.plan.sku} has no warmup. Use plan ElasticPremium or Dedicated.`;
}

export const hasWarmup = ({ sku }: Plan): boolean => sku !== "Dynamic" && sku !== "FlexConsumption";
