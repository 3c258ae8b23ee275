import assert from "node:assert/strict";
import { AzureKeyCredential, WebPubSubServiceClient } from "@azure/web-pubsub";
import { json, startWebPubSub, type WebPubSubTest } from "../../support/webPubSubService";

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
    innererror: null,
});
const badFilter = (target: string) => {
    const message =
        "Invalid syntax for 'invalid filter': Syntax error at position 14 in 'invalid filter'. (Parameter 'filter')";
    return {
        status: 400,
        error: "Error.BadRequest",
        type: "application/problem+json; charset=utf-8",
        length: 416,
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
    };
};
const permission = "/permissions/joinLeaveGroup/connections/xxxx";

/**
 * What the real service answered. Source: the recordings of Azure/azure-sdk-for-js, sdk/web-pubsub/web-pubsub/recordings/node
 * (broadcast with filter, join multiple groups with filter, manage connections and users, grant permissions, trace through the
 * various options), and of Azure/azure-sdk-for-python, azure-messaging-webpubsubservice/tests/recordings (test_no_users_groups).
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
        length: 137,
        answer: missing("Error"),
    },
    {
        method: "HEAD",
        path: "/connections/xxxx",
        status: 404,
        error: "Warning.Connection.NotExisted",
        type: jsonType,
        length: 139,
    },
    { method: "HEAD", path: "/users/foo", status: 404, error: "Warning.User.NotExisted", type: jsonType, length: 120 },
    {
        method: "HEAD",
        path: "/users/fake%20user",
        status: 404,
        error: "Warning.User.NotExisted",
        type: jsonType,
        length: 126,
    },
    {
        method: "HEAD",
        path: "/groups/foo",
        status: 404,
        error: "Warning.Group.NotExisted",
        type: jsonType,
        length: 119,
    },
    {
        method: "HEAD",
        path: "/groups/fake%20group",
        status: 404,
        error: "Warning.Group.NotExisted",
        type: jsonType,
        length: 126,
    },
    {
        method: "PUT",
        path: `${permission}?targetName=x`,
        status: 404,
        error: "Info.Connection.NotExisted",
        type: jsonType,
        length: 136,
        answer: missing("Info"),
    },
    {
        method: "HEAD",
        path: `${permission}?targetName=x`,
        status: 404,
        error: "Info.Connection.NotExisted",
        type: jsonType,
        length: 136,
    },
    { method: "DELETE", path: `${permission}?targetName=x`, status: 204 },
    {
        method: "DELETE",
        path: permission,
        status: 400,
        error: "Error.BadRequest",
        type: jsonType,
        length: 177,
        answer: {
            code: "Error.BadRequest",
            message: "Invalid group name. Valid group name should be in between 1 and 1024 characters long.",
            target: "Request",
            details: null,
            innererror: null,
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
                assert.equal(JSON.parse(error.message).message, badFilter("filter").answer.message);
                return true;
            },
        );
        assert.equal(await client.connectionExists("xxx"), false);
        await assert.rejects(client.grantPermission("xxx", "joinLeaveGroup", { targetName: "x" }), { statusCode: 404 });
        await client.revokePermission("invalid-id", "joinLeaveGroup", { targetName: "x" });
    });

    it("tells a permission that a connection lacks from a connection that is missing", async () => {
        const client = await test.client({ protocols: [json] });
        const path = `/api/hubs/chat/permissions/sendToGroup/connections/${client.connectionId}?targetName=g`;
        const answer = await test.rest("HEAD", path);
        assert.equal(answer.status, 404);
        assert.equal(answer.headers.get("x-ms-error-code"), "Info.Connection.NotExisted");
    });
});
