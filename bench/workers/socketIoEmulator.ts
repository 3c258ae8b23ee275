import type { RealtimeService } from "../../emulator/core/service/types";
import { openSocketIOService } from "../../emulator/socketio";
import { text } from "../load/dialects";
import { answerCalls } from "../runner/answerCalls";
import { readUsage } from "../runner/usage";
import { coreFor, serviceId, tokenFor } from "./emulated";
import type { OpenOptions, Target } from "./target";

const path = "/clients/socketio/hubs/hub";
let service: RealtimeService;

function urlOf(user: string): string {
    const token = tokenFor(service, `${service.endpoint}${path}`, { sub: user });
    return `${service.endpoint}${path}/?EIO=4&transport=websocket&access_token=${token}`;
}

answerCalls({
    async open({ handler, inspect }: OpenOptions): Promise<Target> {
        service = await openSocketIOService(
            { id: `${serviceId}/webPubSub/chat`, name: "chat" },
            await coreFor(inspect),
        );
        service.setHub("hub", { eventHandlers: [{ urlTemplate: `${handler}/socketio`, userEventPattern: "*" }] });
        const send = `${service.endpoint}/api/hubs/hub/:send?api-version=2024-12-01`;
        return {
            url: urlOf("someone"),
            call: {
                url: send,
                headers: { Authorization: `Bearer ${tokenFor(service, send)}`, "Content-Type": "text/plain" },
                body: `42${JSON.stringify(["message", text])}`,
            },
        };
    },
    urls: (count: number) => Array.from({ length: count }, (_, index) => urlOf(`user${index}`)),
    usage: readUsage,
});
