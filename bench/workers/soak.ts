import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Log } from "../../emulator/core/log";
import type { CoreServices } from "../../emulator/core/services";
import { openSignalRService } from "../../emulator/signalr";
import { openSocketIOService } from "../../emulator/socketio";
import { openWebPubSubService } from "../../emulator/webpubsub";
import type { DialectName } from "../load/dialects";
import { answerCalls } from "../runner/answerCalls";
import { readUsage } from "../runner/usage";
import { createCore, serviceId, tokenFor } from "./emulated";

export interface SoakUsage {
    /** Bytes. */
    memory: number;
    /** Milliseconds, since the call before. */
    delay: { p99: number; max: number };
    /** Warnings and errors of the service so far. */
    warnings: number;
}

interface Open {
    endpoint: string;
    keys: Parameters<typeof tokenFor>[0]["keys"];
}

const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();
let warnings = 0;
let name: DialectName = "socketio";
let service: Open;

const paths: Record<DialectName, (hub: string) => string> = {
    socketio: (hub) => `/clients/socketio/hubs/${hub}`,
    webpubsub: (hub) => `/client/hubs/${hub}`,
    signalr: (hub) => `/client/?hub=${hub}`,
};

async function openService(core: CoreServices, handler: string): Promise<Open> {
    const options = { id: `${serviceId}/webPubSub/chat`, name: "chat" };
    if (name === "signalr") {
        const templates = [{ urlTemplate: handler, categoryPattern: "messages" }];
        return openSignalRService({ ...options, serviceMode: "Serverless", upstream: { templates } }, core);
    }
    const opened = await (name === "socketio" ? openSocketIOService : openWebPubSubService)(options, core);
    opened.setHub("hub", { eventHandlers: [{ urlTemplate: handler, userEventPattern: "*" }] });
    opened.setHub("slow", {});
    return opened;
}

function urlOf(hub: string, user: string): string {
    const address = `${service.endpoint}${paths[name](hub)}`;
    const token = tokenFor(service, address, { sub: user });
    if (name === "socketio") {
        return `${address}/?EIO=4&transport=websocket&access_token=${token}`;
    }
    return `${address}${name === "signalr" ? "&" : "?"}access_token=${token}`;
}

answerCalls({
    async open(given: { name: DialectName; handler: string }): Promise<void> {
        name = given.name;
        const log: Log = ({ level }) => {
            warnings += level === "warning" || level === "error" ? 1 : 0;
        };
        service = await openService({ ...(await createCore()), log }, given.handler);
    },
    urls: ({ count, hub }: { count: number; hub: string }) =>
        Array.from({ length: count }, (_, index) => urlOf(hub, `user${index}`)),
    /** A request that sends a message to everybody in a hub. */
    send({ hub, message }: { hub: string; message: string }) {
        const version = name === "signalr" ? "2022-06-01" : "2024-12-01";
        const url = `${service.endpoint}/api/hubs/${hub}/:send?api-version=${version}`;
        const body = {
            socketio: `42${JSON.stringify(["message", message])}`,
            webpubsub: message,
            signalr: JSON.stringify({ target: "message", arguments: [message] }),
        }[name];
        const type = name === "signalr" ? "application/json" : "text/plain";
        return { url, body, headers: { Authorization: `Bearer ${tokenFor(service, url)}`, "Content-Type": type } };
    },
    usage(): SoakUsage {
        const { memory } = readUsage();
        const usage = { memory, delay: { p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 }, warnings };
        delay.reset();
        return usage;
    },
});
