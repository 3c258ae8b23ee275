import { openSocketIOService } from "../../emulator/socketio";
import { text } from "../load/dialects";
import { answerCalls } from "../runner/answerCalls";
import { readUsage } from "../runner/usage";
import { createCore, serviceId, tokenFor } from "./emulated";
import type { OpenOptions, Target } from "./target";

answerCalls({
    async open({ handler }: OpenOptions): Promise<Target> {
        const service = await openSocketIOService(
            { id: `${serviceId}/webPubSub/chat`, name: "chat" },
            await createCore(),
        );
        service.setHub("hub", { eventHandlers: [{ urlTemplate: `${handler}/socketio`, userEventPattern: "*" }] });
        const path = "/clients/socketio/hubs/hub";
        const token = await tokenFor(service, `${service.endpoint}${path}`, { sub: "someone" });
        const send = `${service.endpoint}/api/hubs/hub/:send?api-version=2024-12-01`;
        return {
            url: `${service.endpoint}${path}/?EIO=4&transport=websocket&access_token=${token}`,
            call: {
                url: send,
                headers: { Authorization: `Bearer ${await tokenFor(service, send)}`, "Content-Type": "text/plain" },
                body: `42${JSON.stringify(["message", text])}`,
            },
        };
    },
    usage: readUsage,
});
