import assert from "node:assert/strict";
import { AzureKeyCredential, WebPubSubServiceClient } from "@azure/web-pubsub";
import { addTestRole } from "../../support/webPubSubRole";
import { json, startWebPubSub, type WebPubSubTest, webPubSubId } from "../../support/webPubSubService";

interface Recorded {
    method: string;
    path: string;
    body?: unknown;
    status: number;
    /** Value of x-ms-error-code; undefined when there is none. */
    error?: string;
    type?: string;
    /** Bytes of the body, or of the body that a HEAD leaves out. Undefined when the answer states none. */
    length?: number;
    answer?: Record<string, unknown>;
}

const jsonType = "application/json; charset=utf-8";
const missing = (level: string) => ({
    code: `${level}.Connection.NotExisted`,
    message: "Connection `xxxx` is not found.",
    target: "Connection",
    details: null,
    inner: null,
});
const problemOf = (target: string, message: string) => ({
    status: 400,
    error: "Error.BadRequest",
    type: "application/problem+json; charset=utf-8",
    answer: {
        code: "Error.BadRequest",
        message,
        target,
        errors: { [target]: [message] },
        type: null,
        title: "One or more validation errors occurred.",
        status: 400,
        detail: null,
        instance: null,
        extensions: {},
    },
});
const filterText =
    "Invalid syntax for 'invalid filter': Syntax error at position 14 in 'invalid filter'. (Parameter 'filter')";
const badFilter = (target: string) => ({ ...problemOf(target, filterText), length: 416 });
const groupText = "Invalid group name. Valid group name should be in between 1 and 1024 characters long.";
const permission = "/permissions/joinLeaveGroup/connections/xxxx";

/**
 * What the real service answered from 2024 to 2026. Source: the recordings in Azure/azure-sdk-assets: js/sdk/web-pubsub/web-pubsub
 * (broadcast with filter, join multiple groups with filter, manage connections and users, grant permissions, trace through the
 * various options), python/sdk/webpubsub (test_live_api_coverage, test_generated_api_coverage), and java/sdk/webpubsub
 * (testAddConnectionsToGroupsThrowErrorWhenGroupsIsNull). Older recordings have `innererror` where these have `inner`.
 */
const recorded: Recorded[] = [
    { method: "POST", path: "/:send?filter=userId%20ne%20%27user1%27", body: "hello", status: 202, length: 0 },
    { method: "POST", path: "/:send?filter=invalid%20filter", body: "hello", ...badFilter("filter") },
    { method: "POST", path: "/groups/group/:send?filter=invalid%20filter", body: "hello", ...badFilter("filter") },
    { method: "POST", path: "/users/brian/:send?filter=invalid%20filter", body: "hello", ...badFilter("filter") },
    {
        method: "POST",
        path: "/:addToGroups",
        body: { groups: ["group1", "group2"], filter: "userId eq 'user 1'" },
        status: 200,
        length: 0,
    },
    {
        method: "POST",
        path: "/:addToGroups",
        body: { groups: ["group1", "group2"], filter: "invalid filter" },
        ...badFilter("Filter"),
    },
    {
        method: "POST",
        path: "/:removeFromGroups",
        body: { groups: ["group1", "group2"], filter: "invalid filter" },
        ...badFilter("Filter"),
    },
    {
        method: "POST",
        path: "/:addToGroups",
        body: { filter: "userId eq 'user 1'" },
        ...problemOf("Groups", groupText),
        length: 374,
    },
    { method: "POST", path: "/connections/xxxx/:send", body: "hello", status: 202, length: 0 },
    { method: "POST", path: "/users/brian/:send", body: "hello", status: 202, length: 0 },
    { method: "POST", path: "/:closeConnections", status: 204 },
    { method: "POST", path: "/users/xxxx/:closeConnections", status: 204 },
    { method: "DELETE", path: "/connections/xxxx", status: 204 },
    { method: "DELETE", path: "/connections/xxxx/groups", status: 204 },
    { method: "DELETE", path: "/users/brian/groups", status: 204 },
    { method: "DELETE", path: "/groups/group/connections/xxxx", status: 204 },
    {
        method: "PUT",
        path: "/groups/group/connections/xxxx",
        status: 404,
        error: "Error.Connection.NotExisted",
        type: jsonType,
        length: 132,
        answer: missing("Error"),
    },
    {
        method: "PUT",
        path: "/users/fake-user/groups/group1",
        status: 404,
        error: "Warning.User.NotExisted",
        type: jsonType,
        length: 121,
        answer: {
            code: "Warning.User.NotExisted",
            message: "User `fake-user` is not found.",
            target: "User",
            details: null,
            inner: null,
        },
    },
    {
        method: "GET",
        path: "/groups/group1/connections?top=10",
        status: 200,
        type: jsonType,
        length: 12,
        answer: { value: [] },
    },
    {
        method: "HEAD",
        path: "/connections/xxxx",
        status: 404,
        error: "Warning.Connection.NotExisted",
        type: jsonType,
        length: 134,
    },
    { method: "HEAD", path: "/users/foo", status: 404, error: "Warning.User.NotExisted", type: jsonType, length: 115 },
    {
        method: "HEAD",
        path: "/users/fake%20user",
        status: 404,
        error: "Warning.User.NotExisted",
        type: jsonType,
        length: 121,
    },
    {
        method: "HEAD",
        path: "/groups/foo",
        status: 404,
        error: "Warning.Group.NotExisted",
        type: jsonType,
        length: 114,
    },
    {
        method: "HEAD",
        path: "/groups/fake%20group",
        status: 404,
        error: "Warning.Group.NotExisted",
        type: jsonType,
        length: 121,
    },
    {
        method: "PUT",
        path: `${permission}?targetName=x`,
        status: 404,
        error: "Info.Connection.NotExisted",
        type: jsonType,
        length: 131,
        answer: missing("Info"),
    },
    {
        method: "HEAD",
        path: `${permission}?targetName=x`,
        status: 404,
        error: "Info.Connection.NotExisted",
        type: jsonType,
        length: 131,
    },
    { method: "DELETE", path: `${permission}?targetName=x`, status: 204 },
    {
        method: "DELETE",
        path: permission,
        status: 400,
        error: "Error.BadRequest",
        type: jsonType,
        length: 172,
        answer: {
            code: "Error.BadRequest",
            message: groupText,
            target: "Request",
            details: null,
            inner: null,
        },
    },
];

describe("the Web PubSub REST API, as recorded", () => {
    let test: WebPubSubTest;

    before(async () => {
        test = await startWebPubSub({ hub: { eventHandlers: [] } });
    });
    after(() => test.close());

    for (const { method, path, body, status, error, type, length, answer } of recorded) {
        it(
            `${method} ${path} ${body === undefined || body === "hello" ? "" : JSON.stringify(body)}`.trim(),
            async () => {
                const query = path.includes("?") ? "&" : "?";
                const response = await test.rest(method, `/api/hubs/simplechat${path}${query}api-version=2024-12-01`, {
                    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
                    ...(body !== undefined && {
                        contentType: typeof body === "string" ? "text/plain" : "application/json",
                    }),
                });
                const header = (name: string) => response.headers.get(name) ?? undefined;
                assert.equal(response.status, status);
                assert.equal(header("x-ms-error-code"), error);
                assert.equal(header("content-type"), type);
                assert.equal(header("content-length"), length === undefined ? undefined : String(length));
                // The framework refuses before the part that names the versions.
                assert.equal(header("api-supported-versions") === undefined, type?.includes("problem") === true);
                assert.equal(response.text, answer === undefined ? "" : JSON.stringify(answer));
            },
        );
    }

    it("gives the service client an error whose message holds the service's", async () => {
        const credential = new AzureKeyCredential(test.service.keys.primaryKey);
        const client = new WebPubSubServiceClient(test.service.endpoint, credential, "simplechat", {
            allowInsecureConnection: true,
        });
        await assert.rejects(
            client.sendToAll("hello", { contentType: "text/plain", filter: "invalid filter" }),
            (error: { statusCode?: number; message: string }) => {
                assert.equal(error.statusCode, 400);
                assert.equal(JSON.parse(error.message).message, filterText);
                return true;
            },
        );
        assert.equal(await client.connectionExists("xxx"), false);
        await assert.rejects(client.grantPermission("xxx", "joinLeaveGroup", { targetName: "x" }), { statusCode: 404 });
        await client.revokePermission("invalid-id", "joinLeaveGroup", { targetName: "x" });
    });

    // Source: "can generate ... client tokens with dac" of the JavaScript suite.
    it("refuses a token for a kind of client that the service does not know, and makes the others", async () => {
        const { token, assign } = await addTestRole(test.identity, webPubSubId);
        assign();
        const query = "api-version=2024-01-01&userId=brian&minutesToExpire=60&group=group1";
        const ask = (type: string) =>
            test.rest("POST", `/api/hubs/simplechat/:generateToken?${query}&clientType=${type}`, { token });
        const refused = await ask("socketio");
        const message = "The value 'socketio' is not valid.";
        assert.equal(refused.text, JSON.stringify(problemOf("clientType", message).answer));
        const headers = ["content-type", "content-length", "x-ms-error-code", "api-supported-versions"];
        assert.deepEqual(
            [refused.status, ...headers.map((name) => refused.headers.get(name))],
            [400, jsonType, "280", "Error.BadRequest", null],
        );
        for (const type of ["default", "mqtt"]) {
            const answer = await ask(type);
            assert.equal(answer.status, 200);
            assert.deepEqual(Object.keys(JSON.parse(answer.text)), ["token"]);
        }
    });

    // Source: test_get_service_status of the Python suite.
    it("answers the health call without the versions", async () => {
        const answer = await test.rest("HEAD", "/api/health?api-version=2024-12-01", { token: null });
        assert.deepEqual([answer.status, answer.headers.get("api-supported-versions")], [200, null]);
    });

    it("tells a permission that a connection lacks from a connection that is missing", async () => {
        const client = await test.client({ protocols: [json] });
        const path = `/api/hubs/chat/permissions/sendToGroup/connections/${client.connectionId}?targetName=g`;
        const answer = await test.rest("HEAD", path);
        assert.equal(answer.status, 404);
        assert.equal(answer.headers.get("x-ms-error-code"), "Info.Connection.NotExisted");
    });
});
