import type { TestFunction } from "./appFolder";

// Small apps as the vendors' samples are made: one function for each event.

const http = (more: Record<string, unknown> = {}) => [
    { name: "req", type: "httpTrigger", direction: "in", authLevel: "anonymous", methods: ["get", "post"], ...more },
    { name: "res", type: "http", direction: "out" },
];
const out = (type: string, more: Record<string, unknown>) => ({ name: "out", type, direction: "out", ...more });
const inputs = (name: string) => `(context.bindings?.${name} ?? context.extraInputs?.get("${name}"))`;
/** Sets outputs, in both models. */
const set = `const set = (name, value) => { if (context.bindings) { context.bindings[name] = value; } else { context.extraOutputs.set(name, value); } };
    const meta = context.bindingData ?? context.triggerMetadata;`;
const handler = (body: string) => `async (context, input) => { ${set} ${body} }`;
const sendInfo = handler(
    `set("res", { body: JSON.stringify(${inputs("info")}), headers: { "content-type": "application/json" } });`,
);

const webPubSub = { hub: "sampleChat" };
const onEvent = (eventName: string, name: string, more: Record<string, unknown> = {}) => ({
    type: "webPubSubTrigger",
    direction: "in",
    name,
    eventName,
    eventType: ["connect", "connected", "disconnected"].includes(eventName) ? "system" : "user",
    ...webPubSub,
    ...more,
});
export const webPubSubApp: TestFunction[] = [
    {
        name: "login",
        bindings: [
            ...http(),
            {
                name: "info",
                type: "webPubSubConnection",
                direction: "in",
                userId: "{headers.x-ms-client-principal-name}",
                ...webPubSub,
            },
        ],
        handler: sendInfo,
    },
    {
        name: "connect",
        bindings: [onEvent("connect", "connectionContext")],
        handler: handler(
            `return input.userId === "nobody" ? { code: "unauthorized", errorMessage: "no" } : { userId: input.userId, states: { count: 0 } };`,
        ),
    },
    {
        name: "connected",
        bindings: [onEvent("connected", "connectionContext"), out("webPubSub", webPubSub)],
        handler: handler(`set("out", [
            { actionName: "addUserToGroup", userId: input.userId, group: "grüppe" },
            { actionName: "sendToAll", dataType: "json", data: JSON.stringify({ from: "[System]", text: input.userId + " on " + input.hub }) },
        ]);`),
    },
    {
        name: "message",
        bindings: [onEvent("message", "data", { dataType: "binary" }), out("webPubSub", webPubSub)],
        handler: handler(`
            set("out", { actionName: "sendToGroup", group: "grüppe", data: input, dataType: "binary" });
            const { userId, states } = meta.connectionContext;
            return { data: JSON.stringify({ bytes: input.length, type: meta.dataType, by: userId, states }), dataType: "json", states: { count: (states?.count ?? 0) + 1 } };`),
    },
];

const socketIO = { hub: "hub" };
const onSocket = (eventName: string, more: Record<string, unknown> = {}) => ({
    type: "socketiotrigger",
    direction: "in",
    name: "request",
    namespace: "/räume",
    eventName,
    ...socketIO,
    ...more,
});
export const socketIOApp: TestFunction[] = [
    {
        name: "negotiate",
        bindings: [
            ...http(),
            { name: "info", type: "socketionegotiation", direction: "in", userId: "{query.userId}", ...socketIO },
        ],
        handler: sendInfo,
    },
    {
        name: "join",
        bindings: [onSocket("join room", { parameterNames: ["room"] }), out("socketio", socketIO)],
        handler: handler(`
            set("out", { actionName: "addSocketToRoom", namespace: input.namespace, socketId: input.socketId, room: meta.room });
            return { ack: [meta.userId + " in " + meta.room] };`),
    },
    {
        name: "say",
        bindings: [
            onSocket("sagen", { parameterNames: ["room", "text"], dataType: "string" }),
            out("socketio", socketIO),
        ],
        handler: handler(
            `set("out", { actionName: "sendToRooms", namespace: "/räume", rooms: [meta.room], eventName: "gesagt", parameters: [meta.userId, meta.text] });`,
        ),
    },
];

const signalR = { hubName: "serverless" };
const onHub = (category: string, event: string, more: Record<string, unknown> = {}) => ({
    type: "signalRTrigger",
    direction: "in",
    name: "invocation",
    category,
    event,
    ...signalR,
    ...more,
});
export const signalRApp: TestFunction[] = [
    {
        name: "negotiate",
        bindings: [
            ...http({ route: "{tenant}/negotiate" }),
            {
                name: "info",
                type: "signalRConnectionInfo",
                direction: "in",
                userId: "{tenant}-{query.user}",
                ...signalR,
            },
        ],
        handler: sendInfo,
    },
    {
        name: "onConnected",
        bindings: [onHub("connections", "connected"), out("signalR", signalR)],
        handler: handler(
            `set("out", { target: "newConnection", arguments: [{ user: input.UserId, hub: input.Hub }] });`,
        ),
    },
    {
        name: "sendToUser",
        bindings: [onHub("messages", "SendToUser", { parameterNames: ["user", "text"] }), out("signalR", signalR)],
        handler: handler(
            `set("out", [{ target: "newMessage", userId: meta.user, arguments: [meta.text, input.Arguments] }]); return "sent " + meta.text;`,
        ),
    },
    {
        name: "broadcast",
        bindings: [...http(), out("signalR", { hubName: "{hub}" })],
        handler:
            handler(`const body = input.body && typeof input.body.getReader !== "function" ? input.body : await input.json();
            set("out", { target: "news", arguments: [body.text] }); set("res", { status: 202 });`),
    },
];
