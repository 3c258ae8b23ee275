import assert from "node:assert/strict";
import { join } from "node:path";
import { HttpRequest, type HttpResponseInit } from "@azure/functions";
import { buildApp, loadApp, type RegisteredFunction } from "../support/registeredFunctions";

const socketId = "socket-1";
const ann = { userId: "ann" };
const deliveredAck = (ack: unknown) => {
    const [{ at, ...rest }, ...more] = ack as [{ at: string }];
    assert.match(at, /^\d{4}-\d\d-\d\dT.*Z$/);
    assert.deepEqual([rest, more], [{ delivered: true }, []]);
};

describe("the socketio-chat function app", () => {
    let app: Map<string, RegisteredFunction>;

    before(function () {
        this.timeout(60_000);
        app = loadApp(join(buildApp("socketio-chat"), "dist", "index.js"));
    });

    function named(name: string): RegisteredFunction {
        const found = app.get(name);
        assert.ok(found, `${name} is not among ${[...app.keys()].join(", ")}`);
        return found;
    }

    async function send(name: string, ...parameters: unknown[]) {
        const { returned, outputs } = await named(name).invoke({
            request: { namespace: "/", socketId, parameters },
            triggerMetadata: ann,
        });
        return { ack: (returned as { ack: unknown[] }).ack, actions: outputs };
    }

    it("registers one trigger for each event of each namespace, with the names of its parameters", () => {
        const triggers = [...app].flatMap(([name, { bindings }]) => {
            const [trigger] = bindings;
            return trigger?.type === "socketiotrigger"
                ? [[name, trigger.hub, trigger.namespace, trigger.eventName, trigger.parameterNames]]
                : [];
        });
        assert.deepEqual(triggers, [
            ["connect", "%WebPubSubForSocketIOHub%", "/", "connect", undefined],
            ["connected", "%WebPubSubForSocketIOHub%", "/", "connected", undefined],
            ["disconnected", "%WebPubSubForSocketIOHub%", "/", "disconnected", undefined],
            ["adminConnect", "%WebPubSubForSocketIOHub%", "/admin", "connect", undefined],
            ["adminConnected", "%WebPubSubForSocketIOHub%", "/admin", "connected", undefined],
            ["adminDisconnected", "%WebPubSubForSocketIOHub%", "/admin", "disconnected", undefined],
            ["message", "%WebPubSubForSocketIOHub%", "/", "message", ["text"]],
            ["whisper", "%WebPubSubForSocketIOHub%", "/", "whisper", ["to", "text"]],
            ["joinRoom", "%WebPubSubForSocketIOHub%", "/", "join room", ["room"]],
            ["leaveRoom", "%WebPubSubForSocketIOHub%", "/", "leave room", ["room"]],
            ["toRoom", "%WebPubSubForSocketIOHub%", "/", "to room", ["room", "text"]],
            ["toRooms", "%WebPubSubForSocketIOHub%", "/", "to rooms", ["rooms", "text"]],
            ["kick", "%WebPubSubForSocketIOHub%", "/", "kick", ["whom"]],
            ["kickHard", "%WebPubSubForSocketIOHub%", "/", "kick hard", ["whom"]],
            ["announce", "%WebPubSubForSocketIOHub%", "/admin", "announce", ["text"]],
        ]);
    });

    for (const { given, namespace, claims, query, statusCode } of [
        { given: "a user id", namespace: "/", claims: { sub: ["ann"] }, query: {}, statusCode: 200 },
        { given: "no user id", namespace: "/", claims: {}, query: {}, statusCode: 401 },
        { given: "an empty user id", namespace: "/", claims: { sub: [""] }, query: {}, statusCode: 401 },
        { given: "no claims at all", namespace: "/", claims: null, query: null, statusCode: 401 },
        { given: "a long name", namespace: "/", claims: { sub: ["n".repeat(65)] }, query: {}, statusCode: 403 },
        {
            given: "banned=true",
            namespace: "/",
            claims: { sub: ["ann"] },
            query: { banned: ["true"] },
            statusCode: 403,
        },
        {
            given: "a banned claim",
            namespace: "/",
            claims: { sub: ["ann"], banned: ["true"] },
            query: {},
            statusCode: 403,
        },
        {
            given: "banned=false",
            namespace: "/",
            claims: { sub: ["ann"] },
            query: { banned: ["false"] },
            statusCode: 200,
        },
        { given: "an admin", namespace: "/admin", claims: { sub: ["admin-ann"] }, query: {}, statusCode: 200 },
        { given: "somebody else", namespace: "/admin", claims: { sub: ["ann"] }, query: {}, statusCode: 403 },
        { given: "nobody", namespace: "/admin", claims: {}, query: {}, statusCode: 401 },
    ]) {
        it(`answers ${statusCode} to a socket that connects to ${namespace} with ${given}`, async () => {
            const { returned } = await named(namespace === "/" ? "connect" : "adminConnect").invoke({
                request: { namespace, socketId, claims, query },
            });
            assert.deepEqual(returned, { statusCode });
        });
    }

    it("welcomes a new socket and tells the others", async () => {
        const { outputs } = await named("connected").invoke({ request: { socketId }, triggerMetadata: ann });
        const parameters = [{ socketId, userId: "ann" }];
        assert.deepEqual(outputs, [
            { actionName: "sendToSocket", namespace: "/", socketId, eventName: "welcome", parameters },
            { actionName: "sendToNamespace", namespace: "/", eventName: "joined", parameters, exceptRooms: [socketId] },
        ]);
    });

    it("tells who left and why, in the namespace of that socket", async () => {
        const { outputs } = await named("adminDisconnected").invoke({
            request: { socketId, reason: "gone" },
            triggerMetadata: ann,
        });
        const parameters = [{ socketId, userId: "ann", reason: "gone" }];
        assert.deepEqual(outputs, [
            { actionName: "sendToNamespace", namespace: "/admin", eventName: "left", parameters },
        ]);
    });

    it("sends a message to everyone and acknowledges it", async () => {
        const { ack, actions } = await send("message", "hello");
        deliveredAck(ack);
        const parameters = [{ from: "ann", socketId, text: "hello" }];
        assert.deepEqual(actions, [
            { actionName: "sendToNamespace", namespace: "/", eventName: "message", parameters },
        ]);
    });

    it("keeps text that looks like a number as it was written", async () => {
        const { outputs } = await named("message").invoke({
            request: { socketId, parameters: ["42"] },
            triggerMetadata: { userId: 7, text: 42 },
        });
        const [{ parameters }] = outputs as [{ parameters: unknown }];
        assert.deepEqual(parameters, [{ from: "7", socketId, text: "42" }]);
    });

    it("adds a socket to a room and tells the others in it", async () => {
        const { ack, actions } = await send("joinRoom", "tea");
        assert.deepEqual(ack, ["joined", "tea"]);
        assert.deepEqual(actions, [
            { actionName: "addSocketToRoom", namespace: "/", socketId, room: "tea" },
            {
                actionName: "sendToRooms",
                namespace: "/",
                rooms: ["tea"],
                eventName: "room joined",
                parameters: [{ room: "tea", socketId, userId: "ann" }],
                exceptRooms: [socketId],
            },
        ]);
    });

    it("removes a socket from a room", async () => {
        const { ack, actions } = await send("leaveRoom", "tea");
        assert.deepEqual(ack, ["left", "tea"]);
        assert.deepEqual((actions as unknown[])[0], {
            actionName: "removeSocketFromRoom",
            namespace: "/",
            socketId,
            room: "tea",
        });
    });

    it("sends to one room and to several, without the sender", async () => {
        const one = await send("toRoom", "tea", "hi");
        const several = await send("toRooms", ["tea", "coffee", "tea"], "hi");
        deliveredAck(one.ack);
        deliveredAck(several.ack);
        const common = { actionName: "sendToRooms", namespace: "/", exceptRooms: [socketId] };
        const written = { from: "ann", socketId, text: "hi" };
        assert.deepEqual(one.actions, [
            { ...common, rooms: ["tea"], eventName: "room message", parameters: [{ room: "tea", ...written }] },
        ]);
        const rooms = ["tea", "coffee"];
        assert.deepEqual(several.actions, [
            { ...common, rooms, eventName: "rooms message", parameters: [{ rooms, ...written }] },
        ]);
    });

    it("whispers to one socket", async () => {
        const { ack, actions } = await send("whisper", "socket-2", "psst");
        deliveredAck(ack);
        const parameters = [{ from: "ann", socketId, text: "psst" }];
        assert.deepEqual(actions, [
            { actionName: "sendToSocket", namespace: "/", socketId: "socket-2", eventName: "whisper", parameters },
        ]);
    });

    it("kicks a socket with and without its connection", async () => {
        for (const { name, closeUnderlyingConnection } of [
            { name: "kick", closeUnderlyingConnection: false },
            { name: "kickHard", closeUnderlyingConnection: true },
        ]) {
            const { ack, actions } = await send(name, "socket-2");
            assert.deepEqual(ack, [{ kicked: "socket-2" }]);
            assert.deepEqual(actions, [
                { actionName: "disconnectSockets", namespace: "/", rooms: ["socket-2"], closeUnderlyingConnection },
            ]);
        }
    });

    it("announces from the admin namespace to everyone", async () => {
        const { ack, actions } = await send("announce", "closing soon");
        deliveredAck(ack);
        const parameters = [{ from: "ann", text: "closing soon" }];
        assert.deepEqual(actions, [
            { actionName: "sendToNamespace", namespace: "/", eventName: "announcement", parameters },
        ]);
    });

    it("sends its tick every 30 seconds when no other schedule is set", async () => {
        const heartbeat = named("heartbeat");
        assert.equal(heartbeat.bindings[0]?.schedule, "*/30 * * * * *");
        const { outputs } = await heartbeat.invoke({ request: {} });
        const { parameters, ...action } = outputs as { parameters: [{ at: string }] };
        assert.deepEqual(action, { actionName: "sendToNamespace", namespace: "/", eventName: "tick" });
        assert.match(parameters[0].at, /Z$/);
    });

    for (const { name, parameters, error } of [
        { name: "message", parameters: [""], error: "text must be 1 to 2000 characters and not blank; it has 0" },
        { name: "message", parameters: ["  "], error: "text must be 1 to 2000 characters and not blank; it has 2" },
        {
            name: "message",
            parameters: ["x".repeat(2001)],
            error: "text must be 1 to 2000 characters and not blank; it has 2001",
        },
        { name: "message", parameters: [{ a: 1 }], error: "text must be text, not object" },
        { name: "message", parameters: [null], error: "text must be text, not null" },
        {
            name: "joinRoom",
            parameters: ["r".repeat(65)],
            error: "room must be 1 to 64 characters and not blank; it has 65",
        },
        { name: "toRooms", parameters: [[], "hi"], error: "rooms must be an array of 1 to 16 rooms" },
        { name: "toRooms", parameters: ["tea", "hi"], error: "rooms must be an array of 1 to 16 rooms" },
        { name: "kick", parameters: [1], error: "socketId must be text, not number" },
    ]) {
        it(`answers ${name} of ${JSON.stringify(parameters).slice(0, 40)} with an error and sends nothing`, async () => {
            const { ack, actions } = await send(name, ...parameters);
            assert.deepEqual(ack, [{ error }]);
            assert.equal(actions, undefined);
        });
    }

    it("serves the page with a policy that allows only its own script and style", async () => {
        const { returned } = await named("index").invoke({
            request: new HttpRequest({ method: "GET", url: "http://localhost/api/index" }),
        });
        const { body, headers } = returned as { body: string; headers: Record<string, string> };
        assert.equal(headers["Content-Type"], "text/html; charset=utf-8");
        assert.match(
            headers["Content-Security-Policy"] ?? "",
            /default-src 'none'; script-src 'sha256-[^;]+'; style-src 'sha256-/,
        );
        assert.match(body, /^<!doctype html>/);
        assert.doesNotMatch(body, /<(script|link|img)[^>]+(src|href)=["']?(https?:|\/\/|[\w./]+\.(js|ts|css))/);
    });

    it("answers with the negotiation binding's value, never cached, and refuses a name that is too long", async () => {
        const access = { endpoint: "https://chat.example.test", path: "/clients/socketio/hubs/hub", token: "t" };
        const negotiate = async (userId: string) => {
            const request = new HttpRequest({
                method: "GET",
                url: "http://localhost/api/negotiate",
                query: { userId },
            });
            const { returned } = await named("negotiate").invoke({ request, input: access });
            return returned as HttpResponseInit;
        };
        assert.deepEqual(await negotiate("ann"), { headers: { "Cache-Control": "no-store" }, jsonBody: access });
        const refused = await negotiate("n".repeat(65));
        assert.deepEqual(
            [refused.status, refused.jsonBody],
            [400, { error: "userId has 65 characters: it may have at most 64" }],
        );
        assert.equal(
            named("negotiate").bindings.find(({ type }) => type === "socketionegotiation")?.userId,
            "{query.userId}",
        );
    });
});
