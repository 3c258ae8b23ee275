import assert from "node:assert/strict";
import { toCall } from "../../../emulator/functions/host/extensions/webpubsub/actions";
import { callersOf, findConnection } from "../../../emulator/functions/host/extensions/webpubsub/connection";
import {
    decodeStates,
    encodeStates,
    mergeStates,
    toValues,
} from "../../../emulator/functions/host/extensions/webpubsub/states";
import { createSettings } from "../../../emulator/functions/host/settings";

const base = "/api/hubs/my%20hub";

describe("functions: Web PubSub actions", () => {
    const target = { userId: "u", group: "g", connectionId: "c" };
    for (const { action, method, path, query } of [
        { action: { actionName: "addUserToGroup" }, method: "PUT", path: "/users/u/groups/g" },
        { action: { actionName: "removeUserFromGroup" }, method: "DELETE", path: "/users/u/groups/g" },
        { action: { actionName: "removeUserFromAllGroups" }, method: "DELETE", path: "/users/u/groups" },
        { action: { actionName: "addConnectionToGroup" }, method: "PUT", path: "/groups/g/connections/c" },
        { action: { actionName: "removeConnectionFromGroup" }, method: "DELETE", path: "/groups/g/connections/c" },
        {
            action: { actionName: "closeAllConnections", excluded: ["x"], reason: "r" },
            method: "POST",
            path: "/:closeConnections",
            query: { excluded: ["x"], reason: "r" },
        },
        {
            action: { actionName: "closeClientConnection", reason: "r" },
            method: "DELETE",
            path: "/connections/c",
            query: { reason: "r" },
        },
        {
            action: { actionName: "closeGroupConnections" },
            method: "POST",
            path: "/groups/g/:closeConnections",
            query: {},
        },
        {
            action: { actionName: "grantPermission", permission: "sendToGroup", targetName: "t" },
            method: "PUT",
            path: "/permissions/sendToGroup/connections/c",
            query: { targetName: "t" },
        },
        {
            action: { actionName: "revokePermission", permission: "joinLeaveGroup", targetName: "t" },
            method: "DELETE",
            path: "/permissions/joinLeaveGroup/connections/c",
            query: { targetName: "t" },
        },
    ]) {
        it(`makes ${action.actionName} a ${method} of ${path}`, () => {
            const call = toCall({ value: { ...target, ...action }, hub: "my hub" });
            const { isTolerated, ...rest } = call;
            assert.deepEqual(rest, { method, path: `${base}${path}`, ...(query === undefined ? {} : { query }) });
            const missing = new Response(null, { status: 404 });
            assert.equal(isTolerated?.(missing) === true, /^add/.test(action.actionName));
        });
    }

    for (const { actionName, path } of [
        { actionName: "sendToAll", path: "/:send" },
        { actionName: "sendToGroup", path: "/groups/g/:send" },
        { actionName: "sendToUser", path: "/users/u/:send" },
        { actionName: "SendToConnection", path: "/connections/c/:send" },
    ]) {
        it(`sends each data type with ${actionName}`, () => {
            for (const { message, body, contentType } of [
                { message: { data: "2", dataType: "text" }, body: "2", contentType: "text/plain" },
                { message: { data: "{}", dataType: "JSON" }, body: "{}", contentType: "application/json" },
                // WebPubSubDataType.Text is what the actions of Microsoft.Azure.WebJobs.Extensions.WebPubSub start with.
                { message: { data: "x" }, body: "x", contentType: "text/plain" },
                { message: { data: "x", dataType: undefined }, body: "x", contentType: "text/plain" },
                {
                    message: { data: { type: "Buffer", data: [66] } },
                    body: Buffer.from("B"),
                    contentType: "text/plain",
                },
                {
                    message: { data: { type: "Buffer", data: [66, 105, 110] }, dataType: "binary" },
                    body: Buffer.from("Bin"),
                    contentType: "application/octet-stream",
                },
            ]) {
                const call = toCall({ value: { actionName, ...target, ...message }, hub: "my hub" });
                assert.equal(call.path, `${base}${path}`);
                assert.equal(call.contentType, contentType);
                assert.deepEqual(call.body, body);
            }
        });
    }

    for (const { value, error } of [
        { value: { actionName: "unknown" }, error: /^Error: Not supported WebPubSubOperation: unknown\./ },
        { value: { actionName: "toString" }, error: /Not supported/ },
        { value: {}, error: /Not supported WebPubSubOperation: \./ },
        { value: "sendToAll", error: /must be an object/ },
        { value: { actionName: "sendToAll", data: 2, dataType: "text" }, error: /please stringify object/ },
        { value: { actionName: "sendToAll", dataType: "text" }, error: /please stringify object/ },
        { value: { actionName: "sendToAll", data: "x", dataType: "binary" }, error: /please use ArrayBuffer/ },
        {
            value: { actionName: "sendToAll", data: { type: "binary", data: [1] }, dataType: "binary" },
            error: /please use ArrayBuffer/,
        },
        { value: { actionName: "sendToAll", data: "x", dataType: "hello" }, error: /'dataType' is "hello"/ },
        { value: { actionName: "sendToAll", data: "x", dataType: null }, error: /converting value \{null\} to type/ },
        { value: { actionName: "sendToGroup", data: "x" }, error: /'group' must be a text that is not empty/ },
        { value: { actionName: "closeAllConnections", excluded: "x" }, error: /'excluded' must be a list of texts/ },
    ]) {
        it(`refuses ${JSON.stringify(value)}`, () => {
            assert.throws(() => toCall({ value, hub: "h" }), error);
        });
    }
});

describe("functions: Web PubSub connection states", () => {
    const values = new Map([
        ["a", '"x"'],
        ["b", "123"],
        ["c", "no JSON"],
    ]);

    it("are the same after encoding and decoding", () => {
        assert.deepEqual(decodeStates(encodeStates(values)), values);
        assert.deepEqual(toValues(values), { a: "x", b: 123, c: "no JSON" });
    });

    it("are read in the older form, with plain values", () => {
        const header = Buffer.from(JSON.stringify({ a: "x y", b: 123, c: { d: 1 } })).toString("base64");
        assert.deepEqual(toValues(decodeStates(header)), { a: "x y", b: 123, c: { d: 1 } });
    });

    it("are empty without a header, and an error when the header is not valid", () => {
        assert.equal(decodeStates(undefined).size, 0);
        assert.throws(() => decodeStates(Buffer.from("[]").toString("base64")));
        assert.throws(() => decodeStates("?"));
    });

    it("stay as they are when a function returns no object", () => {
        assert.equal(mergeStates(values, "a"), values);
        assert.equal(mergeStates(values, undefined), values);
        assert.equal(mergeStates(values, { b: null }).get("b"), "null");
    });
});

describe("functions: Web PubSub connections", () => {
    const token = async (request: unknown): Promise<string> => JSON.stringify(request);
    const host = (settings: Record<string, string>) => ({ settings: createSettings(settings), token });

    it("are a connection string with its port", () => {
        const value = "Endpoint=http://localhost;Port=8080;AccessKey=abc==A;Version=1.0;";
        assert.deepEqual(findConnection({ name: "Chat", host: host({ Chat: value }) }), {
            endpoint: "http://localhost:8080",
            credential: { accessKey: "abc==A" },
            caller: { host: "localhost", accessKey: "abc==A" },
        });
    });

    // Source: CreateFromConnectionString_SucceedsWithoutAccessKey and RequestValidator.cs of Azure/azure-sdk-for-net.
    for (const value of ["Endpoint=http://localhost:8080", "Endpoint=http://localhost:8080/;AccessKey=;Version=1.0;"]) {
        it(`get events without a key, and call no service: ${value}`, async () => {
            const connection = findConnection({ name: "Chat", host: host({ Chat: value }) });
            assert.deepEqual(connection?.caller, { host: "localhost" });
            assert.ok("token" in connection.credential);
            await assert.rejects(
                connection.credential.token(),
                /'Chat' has no AccessKey.* cannot call http:\/\/localhost:8080/,
            );
        });
    }

    it("leave out a part that has no value, as the vendor's reader does", () => {
        const value = "Endpoint=http://localhost:8080;Managed;AccessKey=abc";
        assert.deepEqual(findConnection({ name: "Chat", host: host({ Chat: value }) })?.credential, {
            accessKey: "abc",
        });
    });

    it("are a service URI with an identity", async () => {
        const settings = { Chat__serviceUri: "https://chat.webpubsub.azure.com", Chat__clientId: "id" };
        const connection = findConnection({ name: "Chat", host: host(settings) });
        assert.equal(connection?.endpoint, "https://chat.webpubsub.azure.com");
        assert.deepEqual(connection?.caller, { host: "chat.webpubsub.azure.com" });
        assert.ok(connection !== undefined && "token" in connection.credential);
        const asked = JSON.parse(await connection.credential.token());
        assert.deepEqual(asked, { resource: "https://webpubsub.azure.com", clientId: "id" });
    });

    it("restrict no events when there is none, and are an error when a named one is missing", () => {
        assert.deepEqual(callersOf({ names: [], host: host({}) }), []);
        assert.throws(() => callersOf({ names: ["Other"], host: host({}) }), /section 'Other'/);
    });

    it("never repeat a key in an error", () => {
        const broken = host({ Chat: "Endpoint=http://localhost;AccessKey=secret;AccessKey=secret" });
        assert.throws(
            () => findConnection({ name: "Chat", host: broken }),
            (error: Error) => !`${error.message}${String(error.cause)}`.includes("secret"),
        );
    });
});
