import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { InspectEvent, InspectState } from "../../../emulator/inspect/page/types";

const fixture = join(__dirname, "../../fixtures/inspect/deployment.json");

/** Starts an event with what a test leaves out. */
export function eventOf(event: Partial<InspectEvent> & { id: number }): InspectEvent {
    const hex = event.id.toString(16);
    return {
        trace: hex.padStart(32, "0"),
        span: hex.padStart(16, "0"),
        kind: "clientEvent",
        name: `event ${event.id}`,
        start: 1_700_000_000_000 + event.id * 10,
        ...event,
    };
}

const trace = "0af7651916cd43dd8448eb211c80319c";
const span = (number: number) => number.toString(16).padStart(16, "a");
const chat = { service: "chat-dev", product: "socketio", hub: "chat" } as const;
const ann = { ...chat, connection: "Fb3pXzQ1kqvTNsdAAAB", user: "ann" };

/** What one message of a chat causes, and an event that nobody handles. */
export function scenario(now: number): InspectEvent[] {
    const steps: Partial<InspectEvent>[] = [
        { kind: "connection", name: "opened", ...ann, start: -9000, duration: 0, trace: "1".repeat(32), span: span(1) },
        {
            kind: "clientEvent",
            name: "message",
            ...ann,
            start: -80,
            duration: 61.4,
            outcome: "ok",
            data: '["hello <b>everybody</b>"]',
            dataType: "json",
            bytes: 42,
            trace,
            span: span(2),
        },
        {
            kind: "upstream",
            name: "message",
            ...ann,
            start: -79,
            duration: 58.2,
            outcome: "ok",
            status: 200,
            url: "http://localhost:7071/runtime/webhooks/socketio",
            headers: { "ce-type": "azure.webpubsub.user.message", "ce-signature": "***" },
            trace,
            span: span(3),
            parent: span(2),
        },
        {
            kind: "function",
            name: "onMessage",
            app: "chat-dev-app",
            start: -75,
            duration: 48.9,
            outcome: "ok",
            trace,
            span: span(4),
            parent: span(3),
        },
        {
            kind: "log",
            name: "onMessage",
            app: "chat-dev-app",
            level: "info",
            message: "ann wrote 5 letters",
            start: -70,
            duration: 0,
            trace,
            span: span(5),
            parent: span(4),
        },
        {
            kind: "rest",
            name: "POST /api/hubs/chat/groups/0~Lw~/:send",
            ...chat,
            start: -60,
            duration: 21.7,
            status: 202,
            outcome: "ok",
            trace,
            span: span(6),
            parent: span(4),
        },
        {
            kind: "broadcast",
            name: "message",
            ...chat,
            group: "/",
            count: 3,
            start: -45,
            duration: 0,
            data: '42["message",{"from":"ann","text":"hello <b>everybody</b>"}]',
            dataType: "text",
            trace,
            span: span(7),
            parent: span(6),
        },
        {
            kind: "ack",
            name: "message",
            ...ann,
            start: -20,
            duration: 0,
            bytes: 9,
            trace,
            span: span(8),
            parent: span(2),
        },
        {
            kind: "clientEvent",
            name: "typing",
            ...ann,
            start: -10,
            duration: 1.2,
            outcome: "failed",
            data: "[]",
            dataType: "json",
            trace: "2".repeat(32),
            span: span(9),
        },
        {
            kind: "why",
            name: "typing",
            ...ann,
            start: -9,
            duration: 0,
            code: "noHandler",
            message: "No event handler of the hub 'chat' takes the event 'typing', so it reached no function.",
            fix: 'hubs: [{ name: "chat", userEventPattern: "*" }]',
            trace: "2".repeat(32),
            span: span(10),
            parent: span(9),
        },
    ];
    return steps.map((step, index) => eventOf({ id: index + 1, ...step, start: now + (step.start ?? 0) }));
}

export function stateOf(now: number): InspectState {
    const connection = { service: "chat-dev", hub: "chat", transport: "websocket", protocol: "Socket.IO 5" };
    return {
        recording: true,
        services: [
            {
                id: "/subscriptions/0000/chat-dev",
                name: "chat-dev",
                product: "socketio",
                endpoint: "http://localhost:40101",
                hubs: [
                    {
                        name: "chat",
                        handlers: [
                            "http://localhost:7071/runtime/webhooks/socketio: connect, connected, disconnected, *",
                        ],
                        connections: 3,
                        groups: [
                            { name: "/ tea", connections: 2 },
                            { name: "/ milk", connections: 1 },
                        ],
                    },
                ],
            },
        ],
        connections: [
            {
                ...connection,
                id: ann.connection,
                user: "ann",
                groups: ["/ tea", "/ milk"],
                since: now - 754_000,
                in: 1240,
                out: 48_300,
            },
            {
                ...connection,
                id: "Zk2mPq8RkqvTNsdAAAD",
                user: "bob",
                groups: ["/ tea"],
                since: now - 62_000,
                in: 320,
                out: 12_100,
            },
            {
                ...connection,
                id: "Qp7wLx0VkqvTNsdAAAF",
                transport: "polling",
                groups: [],
                since: now - 4000,
                in: 90,
                out: 400,
            },
        ],
        more: 0,
        apps: [
            {
                id: "app",
                name: "chat-dev-app",
                url: "http://localhost:7071",
                functions: [
                    {
                        name: "negotiate",
                        trigger: "httpTrigger",
                        state: "running",
                        route: "/api/negotiate",
                        methods: ["get"],
                    },
                    { name: "onMessage", trigger: "socketioTrigger", state: "running" },
                    { name: "heartbeat", trigger: "timerTrigger", state: "running" },
                ],
            },
        ],
        faults: [],
        deployment: JSON.parse(readFileSync(fixture, "utf8")),
    };
}
