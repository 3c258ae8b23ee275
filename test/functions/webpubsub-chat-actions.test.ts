import assert from "node:assert/strict";
import { actionNames } from "../../functions/webpubsub-chat/src/actionRequest";
import { connectionId, openWebPubSubChat, replied, type WebPubSubChat } from "../support/webPubSubChat";

describe("the actions of the webpubsub-chat function app", () => {
    let chat: WebPubSubChat;

    before(function () {
        this.timeout(60_000);
        chat = openWebPubSubChat();
    });

    for (const { event, data, userId, actions } of [
        {
            event: "invite",
            data: { userId: "ben", group: "tea" },
            actions: [
                { actionName: "addUserToGroup", userId: "ben", group: "tea" },
                { actionName: "sendToUser", userId: "ben", sent: { type: "invited", group: "tea", from: "ann" } },
            ],
        },
        {
            event: "dismiss",
            data: { userId: "ben", group: "tea" },
            actions: [
                { actionName: "removeUserFromGroup", userId: "ben", group: "tea" },
                { actionName: "sendToUser", userId: "ben", sent: { type: "dismissed", group: "tea", from: "ann" } },
            ],
        },
        {
            event: "quit",
            data: "",
            actions: [
                { actionName: "removeUserFromAllGroups", userId: "ann" },
                { actionName: "addUserToGroup", userId: "ann", group: "lobby" },
            ],
        },
        {
            event: "kick",
            data: { connectionId: "connection-2" },
            actions: [{ actionName: "closeClientConnection", connectionId: "connection-2", reason: "removed by ann" }],
        },
        {
            event: "announce",
            userId: "admin",
            data: "closing soon",
            actions: [{ actionName: "sendToAll", sent: { type: "announcement", from: "admin", text: "closing soon" } }],
        },
        {
            event: "dissolve",
            userId: "admin",
            data: { group: "tea" },
            actions: [
                {
                    actionName: "closeGroupConnections",
                    group: "tea",
                    excluded: [connectionId],
                    reason: "tea was dissolved by admin",
                },
            ],
        },
        {
            event: "clear",
            userId: "admin",
            data: "",
            actions: [
                {
                    actionName: "closeAllConnections",
                    excluded: [connectionId],
                    reason: "the chat was cleared by admin",
                },
            ],
        },
    ] as { event: string; data: unknown; userId?: string; actions: object[] }[]) {
        it(`answers ${event} with ${actions.map((action) => Object.values(action)[0]).join(" and ")}`, async () => {
            const { answer, actions: asked } = await chat.send(event, data, { userId });
            assert.deepEqual(asked, actions);
            assert.equal(replied(answer).event, event);
        });
    }

    for (const event of ["announce", "dissolve", "clear", "action"]) {
        it(`fails ${event} of a client that is no admin, and does nothing`, async () => {
            const { answer, actions } = await chat.send(event, {});
            assert.deepEqual(answer, { code: "unauthorized", errorMessage: `${event} is for admins` });
            assert.equal(actions, undefined);
        });
    }

    for (const { data, action } of [
        { data: { data: "hi", excluded: ["c"] }, action: "sendToAll" },
        { data: { data: { a: 1 }, dataType: "json", group: "tea" }, action: "sendToGroup" },
        { data: { data: "AQI=", dataType: "binary", userId: "ben" }, action: "sendToUser" },
        { data: { data: "hi", dataType: "text", connectionId: "c" }, action: "sendToConnection" },
        { data: { userId: "ben", group: "tea" }, action: "addUserToGroup" },
        { data: { userId: "ben", group: "tea" }, action: "removeUserFromGroup" },
        { data: { userId: "ben" }, action: "removeUserFromAllGroups" },
        { data: { connectionId: "c", group: "tea" }, action: "addConnectionToGroup" },
        { data: { connectionId: "c", group: "tea" }, action: "removeConnectionFromGroup" },
        { data: { excluded: ["c"], reason: "late" }, action: "closeAllConnections" },
        { data: { connectionId: "c", reason: "late" }, action: "closeClientConnection" },
        { data: { group: "tea" }, action: "closeGroupConnections" },
        { data: { connectionId: "c", permission: "sendToGroup", targetName: "tea" }, action: "grantPermission" },
        { data: { connectionId: "c", permission: "joinLeaveGroup" }, action: "revokePermission" },
    ]) {
        it(`does ${action} when an admin asks for it by name`, async () => {
            assert.ok(actionNames.some((name) => name === action));
            const { answer, actions } = await chat.send("action", { actionName: action, ...data }, { userId: "admin" });
            const { data: content, dataType, ...rest } = data as Record<string, unknown>;
            const sent =
                dataType === "json"
                    ? { sent: content }
                    : dataType === "binary"
                      ? { dataType, data: { type: "Buffer", data: [1, 2] } }
                      : content === undefined
                        ? {}
                        : { dataType: "text", data: content };
            assert.deepEqual(actions, [{ actionName: action, ...rest, ...sent }]);
            assert.deepEqual(replied(answer), { type: "done", event: "action", actionName: action });
        });
    }

    for (const { event, data, error } of [
        { event: "message", data: "", error: "text must be 1 to 2000 characters and not blank; it has 0" },
        { event: "message", data: { text: "hi" }, error: "text must be text, not object" },
        { event: "join", data: "tea", error: "data must be an object with group" },
        { event: "join", data: { group: 7 }, error: "group must be text, not number" },
        {
            event: "invite",
            data: { group: "tea", userId: "n".repeat(65) },
            error: "userId must be 1 to 64 characters and not blank; it has 65",
        },
        { event: "kick", data: {}, error: "connectionId must be text, not undefined" },
        { event: "action", data: "clear", error: "an action must be an object" },
        {
            event: "action",
            data: { actionName: "format" },
            error: `actionName must be one of ${actionNames.join(", ")}`,
        },
        {
            event: "action",
            data: { actionName: "removeUserFromAllGroups", userId: "ben", hub: "other" },
            error: "removeUserFromAllGroups has no hub; it has actionName, userId",
        },
        {
            event: "action",
            data: { actionName: "sendToAll", dataType: "xml", data: "x" },
            error: "dataType must be one of text, json, binary",
        },
        {
            event: "action",
            data: { actionName: "grantPermission", connectionId: "c", permission: "all" },
            error: "permission must be one of sendToGroup, joinLeaveGroup",
        },
    ]) {
        it(`refuses ${event} of ${JSON.stringify(data).slice(0, 60)} and does nothing`, async () => {
            const { answer, actions } = await chat.send(event, data, { userId: "admin" });
            assert.deepEqual(replied(answer), { type: "refused", event, error });
            assert.equal(actions, undefined);
        });
    }
});
