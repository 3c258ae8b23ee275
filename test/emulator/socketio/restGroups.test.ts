import assert from "node:assert/strict";
import { connected, next, startTestService, type TestService } from "../../support/socketIOService";
import { until } from "../../support/until";

const text = "text/plain";
const json = "application/json";

describe("Socket.IO data plane: groups", () => {
    let test: TestService;
    beforeEach(async () => {
        test = await startTestService();
    });
    afterEach(() => test.close());

    const badGroups = [
        "",
        "{",
        "null",
        "[]",
        "42",
        "{}",
        '{"filter":"true"}',
        '{"groups":null}',
        '{"groups":[]}',
        '{"groups":"room"}',
        '{"groups":["room",null]}',
        '{"groups":["room",42]}',
        '{"groups":["room",""]}',
        '{"groups":["room"," \\t"]}',
        '{"groups":["room"],"filter":42}',
        '{"groups":["room"],"filter":" "}',
        '{"groups":["room"],"filter":"true or userId"}',
        '{"groups":["room"],"filter":"groups/any(g: g)"}',
        '{"groups":["room"],"filter":"unknown eq 1"}',
        JSON.stringify({ groups: ["room", "g".repeat(1025)] }),
    ];
    for (const body of badGroups) {
        it(`refuses :addToGroups with ${body.slice(0, 50) || "nothing"}, and changes nothing`, async () => {
            await connected(await test.client());
            for (const operation of ["addToGroups", "removeFromGroups"]) {
                const answer = await test.rest("POST", `/api/hubs/hub/:${operation}`, { body, contentType: json });
                assert.equal(answer.status, 400);
                assert.equal(answer.headers.get("x-ms-error-code"), "Error.BadRequest");
                const { code, target, details, errors } = JSON.parse(answer.text);
                // Members are refused by the service's framework, a body that is none of its own by the service.
                const isFilter = /"groups":.*"filter":"/.test(body);
                const isProblem = body.startsWith("{") && body.length > 1 && !body.endsWith("42}");
                const expected = isProblem ? (isFilter ? "Filter" : "Groups") : "Request";
                assert.deepEqual([code, target], ["Error.BadRequest", expected]);
                assert.deepEqual([details === null, errors !== undefined], [!isProblem, isProblem]);
            }
            assert.equal((await test.rest("HEAD", "/api/hubs/hub/groups/room")).status, 404);
        });
    }

    for (const contentType of [
        text,
        "application/octet-stream",
        "application/xml",
        "application/json; charset=unknown",
    ]) {
        it(`answers 415 to :addToGroups as ${contentType}`, async () => {
            assert.equal(
                (await test.rest("POST", "/api/hubs/hub/:addToGroups", { body: '{"groups":["room"]}', contentType }))
                    .status,
                415,
            );
        });
    }

    for (const filter of ["", ',"filter":null', ',"filter":""']) {
        it(`takes every connection when :addToGroups has ${filter || "no filter"}`, async () => {
            await connected(await test.client());
            const groups = Array.from({ length: 1025 }, (_, index) => `g${index}`);
            const body = `{"groups":${JSON.stringify(groups)}${filter}}`;
            assert.equal(
                (await test.rest("POST", "/api/hubs/hub/:addToGroups", { body, contentType: json })).status,
                200,
            );
            assert.equal((await test.rest("HEAD", "/api/hubs/hub/groups/g1024")).status, 200);
            assert.equal(
                (await test.rest("POST", "/api/hubs/hub/:removeFromGroups", { body, contentType: json })).status,
                200,
            );
            assert.equal((await test.rest("HEAD", "/api/hubs/hub/groups/g1024")).status, 404);
        });
    }

    it("answers with the filter's own error", async () => {
        const answer = await test.send({ filter: "userId lt 1" }, '42["x"]');
        assert.equal(
            JSON.parse(answer.text).message,
            "Invalid syntax for 'userId lt 1': Type 'string', expect 'int'. (Parameter 'filter')",
        );
    });

    it("keeps users and connections in groups, finds them, and closes them", async () => {
        const ann = await connected(await test.client({ userId: "ann" }));
        const connection = test.connectionIdOf(ann);
        const steps: [method: string, path: string, status: number][] = [
            ["HEAD", `connections/${connection}`, 200],
            ["HEAD", "connections/missing", 404],
            ["HEAD", "users/ann", 200],
            ["HEAD", "users/ANN", 404],
            ["PUT", `groups/room/connections/${connection}`, 200],
            ["PUT", "groups/room/connections/missing", 404],
            ["HEAD", "groups/room", 200],
            ["HEAD", "groups/ROOM", 404],
            ["DELETE", `groups/room/connections/${connection}`, 204],
            ["DELETE", "groups/room/connections/missing", 204],
            ["HEAD", "groups/room", 404],
            ["PUT", "users/ann/groups/a%2Fb", 200],
            ["PUT", "users/nobody/groups/a", 404],
            ["HEAD", "groups/a%2Fb", 200],
            ["DELETE", "users/ann/groups/a%2Fb", 204],
            ["HEAD", "groups/a%2Fb", 404],
            ["PUT", "users/ann/groups/c", 200],
            ["DELETE", "users/ann/groups", 204],
            ["HEAD", "groups/c", 404],
            ["PUT", "users/ann/groups/d", 200],
            ["DELETE", `connections/${connection}/groups`, 204],
            ["HEAD", "groups/d", 404],
            ["PUT", `permissions/sendToGroup/connections/${connection}?targetName=g`, 200],
            ["HEAD", `permissions/sendToGroup/connections/${connection}?targetName=g`, 200],
            ["HEAD", `permissions/joinLeaveGroup/connections/${connection}?targetName=g`, 404],
            ["DELETE", `permissions/sendToGroup/connections/${connection}?targetName=g`, 204],
            ["HEAD", `permissions/sendToGroup/connections/${connection}?targetName=g`, 404],
            ["PUT", `permissions/sendToGroup/connections/${connection}`, 400],
            ["PUT", `permissions/other/connections/${connection}?targetName=g`, 400],
            ["PUT", "permissions/sendToGroup/connections/missing?targetName=g", 404],
            ["DELETE", "connections/missing", 204],
        ];
        for (const [method, path, status] of steps) {
            assert.equal((await test.rest(method, `/api/hubs/hub/${path}`)).status, status, `${method} ${path}`);
        }
        const missing = await test.rest("PUT", "/api/hubs/hub/groups/room/connections/missing");
        assert.deepEqual(JSON.parse(missing.text), {
            code: "Error.Connection.NotExisted",
            message: "Connection `missing` is not found.",
            target: "Connection",
            details: null,
            inner: null,
        });

        const gone = next(ann, "disconnect");
        assert.equal(
            (await test.rest("DELETE", `/api/hubs/hub/connections/${connection}?reason=test-close`)).status,
            204,
        );
        await gone;
        await until(
            () => test.handler.events().some(({ headers }) => headers["ce-eventname"] === "disconnected"),
            "the event",
        );
        assert.deepEqual(JSON.parse(test.handler.events().at(-1)?.body ?? ""), { reason: "test-close" });
    });

    it("closes the connections of a hub, a group and a user, but not the excluded ones", async () => {
        for (const path of [":closeConnections", "groups/room/:closeConnections", "users/ann/:closeConnections"]) {
            const [keep, close] = [
                await connected(await test.client({ userId: "ann" })),
                await connected(await test.client({ userId: "ann" })),
            ];
            await test.rest("POST", "/api/hubs/hub/:addToGroups", { body: '{"groups":["room"]}', contentType: json });
            const gone = next(close, "disconnect");
            assert.equal(
                (await test.rest("POST", `/api/hubs/hub/${path}?excluded=${test.connectionIdOf(keep)}`)).status,
                204,
            );
            await gone;
            assert.equal(keep.connected, true, path);
            keep.disconnect();
            await until(() => test.service.connections() === 0, "the kept client to leave");
        }
    });

    it("lists a group's connections page by page", async () => {
        for (const userId of ["a", "b", "c"]) {
            await connected(await test.client({ userId }));
        }
        await test.rest("POST", "/api/hubs/hub/:addToGroups", { body: '{"groups":["room"]}', contentType: json });
        const users: string[] = [];
        let path = "/api/hubs/hub/groups/room/connections?maxpagesize=2";
        let pages = 0;
        while (path !== "") {
            const page = JSON.parse((await test.rest("GET", path)).text);
            users.push(...page.value.map(({ userId }: { userId: string }) => userId));
            path = page.nextLink?.slice(test.service.endpoint.length) ?? "";
            pages += 1;
        }
        assert.deepEqual([users.sort(), pages], [["a", "b", "c"], 2]);
        const top = JSON.parse((await test.rest("GET", "/api/hubs/hub/groups/room/connections?top=1")).text);
        assert.deepEqual([top.value.length, "nextLink" in top], [1, false]);
        for (const query of [
            "maxpagesize=0",
            "maxpagesize=201",
            "maxpagesize=x",
            "top=0",
            "continuationToken=",
            "top=1&top=2",
        ]) {
            assert.equal((await test.rest("GET", `/api/hubs/hub/groups/room/connections?${query}`)).status, 400, query);
        }
    });
});
