import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent as HttpAgent, get as httpGet } from "node:http";
import { Agent as HttpsAgent, get as httpsGet } from "node:https";
import { createServer as createNetServer, connect as netConnect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { connect as tlsConnect } from "node:tls";
import { globSync } from "tinyglobby";
import { type WebSocket as Client, WebSocket, WebSocketServer } from "ws";
import { listen } from "../../../emulator/core/http";
import { type LocalServer, openServer, type ServerOptions } from "../../../emulator/core/server";
import { type Authority, openAuthority } from "../../../emulator/core/tls/authority";
import { createTrustingAgent, fetchOver } from "../../../emulator/core/tls/trust";
import { requestText, sendRaw } from "../../support/rawHttp";
import { repositoryRoot } from "../../support/registeredFunctions";

describe("a server of the emulator", () => {
    let folder: string;
    let authority: Authority;
    let servers: LocalServer[];
    let log: string[];

    before(async () => {
        folder = mkdtempSync(join(tmpdir(), "authority-"));
        authority = await openAuthority({ folder, names: ["chat.example.com"], now: Date.now() });
    });
    after(() => rmSync(folder, { recursive: true, force: true }));
    beforeEach(() => {
        servers = [];
        log = [];
    });
    afterEach(() => Promise.all(servers.map((server) => server.close())));

    async function open(options: Partial<ServerOptions> = {}): Promise<number> {
        const server = await openServer({
            settings: { leaf: async () => authority.leaf },
            log: (level, message) => void log.push(`${level} ${message}`),
            request: (request, response) => void response.end(`${request.method} ${request.url}`),
            ...options,
        });
        servers.push(server);
        return server.port;
    }

    const ask = async (url: string, options: object = {}) => {
        const [response] = await once((url.startsWith("https") ? httpsGet : httpGet)(url, options), "response");
        return text(response);
    };

    it("sends each piece of a stream at once, over http and https", async () => {
        const turn = () => new Promise((resolve) => setImmediate(resolve));
        const port = await open({
            async request(_request, response) {
                for (const piece of ["a", "b", "c"]) {
                    response.write(piece);
                    await turn();
                }
                response.end();
            },
        });
        for (const [get, Agent, scheme] of [
            [httpGet, HttpAgent, "http"],
            [httpsGet, HttpsAgent, "https"],
        ] as const) {
            const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: authority.certificate });
            let fastest = Number.POSITIVE_INFINITY;
            for (let count = 0; count < 20; count++) {
                const began = performance.now();
                const [response] = await once(get(`${scheme}://localhost:${port}/`, { agent }), "response");
                assert.equal(await text(response), "abc");
                fastest = Math.min(fastest, performance.now() - began);
            }
            agent.destroy();
            // A piece that waits for the acknowledgement of the one before waits 40 ms, each time.
            assert.ok(fastest < 30, `${scheme}: ${fastest} ms`);
        }
    });

    for (const host of ["localhost", "127.0.0.1"]) {
        it(`serves http and https on one port, and is trusted as ${host}`, async () => {
            const port = await open();
            assert.equal(await ask(`http://${host}:${port}/plain`), "GET /plain");
            assert.equal(await ask(`https://${host}:${port}/secure`, { ca: authority.certificate }), "GET /secure");
        });
    }

    it("is trusted under the names of vaults and under those that the user allows", async () => {
        const port = await open({ settings: { leaf: async () => authority.leaf, allowedHosts: ["chat.example.com"] } });
        for (const name of ["keys.vault.localhost", "chat.example.com"]) {
            const lookup = (_name: string, _options: object, found: (error: null, all: object[]) => void) =>
                found(null, [{ address: "127.0.0.1", family: 4 }]);
            assert.equal(await ask(`https://${name}:${port}/`, { ca: authority.certificate, lookup }), "GET /", name);
        }
    });

    it("reads a request whose first byte comes alone", async () => {
        const port = await open();
        const socket = netConnect({ port, host: "127.0.0.1" });
        socket.write("G");
        await once(socket, "connect");
        await new Promise((resolve) => setImmediate(resolve));
        socket.write(requestText({ target: "/slow", hosts: ["localhost"] }).slice(1));
        assert.match(await text(socket), /GET \/slow$/);
    });

    it("takes WebSockets over ws and wss", async () => {
        const sockets = new WebSocketServer({ noServer: true });
        const port = await open({
            upgrade: (request, socket, head) =>
                sockets.handleUpgrade(request, socket, head, (client: Client) => client.send(`hello ${request.url}`)),
        });
        for (const [scheme, options] of [
            ["ws", {}],
            ["wss", { ca: authority.certificate }],
        ] as const) {
            const client = new WebSocket(`${scheme}://localhost:${port}/${scheme}`, options);
            const [message] = await once(client, "message");
            assert.equal(String(message), `hello /${scheme}`);
            client.terminate();
        }
    });

    it("answers an upgrade like any other request when it takes no WebSockets", async () => {
        const port = await open();
        const answer = await sendRaw(port, requestText({ hosts: ["localhost"], headers: ["Upgrade: websocket"] }));
        assert.equal(answer.status, 200);
    });

    for (const [what, request] of [
        ["throws", () => assert.fail("broken")],
        ["rejects", async () => assert.fail("broken")],
    ] as const) {
        it(`answers 500 when its handler ${what}, logs it once and goes on`, async () => {
            let calls = 0;
            const port = await open({
                request: (_request, response) => (calls++ === 0 ? request() : void response.end("well")),
            });
            assert.equal((await sendRaw(port, requestText({ hosts: ["localhost"] }))).status, 500);
            assert.deepEqual(log, ["error A request failed: broken"]);
            assert.equal(await ask(`http://localhost:${port}/`), "well");
        });
    }

    it("ends a connection whose upgrade throws, and goes on", async () => {
        const port = await open({ upgrade: () => assert.fail("broken") });
        const upgrade = requestText({ hosts: ["localhost"], headers: ["Upgrade: websocket"] });
        const answer = await sendRaw(port, upgrade.replace("Connection: close", "Connection: Upgrade"));
        assert.equal(answer.status, undefined);
        assert.deepEqual(log, ["error An upgrade failed: broken"]);
        assert.equal(await ask(`http://localhost:${port}/`), "GET /");
    });

    it("goes on after bytes that only begin like TLS, and closes what is silent", async () => {
        const port = await open();
        assert.equal((await sendRaw(port, "\x16\x03\x01nonsense that is no handshake")).status, undefined);
        const silent = netConnect({ port, host: "127.0.0.1" });
        const waiting = netConnect({ port, host: "127.0.0.1" });
        waiting.write("\x16");
        await Promise.all([once(silent, "connect"), once(waiting, "connect")]);
        assert.equal(await ask(`https://localhost:${port}/`, { ca: authority.certificate }), "GET /");
        const closed = [silent, waiting].map((socket) =>
            once(
                socket.resume().on("error", () => undefined),
                "close",
            ),
        );
        await Promise.all(servers.splice(0).map((server) => server.close()));
        await Promise.all(closed);
    });

    it("has no https without a certificate", async () => {
        const port = await open({ settings: {} });
        await assert.rejects(ask(`https://localhost:${port}/`, { ca: authority.certificate }));
        assert.equal(await ask(`http://localhost:${port}/`), "GET /");
    });

    it("says once what to do when a client does not trust the certificate", async () => {
        const port = await open();
        for (let times = 0; times < 2; times++) {
            await refuseCertificate(port);
        }
        assert.equal(log.length, 1, log.join("\n"));
        assert.match(log[0] ?? "", /^warning A client does not trust .*http:\/\/ or ws:\/\//);
    });

    it("is asked by our own agent over http and https, which trusts no other authority", async () => {
        const port = await open();
        const other = mkdtempSync(join(tmpdir(), "authority-"));
        const stranger = await openAuthority({ folder: other, names: [], now: Date.now() });
        rmSync(other, { recursive: true });
        const agent = createTrustingAgent({ authority: async () => authority, isDefault: true });
        const strange = createTrustingAgent({ authority: async () => stranger, isDefault: true });
        for (const scheme of ["http", "https"]) {
            const response = await fetchOver(agent)(`${scheme}://localhost:${port}/`);
            assert.equal(await response.text(), "GET /");
        }
        await assert.rejects(fetchOver(strange)(`https://localhost:${port}/`));
        await Promise.all([agent.destroy(), strange.destroy()]);
    });

    it("is the only way to serve: no other file of the emulator makes a server", () => {
        const known = new Map([
            ["core/server.ts", "makes them"],
            ["core/http.ts", "looks for a free port"],
            ["functions/host/inspection.ts", "asks whether the debugger's port is free"],
            ["functions/index.ts", "hands connections to the app's process, whose server is made by core/server.ts"],
        ]);
        const root = join(repositoryRoot, "emulator");
        const makers = globSync("**/*.ts", { cwd: root }).filter((path) =>
            /\bcreate(Secure)?Server\b|\.Server\(/.test(readFileSync(join(root, path), "utf8")),
        );
        assert.deepEqual(makers.sort(), [...known.keys()].sort());
    });
});

/** Begins a TLS handshake and answers the certificate as a browser does that does not know its authority. */
async function refuseCertificate(port: number): Promise<void> {
    const unknownAuthority = Buffer.from([0x15, 3, 3, 0, 2, 2, 48]);
    const relay = createNetServer((client: Socket) => {
        const server = netConnect({ port, host: "127.0.0.1" });
        client.pipe(server, { end: false });
        client.on("error", () => undefined);
        server.once("data", () => server.end(unknownAuthority));
        server.once("close", () => client.destroy());
    });
    const client = tlsConnect({ port: await listen(relay), host: "127.0.0.1", maxVersion: "TLSv1.2" });
    client.on("error", () => undefined);
    await new Promise((resolve) => client.once("close", resolve));
    relay.close();
}
