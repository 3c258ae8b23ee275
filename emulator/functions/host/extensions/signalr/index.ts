import { resolveSettings, type Settings } from "../../settings";
import type { BindingInfo } from "../../worker/types";
import type { Extension, ExtensionHost, HostFunction, RunningExtension } from "../extension";
import { parseAction } from "./actions";
import { toCall } from "./calls";
import { defaultConnection, resolveConnection } from "./connection";
import { createDispatcher } from "./dispatch";
import { keyOfTrigger, parameterNamesOf } from "./events";
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
    check: checkTrigger,
    start: async (host) => startSignalR(host),
};

/** What the vendor's SignalRTriggerBindingProvider.TryCreateAsync throws, with which the host disables the function and runs the others. */
function checkTrigger({ fn, settings }: { fn: HostFunction; settings: Settings }): void {
    const { hubName } = fn.trigger;
    if (resolveSettings({ text: String(hubName ?? ""), settings }) === "") {
        throw new Error("The signalRTrigger has no hubName.");
    }
    parameterNamesOf(fn);
    // The check asks for no token.
    const token = () => Promise.reject(new Error("No token is asked for."));
    resolveConnection({ name: connectionNameOf(fn.trigger), host: { settings, token } });
}

function connectionNameOf({ connectionStringSetting }: BindingInfo): string {
    return typeof connectionStringSetting === "string" && connectionStringSetting !== ""
        ? connectionStringSetting
        : defaultConnection;
}

function startSignalR(host: ExtensionHost): RunningExtension {
    if (Object.keys(host.settings.section("Azure:SignalR:Endpoints")).length > 0) {
        throw new Error(
            "App settings 'Azure__SignalR__Endpoints__…' name several SignalR Services, which this host does not support. Name one by 'AzureSignalRConnectionString' or 'AzureSignalRConnectionString__serviceUri'.",
        );
    }
    const dispatcher = createDispatcher(host);
    const negotiate = createNegotiator(host);

    function serviceOf(binding: BindingInfo) {
        const { hubName, type } = binding;
        if (typeof hubName !== "string" || hubName === "") {
            throw new Error(`The binding of type '${type}' has no hubName.`);
        }
        return { connection: resolveConnection({ name: connectionNameOf(binding), host }), hub: hubName };
    }

    return {
        autoResolved: new Map([
            ["signalrconnectioninfo", ["hubName", "userId", "idToken"]],
            ["signalr", ["hubName"]],
        ]),
        textInputs: ["signalrconnectioninfo"],
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
                    await callService({ connection, host, call });
                }
            }
        },
        webhook: dispatcher.handle,
    };
}
