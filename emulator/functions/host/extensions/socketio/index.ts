import { experimentalBundle, previewBundle } from "../../../../../rules/bundle";
import { resolveSettings } from "../../settings";
import type { BindingInfo } from "../../worker/types";
import type { Extension, ExtensionHost, RunningExtension } from "../extension";
import { parseAction } from "./actions";
import { toCall } from "./calls";
import { defaultConnection, resolveConnection } from "./connection";
import { createDispatcher } from "./dispatch";
import { keyOfTrigger } from "./events";
import { callService, negotiate } from "./service";

/** Web PubSub for Socket.IO in serverless mode: trigger, negotiation and actions. */
export const socketIOExtension: Extension = {
    name: "SocketIO",
    types: ["socketiotrigger", "socketionegotiation", "socketio"],
    bundles: [previewBundle, experimentalBundle],
    bundlesSince: { [previewBundle]: "4.27.0" },
    assembly: "Microsoft.Azure.WebJobs.Extensions.WebPubSubForSocketIO",
    webhook: "socketio",
    start: async (host) => startSocketIO(host),
};

function startSocketIO(host: ExtensionHost): RunningExtension {
    // Required even when every binding names another connection, because events are accepted from this service.
    const { caller } = resolveConnection({ name: defaultConnection, host });
    const defaultHub = host.settings.get("WebPubSubForSocketIOHub");
    const dispatcher = createDispatcher({ host, caller });

    function serviceOf(binding: BindingInfo) {
        const { connection, hub } = binding;
        const name = typeof connection === "string" && connection !== "" ? connection : defaultConnection;
        const hubName = typeof hub === "string" && hub !== "" ? hub : defaultHub;
        if (hubName === undefined || hubName === "") {
            throw new Error(
                'Unable to resolve the value for property "Hub". Make sure the setting exists and has a valid value.',
            );
        }
        return { connection: resolveConnection({ name, host }), hub: hubName };
    }

    return {
        autoResolved: new Map([
            ["socketionegotiation", ["hub", "userId"]],
            ["socketio", ["hub"]],
        ]),
        addFunction(fn) {
            const resolve = (text: string) => resolveSettings({ text, settings: host.settings });
            dispatcher.add({ fn, key: keyOfTrigger({ fn, defaultHub, resolve }) });
        },
        input(binding) {
            const userId = typeof binding.userId === "string" ? { userId: binding.userId } : {};
            return negotiate({ ...serviceOf(binding), ...userId, host });
        },
        async output({ binding, value }) {
            const { connection, hub } = serviceOf(binding);
            const actions = (Array.isArray(value) ? value : [value]).map(parseAction);
            for (const action of actions) {
                await callService({ connection, host, call: toCall({ action, hub }) });
            }
        },
        webhook: dispatcher.handle,
    };
}
