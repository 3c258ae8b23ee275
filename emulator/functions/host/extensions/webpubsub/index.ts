import { generalBundle } from "../../../../../rules/bundle";
import { resolveSettings } from "../../settings";
import type { BindingInfo } from "../../worker/types";
import type { Extension, ExtensionHost, RunningExtension } from "../extension";
import { toCall } from "./actions";
import { callersOf, requireConnection } from "./connection";
import { readContext } from "./context";
import { createDispatcher } from "./dispatch";
import { callService, negotiate } from "./service";
import { connectionsOf, readTrigger } from "./triggers";

const contextTypes = ["webpubsubcontext", "webpubsubrequest"];

/** Web PubSub: trigger, client connection, context of an HTTP request, and actions. */
export const webPubSubExtension: Extension = {
    name: "WebPubSub",
    types: ["webpubsubtrigger", "webpubsubconnection", "webpubsub", ...contextTypes],
    requestTypes: contextTypes,
    bundles: [generalBundle],
    bundlesSince: { [generalBundle]: "3.5.0" },
    assembly: "Microsoft.Azure.WebJobs.Extensions.WebPubSub",
    webhook: "webpubsub",
    start: async (host) => startWebPubSub(host),
};

function startWebPubSub(host: ExtensionHost): RunningExtension {
    const defaultHub = host.settings.get("WebPubSubHub");
    const dispatcher = createDispatcher(host);

    function serviceOf(binding: BindingInfo, kind: string) {
        const name = textOf(binding.connection);
        const hub = textOf(binding.hub) ?? defaultHub;
        const connection = requireConnection({ name, binding: kind, host });
        if (hub === undefined || hub === "") {
            throw new Error(`Resolved 'Hub' value is null for extension '${kind}'.`);
        }
        return { connection, hub };
    }

    return {
        autoResolved: new Map([
            ["webpubsubconnection", ["hub", "userId"]],
            ["webpubsub", ["hub"]],
        ]),
        textInputs: contextTypes,
        addFunction(fn) {
            const resolve = (text: string) => resolveSettings({ text, settings: host.settings });
            const callers = callersOf({ names: connectionsOf(fn.trigger), host });
            dispatcher.add({ fn, callers, key: readTrigger({ fn, defaultHub, resolve }) });
        },
        async input(binding, { http }) {
            if (contextTypes.includes(binding.type.toLowerCase())) {
                return readContext({ request: http, callers: callersOf({ names: connectionsOf(binding), host }) });
            }
            return negotiate({
                ...serviceOf(binding, "WebPubSubConnection"),
                userId: textOf(binding.userId),
                isMqtt: textOf(binding.clientProtocol)?.toLowerCase() === "mqtt",
                host,
            });
        },
        async output({ binding, value }) {
            const { connection, hub } = serviceOf(binding, "WebPubSub");
            const calls = (Array.isArray(value) ? value : [value]).map((action) => toCall({ value: action, hub }));
            for (const call of calls) {
                await callService({ connection, host, call });
            }
        },
        webhook: dispatcher.handle,
    };
}

function textOf(value: unknown): string | undefined {
    return typeof value === "string" && value !== "" ? value : undefined;
}
