import { openWebPubSubService } from "../../emulator/webpubsub";
import { answerCalls } from "../runner/answerCalls";
import { readUsage } from "../runner/usage";
import { coreFor, serviceId, tokenFor } from "./emulated";
import type { OpenOptions, Target } from "./target";

answerCalls({
    async open({ inspect }: OpenOptions): Promise<Target> {
        const service = await openWebPubSubService(
            { id: `${serviceId}/webPubSub/chat`, name: "chat" },
            await coreFor(inspect),
        );
        const address = `${service.endpoint}/client/hubs/chat`;
        service.setHub("chat", {});
        const token = await tokenFor(service, address, {
            sub: "someone",
            role: ["webpubsub.sendToGroup"],
            "webpubsub.group": ["all"],
        });
        return { url: `${address}?access_token=${token}` };
    },
    usage: readUsage,
});
