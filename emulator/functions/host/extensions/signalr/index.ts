import { resolveSettings } from "../../settings";
import type { BindingInfo } from "../../worker/types";
import type { Extension, ExtensionHost, RunningExtension } from "../extension";
import { parseAction } from "./actions";
import { toCall } from "./calls";
import { defaultConnection, resolveConnection } from "./connection";
import { createDispatcher } from "./dispatch";
import { keyOfTrigger } from "./events";
import { createNegotiator } from "./negotiate";
import { callService } from "./service";

/** SignalR Service in serverless mode: trigger, connection info, messages and group actions. */
export const signalRExtension: Extension = {
    name: "SignalR",
    types: ["signalrtrigger", "signalrconnectioninfo", "signalr"],
    bundles: [
        "Microsoft.Azure.Functions.ExtensionBundle",
        "Microsoft.Azure.Functions.ExtensionBundle.Preview",
        "Microsoft.Azure.Functions.ExtensionBundle.Experimental",
    ],
    assembly: "Microsoft.Azure.WebJobs.Extensions.SignalRService",
    webhook: "signalr",
    start: async (host) => startSignalR(host),
};

function startSignalR(host: ExtensionHost): RunningExtension {
    if (Object.keys(host.settings.section("Azure:SignalR:Endpoints")).length > 0) {
        throw new Error(
            "App settings 'Azure__SignalR__Endpoints__…' name several SignalR Services, which this host does not support. Name one by 'AzureSignalRConnectionString' or 'AzureSignalRConnectionString__serviceUri'.",
        );
    }
    const dispatcher = createDispatcher(host);
    const negotiate = createNegotiator(host);

    function serviceOf({ connectionStringSetting, hubName, type }: BindingInfo) {
        const name =
            typeof connectionStringSetting === "string" && connectionStringSetting !== ""
                ? connectionStringSetting
                : defaultConnection;
        if (typeof hubName !== "string" || hubName === "") {
            throw new Error(`The binding of type '${type}' has no hubName.`);
        }
        return { connection: resolveConnection({ name, host }), hub: hubName };
    }

    return {
        addFunction(fn) {
            const resolve = (text: string) => resolveSettings({ text, settings: host.settings });
            const { connection } = serviceOf(fn.trigger);
            dispatcher.add({ fn, key: keyOfTrigger({ fn, resolve }), accessKey: connection.accessKey });
        },
        input: (binding) => negotiate({ ...serviceOf(binding), binding }),
        async output({ binding, value }) {
            const { connection, hub } = serviceOf(binding);
            const actions = (Array.isArray(value) ? value : [value]).map(parseAction);
            for (const action of actions) {
                const call = toCall({ action, hub });
                if (call !== undefined) {
                    const response = await callService({ connection, host, call });
                    await response.body?.cancel();
                }
            }
        },
        webhook: dispatcher.handle,
    };
}
