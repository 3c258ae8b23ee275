import { resolveSettings, type Settings } from "../../settings";
import type { BindingInfo } from "../../worker/types";
import type { Extension, ExtensionHost, HostFunction, RunningExtension } from "../extension";
import { parseAction, type SignalRAction } from "./actions";
import { toCall } from "./calls";
import { defaultConnection } from "./connection";
import { createDispatcher } from "./dispatch";
import { describeEndpoint, isPrimary, resolveEndpoints, type SignalREndpoint, targetsOf } from "./endpoints";
import { keyOfTrigger, parameterNamesOf } from "./events";
import { createNegotiator } from "./negotiate";
import { callService } from "./service";

/** SignalR Service in serverless mode: trigger, connection info, endpoints, messages and group actions. */
export const signalRExtension: Extension = {
    name: "SignalR",
    types: ["signalrtrigger", "signalrconnectioninfo", "signalrnegotiation", "signalrendpoints", "signalr"],
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
    resolveEndpoints({ name: connectionNameOf(fn.trigger), host: { settings, token } });
}

/** Sources: ValidateSignalRTriggerAttributeBinding and GetOrAddByConnectionStringKey of the extension, which take no empty name. */
function connectionNameOf({ type, connectionStringSetting: given }: BindingInfo): string {
    if (given === undefined) {
        return defaultConnection;
    }
    const name = given === null ? "" : String(given);
    if (name.trim() === "") {
        throw new Error(
            `connectionStringSetting of a ${type} is not allowed to be null or whitespace. Name an app setting, or leave it out.`,
        );
    }
    return name;
}

function startSignalR(host: ExtensionHost): RunningExtension {
    const dispatcher = createDispatcher(host);
    const negotiate = createNegotiator(host);
    let negotiations = 0;

    function servicesOf(binding: BindingInfo) {
        const { hubName, type } = binding;
        if (typeof hubName !== "string" || hubName === "") {
            throw new Error(`The binding of type '${type}' has no hubName.`);
        }
        return { services: resolveEndpoints({ name: connectionNameOf(binding), host }), hub: hubName };
    }

    /** A primary service, each in turn. The vendor's DefaultEndpointRouter takes any of them. */
    function next(all: readonly SignalREndpoint[]): SignalREndpoint {
        const primary = all.filter(isPrimary);
        return primary[negotiations++ % primary.length] as SignalREndpoint;
    }

    async function input(binding: BindingInfo): Promise<unknown> {
        const { services, hub } = servicesOf(binding);
        switch (binding.type.toLowerCase()) {
            case "signalrendpoints":
                return services.all.map(describeEndpoint);
            case "signalrnegotiation": {
                const infos = services.all.map(async (connection) => ({
                    ...describeEndpoint(connection),
                    connectionInfo: await negotiate({ connection, hub, binding }),
                }));
                return { endpoints: await Promise.all(infos) };
            }
            case "signalrconnectioninfo":
                return negotiate({ connection: next(services.all), hub, binding });
        }
        throw new Error(`The binding '${binding.name}' of type '${binding.type}' cannot be an input.`);
    }

    async function send(binding: BindingInfo, action: SignalRAction): Promise<void> {
        const { services, hub } = servicesOf(binding);
        const targets = targetsOf(services, action.endpoints);
        const call = toCall({ action, hub, isOneOfSeveral: targets.length > 1 });
        if (call === undefined) {
            host.log(
                "warning",
                "The action 'removeAll' does nothing with a connectionId, on Azure too. Give a userId.",
            );
            return;
        }
        if (targets.length === 0) {
            host.log(
                "warning",
                `An action for hub '${hub}' is not sent: none of its 'endpoints' is a service of the app.`,
            );
        }
        const sent = await Promise.allSettled(targets.map((connection) => callService({ connection, host, call })));
        const failed = sent.find((one) => one.status === "rejected");
        if (failed !== undefined) {
            throw failed.reason;
        }
    }

    return {
        autoResolved: new Map([
            ["signalrconnectioninfo", ["hubName", "userId", "idToken"]],
            ["signalrnegotiation", ["hubName", "userId", "idToken"]],
            ["signalrendpoints", ["hubName"]],
            ["signalr", ["hubName"]],
        ]),
        textInputs: ["signalrconnectioninfo"],
        addFunction(fn) {
            const resolve = (text: string) => resolveSettings({ text, settings: host.settings });
            const keys = servicesOf(fn.trigger).services.all.map(({ accessKey }) => accessKey);
            // Source: SignatureValidationOptionsSetup.cs of the extension, which checks nothing when one service has no key.
            const accessKeys = keys.includes(undefined)
                ? undefined
                : keys.filter((accessKey) => accessKey !== undefined);
            dispatcher.add({ fn, key: keyOfTrigger({ fn, resolve }), accessKeys });
        },
        input,
        async output({ binding, value }) {
            if (binding.type.toLowerCase() !== "signalr") {
                throw new Error(`The binding '${binding.name}' of type '${binding.type}' cannot be an output.`);
            }
            const actions = (Array.isArray(value) ? value : [value]).map(parseAction);
            for (const action of actions) {
                await send(binding, action);
            }
        },
        webhook: dispatcher.handle,
    };
}
