import { app } from "@azure/functions";
import type { Action } from "./actions";
import { clients } from "./bindings";

app.timer("heartbeat", {
    // Read here, because an app without the setting would not start with `%HeartbeatSchedule%`.
    schedule: process.env.HeartbeatSchedule ?? "*/30 * * * * *",
    extraOutputs: [clients],
    handler: (_timer, context) => {
        const tick: Action = {
            actionName: "sendToNamespace",
            namespace: "/",
            eventName: "tick",
            parameters: [{ at: new Date().toISOString() }],
        };
        context.extraOutputs.set(clients, tick);
    },
});
