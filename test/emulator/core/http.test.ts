import assert from "node:assert/strict";
import { createServer, get } from "node:http";
import { connect } from "node:net";
import { closeServer, freePort, listen } from "../../../emulator/core/http";

describe("server", () => {
    it("listens on loopback only, on the port wanted", async () => {
        const port = await freePort();
        const server = createServer();
        assert.equal(await listen(server, { port }), port);
        assert.deepEqual(server.address(), { address: "127.0.0.1", family: "IPv4", port });
        await closeServer(server);
    });

    it("takes a free port when the one wanted is taken", async () => {
        const [first, second] = [createServer(), createServer()];
        const port = await listen(first);
        assert.notEqual(await listen(second, { port }), port);
        await closeServer(second);
        await closeServer(first);
    });

    it("passes on an error that another port does not cure", async () => {
        const server = createServer();
        await listen(server);
        await assert.rejects(listen(server), { code: "ERR_SERVER_ALREADY_LISTEN" });
        await closeServer(server);
    });

    it("closes although connections are idle, or wait for an answer", async () => {
        const server = createServer(() => undefined);
        const port = await listen(server);
        const idle = connect(port, "127.0.0.1");
        const idleClosed = new Promise((resolve) => idle.on("error", () => undefined).once("close", resolve));
        const waiting = new Promise((resolve) => get({ host: "127.0.0.1", port }).once("error", resolve));
        await new Promise((resolve) => server.once("request", resolve));
        await closeServer(server);
        await Promise.all([idleClosed, waiting]);
    });

    it("may be closed twice, and before it listened", async () => {
        const server = createServer();
        await closeServer(server);
        await listen(server);
        await Promise.all([closeServer(server), closeServer(server)]);
    });
});
