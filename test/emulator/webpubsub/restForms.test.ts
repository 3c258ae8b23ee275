import assert from "node:assert/strict";
import { json, startWebPubSub, type WebPubSubTest } from "../../support/webPubSubService";

const hub = "/api/hubs/chat";

describe("the Web PubSub REST API, calls in unusual forms", () => {
    let test: WebPubSubTest;
    beforeEach(async () => {
        test = await startWebPubSub({ hub: { eventHandlers: [] } });
    });
    afterEach(() => test.close());

    // Source: "User IDs in REST URLs" in SUPPORTED_FEATURES.md of the vendor's own emulator.
    const names: [segment: string, name: string][] = [
        ["tenant%2Falice", "tenant%2Falice"],
        ["tenant%2falice", "tenant%2falice"],
        ["tenant%252Falice", "tenant%2Falice"],
        ["alice%20smith", "alice smith"],
        ["alice+bob", "alice+bob"],
        ["%C3%BC%E2%82%AC", "ü€"],
        ["%FF", "%FF"],
        ["100%25", "100%"],
        ["a%23b", "a#b"],
    ];
    for (const [segment, name] of names) {
        it(`finds user and group '${name}' at ${segment}`, async () => {
            await test.client({ userId: name, groups: [name] });
            await test.client({ userId: decoded(segment), groups: [decoded(segment)] });
            const list = await test.rest("GET", `${hub}/groups/${segment}/connections`);
            const users = JSON.parse(list.text).value.map(({ userId }: { userId: string }) => userId);
            assert.deepEqual([...new Set(users)], [name]);
            assert.equal((await test.rest("HEAD", `${hub}/users/${segment}`)).status, 200);
        });
    }

    // Source: "REST access-token audiences" in the same document.
    it("needs an audience that is decoded as the path is, where a name has a slash and other escapes", async () => {
        await test.client({ groups: ["ü%2Fü"] });
        const path = `${hub}/groups/%C3%BC%2F%C3%BC`;
        assert.equal((await test.rest("HEAD", path)).status, 401);
        const token = test.sign(`${test.service.endpoint}${hub}/groups/ü%2Fü`);
        assert.equal((await test.rest("HEAD", path, { token })).status, 200);
    });

    it("needs an audience without a query where a name has a question mark", async () => {
        await test.client({ groups: ["a?b"] });
        const path = `${hub}/groups/a%3Fb`;
        const query = "?api-version=2024-12-01";
        assert.equal((await test.rest("HEAD", path + query)).status, 401);
        const token = test.sign(`${test.service.endpoint}${path}`);
        assert.equal((await test.rest("HEAD", path + query, { token })).status, 200);
    });

    function decoded(segment: string): string {
        try {
            return decodeURIComponent(segment);
        } catch {
            return segment;
        }
    }

    // The service's web server matches the fixed parts of a path in any case.
    for (const path of [
        "/API/Hubs/chat/:SEND",
        `${hub}/:send/`,
        "/api/hubs/CHAT/%3Asend",
        `${hub}/Groups/g/:Send`,
        `${hub}/USERS/u/:send`,
    ]) {
        it(`takes a message at ${path}`, async () => {
            assert.equal((await test.rest("POST", path, { body: "x", contentType: "text/plain" })).status, 202);
        });
    }

    // Source: testSendToConnectionStringWithFilter of the Java suite, and SendToUser and SendToConnection of the vendor's own emulator.
    it("ignores a filter and excluded connections where an operation has none", async () => {
        const client = await test.client({ protocols: [json], userId: "u" });
        const send = async (path: string, query: string) =>
            (await test.rest("POST", `${hub}/${path}/:send?${query}`, { body: path, contentType: "text/plain" }))
                .status;
        const connection = `connections/${client.connectionId}`;
        for (const [path, query] of [
            [connection, "filter=userId%20ne%20%27u%27"],
            [connection, "filter=invalid%20filter"],
            [connection, `excluded=${client.connectionId}`],
            ["users/u", `excluded=${client.connectionId}`],
        ] as const) {
            assert.equal(await send(path, query), 202, query);
            assert.equal((await client.next()).data, path, query);
        }
        assert.equal(await send("users/u", "filter=invalid%20filter"), 400);
    });

    it("names the methods that a path takes", async () => {
        const answer = await test.rest("GET", `${hub}/connections/c`);
        assert.deepEqual([answer.status, answer.headers.get("allow")], [405, "HEAD, DELETE"]);
    });

    it("reads the members of a groups request in any case", async () => {
        const client = await test.client({ protocols: [json], userId: "alice" });
        await test.client({ userId: "bob" });
        const body = '{"Groups":["g"],"FILTER":"userId eq \'alice\'"}';
        const answer = await test.rest("POST", `${hub}/:addToGroups`, { body, contentType: "application/json" });
        assert.equal(answer.status, 200);
        const list = JSON.parse((await test.rest("GET", `${hub}/groups/g/connections`)).text);
        assert.deepEqual(list, { value: [{ connectionId: client.connectionId, userId: "alice" }] });
    });

    // Source: RestApiTests.Permissions.cs of the vendor's own emulator.
    it("takes a permission by its number, and no other number", async () => {
        const { connectionId } = await test.client({ protocols: [json] });
        const call = async (method: string, permission: string) =>
            (await test.rest(method, `${hub}/permissions/${permission}/connections/${connectionId}?targetName=g`))
                .status;
        assert.equal(await call("PUT", "1"), 200);
        assert.equal(await call("HEAD", "SENDTOGROUP"), 200);
        assert.equal(await call("HEAD", "2"), 404);
        assert.equal(await call("PUT", "2"), 200);
        assert.equal(await call("HEAD", "joinLeaveGroup"), 200);
        for (const permission of ["0", "3", "-1", "unknown", "sendToGroup,joinLeaveGroup"]) {
            for (const method of ["HEAD", "PUT", "DELETE"]) {
                assert.equal(await call(method, permission), 400, `${method} ${permission}`);
            }
        }
    });

    it("refuses the revocation after the last that a connection can hold, and the client keeps the right", async () => {
        const { connectionId } = await test.client({ protocols: [json], roles: ["webpubsub.sendToGroup"] });
        const call = (method: string, group: string) =>
            test.rest(method, `${hub}/permissions/sendToGroup/connections/${connectionId}?targetName=${group}`);
        const groups = Array.from({ length: 1000 }, (_, index) => `room${index}`);
        for (const group of groups) {
            await call("DELETE", group);
        }
        const answer = await call("DELETE", "overflow");
        assert.deepEqual([answer.status, answer.headers.get("x-ms-error-code")], [409, "Error.Connection.Conflict"]);
        assert.equal((await call("HEAD", "overflow")).status, 200);
        assert.equal((await call("HEAD", "room999")).status, 404);
    });

    /** Source: the recordings of ServiceClientCanListConnectionsInGroup in Azure/azure-sdk-assets, net/sdk/webpubsub. */
    describe("lists of a group's connections", () => {
        interface Page {
            value: { connectionId: string; userId: string | null }[];
            nextLink?: string;
        }
        const path = `${hub}/groups/group1/connections`;
        const page = async (query: string): Promise<Page> =>
            JSON.parse((await test.rest("GET", `${path}?${query}`)).text) as Page;

        beforeEach(async () => {
            await Promise.all(Array.from({ length: 6 }, () => test.client({ groups: ["group1"] })));
        });

        const lists: [query: string, count: number, pages: number][] = [
            ["top=6", 6, 1],
            ["top=3", 3, 1],
            ["maxpagesize=2", 6, 3],
            ["top=5&maxpagesize=2", 5, 3],
            ["top=20", 6, 1],
        ];
        for (const [query, count, pages] of lists) {
            it(`gives ${count} of 6 connections on ${pages} pages for ${query}`, async () => {
                const seen = new Set<string>();
                let next: string | undefined = `${test.service.endpoint}${path}?${query}`;
                let read = 0;
                while (next !== undefined) {
                    const { value, nextLink }: Page = JSON.parse(
                        (await test.rest("GET", next.slice(test.service.endpoint.length))).text,
                    );
                    for (const { connectionId } of value) {
                        seen.add(connectionId);
                    }
                    next = nextLink;
                    read += 1;
                }
                assert.deepEqual([seen.size, read], [count, pages]);
            });
        }

        it("links to the next page in the service's form, with the parameters that the call has", async () => {
            const first = await page("maxpagesize=2&top=5&api-version=2024-12-01");
            const token = first.value.at(-1)?.connectionId;
            const address = `${test.service.endpoint}${path}`;
            assert.equal(
                first.nextLink,
                `${address}?top=3&maxpagesize=2&continuationToken=${token}&api-version=2024-12-01`,
            );
            const second = await page("maxpagesize=2");
            assert.equal(second.nextLink, `${address}?maxpagesize=2&continuationToken=${token}&api-version=2024-12-01`);
        });

        it("orders ids without regard to case, and takes any text as the place to go on", async () => {
            const ids = (await page("")).value.map(({ connectionId }) => connectionId);
            const sorted = [...ids].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
            assert.deepEqual(ids, sorted);
            // The .NET suite gives a whole link as the token.
            for (const token of ["https://chat.webpubsub.azure.com/api?maxpagesize=1", "abc", "~", "-"]) {
                const rest = await page(`continuationToken=${encodeURIComponent(token)}`);
                const after = ids.filter((id) => id.toLowerCase() > token.toLowerCase());
                assert.deepEqual(rest, { value: after.map((connectionId) => ({ connectionId, userId: null })) });
            }
        });

        for (const query of ["maxpagesize=0", "maxpagesize=201", "maxpagesize=x", "top=0", "continuationToken="]) {
            it(`refuses ${query} as JSON that names the parameter`, async () => {
                const answer = await test.rest("GET", `${path}?${query}`);
                const { code, target, title } = JSON.parse(answer.text);
                assert.deepEqual(
                    [answer.status, answer.headers.get("content-type"), code, target, title],
                    [
                        400,
                        "application/json; charset=utf-8",
                        "Error.BadRequest",
                        query.split("=")[0],
                        "One or more validation errors occurred.",
                    ],
                );
            });
        }
    });
});
