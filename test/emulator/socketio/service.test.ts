import assert from "node:assert/strict";
import { deriveServiceKey } from "../../../emulator/core/service/keys";
import { signConnection } from "../../../emulator/core/upstream/signature";
import { connected, next, startTestService } from "../../support/socketIOService";
import { until } from "../../support/until";

describe("Socket.IO service", () => {
    it("gives its address and connection strings in the form that app settings take", async () => {
        const test = await startTestService({ accessKeys: { primaryKey: "one", secondaryKey: "two" } });
        const { service } = test;
        assert.equal(service.hostName, `localhost:${service.port}`);
        assert.equal(service.endpoint, `http://localhost:${service.port}`);
        assert.deepEqual(service.keys, {
            primaryKey: "one",
            secondaryKey: "two",
            primaryConnectionString: `Endpoint=http://localhost:${service.port};AccessKey=one;Version=1.0;`,
            secondaryConnectionString: `Endpoint=http://localhost:${service.port};AccessKey=two;Version=1.0;`,
        });
        await test.close();
    });

    it("takes the port it is asked for, and a free one when that is taken", async () => {
        const first = await startTestService();
        const second = await startTestService({ port: first.service.port });
        assert.notEqual(second.service.port, first.service.port);
        const { port } = second.service;
        await second.close();
        const third = await startTestService({ port });
        assert.equal(third.service.port, port);
        await third.close();
        await first.close();
    });

    it("refuses the old keys and signs with the new ones once they change, and keeps its clients", async () => {
        const test = await startTestService();
        const socket = await connected(await test.client());
        const old = test.service.keys.primaryKey;
        test.service.update({ accessKeys: { primaryKey: "new primary", secondaryKey: "new secondary" } });
        await next(await test.client({ token: await test.token({ key: old }) }), "connect_error");
        await connected(await test.client());
        socket.emit("e");
        await until(() => test.handler.events().some(({ headers }) => headers["ce-eventname"] === "e"), "the event");
        const { headers } =
            test.handler.events().find(({ headers }) => headers["ce-eventname"] === "e") ?? assert.fail();
        assert.equal(
            headers["ce-signature"],
            signConnection(String(headers["ce-connectionid"]), ["new primary", "new secondary"]),
        );
        await test.close();
    });

    it("accepts the tokens it made before a restart with the same keys", async () => {
        const accessKeys = { primaryKey: "one", secondaryKey: "two" };
        const first = deriveServiceKey({ access: accessKeys, id: "a" });
        assert.ok(first.equals(deriveServiceKey({ access: accessKeys, id: "a" })));
        assert.ok(!first.equals(deriveServiceKey({ access: accessKeys, id: "b" })));
    });

    it("closes at once, with clients on both transports and a handler that hangs, and logs nothing of it", async () => {
        const test = await startTestService();
        await connected(await test.client({ transports: ["polling"] }));
        const socket = await connected(await test.client({ transports: ["websocket"] }));
        test.handler.respond = () => "hang";
        socket.emit("e");
        await until(() => test.handler.events().some(({ headers }) => headers["ce-eventname"] === "e"), "the event");
        const gone = next(socket, "disconnect");
        await test.service.close();
        await gone;
        await test.close();
        assert.deepEqual(test.warnings(), []);
    });
});
