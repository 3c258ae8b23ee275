import { openSignalRService } from "../../emulator/signalr";
import { text } from "../load/dialects";
import { answerCalls } from "../runner/answerCalls";
import { readUsage } from "../runner/usage";
import { createCore, serviceId, tokenFor } from "./emulated";
import type { OpenOptions, Target } from "./target";

answerCalls({
    async open({ handler }: OpenOptions): Promise<Target> {
        const service = await openSignalRService(
            {
                id: `${serviceId}/signalR/chat`,
                name: "chat",
                serviceMode: "Serverless",
                upstream: { templates: [{ urlTemplate: `${handler}/signalr`, categoryPattern: "messages" }] },
            },
            await createCore(),
        );
        const address = `${service.endpoint}/client/?hub=chat`;
        const send = `${service.endpoint}/api/hubs/chat/:send?api-version=2022-06-01`;
        return {
            url: `${address}&access_token=${await tokenFor(service, address, { sub: "someone" })}`,
            call: {
                url: send,
                headers: {
                    Authorization: `Bearer ${await tokenFor(service, send)}`,
                    "Content-Type": "application/json",
                },
                body: JSON.stringify({ target: "message", arguments: [text] }),
            },
        };
    },
    usage: readUsage,
});
