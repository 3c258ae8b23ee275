import type { StackResource } from "../../cli/stackJson";
import { type Deployed, type Finding, type VerifyOptions, verify } from "../../cli/verify";

const negotiateUrl = "https://app.example.test/api/negotiate";
const endpoint = "https://service.example.test";

export const hub = (name: string, ...eventHandlers: object[]): StackResource => ({
    type: "azure-native:webpubsub:WebPubSubHub",
    name,
    id: "",
    outputs: { name, properties: { eventHandlers } },
});
export const own = {
    urlTemplate: "https://app.example.test/runtime/webhooks/x?code=1",
    systemEvents: ["connect"],
    userEventPattern: "*",
};
export const plan = (name: string): StackResource => ({
    type: "azure-native:web:AppServicePlan",
    name: "plan",
    id: "",
    outputs: { sku: { name } },
});
export const upstream = (...templates: object[]): StackResource => ({
    type: "azure-native:signalrservice:SignalR",
    name: "service",
    id: "",
    outputs: { upstream: { templates } },
});
export const fn = (name: string, binding: object) => ({ name, config: { bindings: [binding] }, isDisabled: false });
export const socketTrigger = (eventName: string, more: object = {}) =>
    fn(`on-${eventName}`, { type: "socketiotrigger", hub: "chat", eventName, ...more });

interface App {
    /** Answers to the questions about events, by event name. */
    listeners?: Record<string, number>;
    functions?: object[];
    status?: object;
}

/** An app that accepts the handshake and answers as told; everything else is 500. */
export function appOf({ listeners = {}, functions, status }: App, asked: Request[] = []): VerifyOptions["fetch"] {
    return async (input, init) => {
        const request = new Request(input as URL, init);
        asked.push(request);
        const { pathname } = new URL(request.url);
        if (request.method === "OPTIONS") {
            return new Response("", { headers: { "WebHook-Allowed-Origin": "*" } });
        }
        if (request.method === "PUT") {
            const name = request.headers.get("ce-eventname") ?? "";
            return new Response("", { status: Object.hasOwn(listeners, name) ? listeners[name] : 404 });
        }
        if (pathname === "/admin/functions" && functions !== undefined) {
            return Response.json(functions);
        }
        return pathname === "/admin/host/status" && status ? Response.json(status) : new Response("", { status: 500 });
    };
}

/** Runs `verify` against such an app, and gives its finding of each check. */
export async function findingsOf(
    deployed: Partial<Deployed>,
    app: App | VerifyOptions["fetch"],
    event?: VerifyOptions["event"],
) {
    const findings = await verify({
        deployed: {
            negotiateUrl,
            endpoint,
            service: "socketio",
            webhookKey: "webhook-key",
            masterKey: "master-key",
            ...deployed,
        },
        ...(event && { event }),
        milliseconds: 1000,
        now: () => 0,
        fetch: typeof app === "function" ? app : appOf(app),
    });
    return (check: Finding["check"]) => findings.find((finding) => finding.check === check)!;
}
