import assert from "node:assert/strict";
import { once } from "node:events";
import { get as httpGet, type IncomingMessage } from "node:http";
import { get as httpsGet } from "node:https";
import { join } from "node:path";
import { armId, startTestEmulator, type TestEmulator } from "../support/emulator";
import { fixtures } from "../support/functionApp";
import { requestText, sendRaw, upgradeText } from "../support/rawHttp";

/** Places where a request is answered, with a path that each of them serves. */
interface Place {
    port: number;
    path: string;
    upgrade?: string;
}

const names = ["identity", "vault", "storage", "Socket.IO", "Web PubSub", "SignalR", "app", "stopped app"] as const;
type Name = (typeof names)[number];

const malformed: [string, (port: number) => string][] = [
    ["a Host with two colons", () => requestText({ hosts: ["a:b:c"] })],
    ["a Host that is an open bracket", () => requestText({ hosts: ["["] })],
    ["a Host with an address that is none", () => requestText({ hosts: ["[::zz]:80"] })],
    ["a Host with a port that is none", () => requestText({ hosts: ["localhost:65536"] })],
    ["a Host with a user", (port) => requestText({ hosts: [`evil@localhost:${port}`] })],
    ["a Host with a path", (port) => requestText({ hosts: [`localhost:${port}/x`] })],
    ["a Host with a blank", (port) => requestText({ hosts: [`localhost: ${port}`] })],
    ["a Host with percent-encoding", (port) => requestText({ hosts: [`%6cocalhost:${port}`] })],
    ["a Host with bytes above ASCII", (port) => requestText({ hosts: [`loc\u00e4lhost:${port}`] })],
    ["an empty Host", () => requestText({ hosts: [""] })],
    ["no Host in HTTP/1.1", () => requestText({ hosts: [] })],
    ["no Host in HTTP/1.0", () => requestText({ hosts: [], version: "1.0" })],
    ["two Hosts", (port) => requestText({ hosts: [`localhost:${port}`, "evil.example"] })],
    ["two equal Hosts", (port) => requestText({ hosts: [`localhost:${port}`, `localhost:${port}`] })],
    ["target //", (port) => requestText({ target: "//", hosts: [`localhost:${port}`] })],
    ["target //evil.example/", (port) => requestText({ target: "//evil.example/", hosts: [`localhost:${port}`] })],
    ["target /\\evil.example/", (port) => requestText({ target: "/\\evil.example/", hosts: [`localhost:${port}`] })],
    ["a target with a tab", (port) => requestText({ target: "/\t/evil.example/", hosts: [`localhost:${port}`] })],
    ["target http://", (port) => requestText({ target: "http://", hosts: [`localhost:${port}`] })],
    [
        "an absolute target",
        (port) => requestText({ target: `http://localhost:${port}/`, hosts: [`localhost:${port}`] }),
    ],
    [
        "an absolute target elsewhere",
        (port) => requestText({ target: "http://evil.example/", hosts: [`localhost:${port}`] }),
    ],
    ["target *", (port) => requestText({ method: "OPTIONS", target: "*", hosts: [`localhost:${port}`] })],
    ["target ?", (port) => requestText({ target: "?", hosts: [`localhost:${port}`] })],
    ["a target without a slash", (port) => requestText({ target: "api/index", hosts: [`localhost:${port}`] })],
    [
        "CONNECT",
        (port) => requestText({ method: "CONNECT", target: `localhost:${port}`, hosts: [`localhost:${port}`] }),
    ],
    ["bytes that are no request", () => "\0\0\0\r\n\r\n"],
];

const misdirected = [
    "evil.example",
    "localhost.evil.example",
    "evil-localhost",
    "xlocalhost",
    "127.0.0.1.evil.example",
    "127.0.0.2",
    "0.0.0.0",
    "2130706433",
    "0x7f000001",
    "[::2]",
    "[::ffff:127.0.0.1]",
    "192.168.1.10",
];

const oddTargets = [
    ...["/%", "/%zz", "/%ff", "/%00", "/a%2f..%2fb", "/..%5c", "/?%", "/?a=%ff&a", "/?__proto__=1", "/a/../../b", "/;"],
    ...["/admin/%", "/admin/%zz/%ff", "/runtime/webhooks/%", "/runtime/webhooks/%ff?code=%", "/api/%", "/api/%ff/%00"],
    ...[
        "/msi/token?resource=%",
        "/msi/token?api-version=%ff",
        "/secrets/%",
        "/secrets/%ff?api-version=7.6",
        "/files/%",
    ],
    ...[
        "/files/%ff/%00?comp=%",
        "/api/hubs/%/:send",
        "/api/v1/hubs/%ff",
        "/client/hubs/%",
        "/client/?hub=%",
        "/client/%",
    ],
    "/clients/socketio/hubs/%/?EIO=4&transport=polling",
    "/clients/socketio/hubs/chat/?EIO=%&transport=%",
    "/constructor/__proto__/%63",
];

const own = ["localhost", "LOCALHOST", "localhost.", "127.0.0.1", "[::1]", "[0:0:0:0:0:0:0:1]", "keys.vault.localhost"];

describe("every port of the emulator", function () {
    this.timeout(30_000);
    let test: TestEmulator;
    const places = new Map<Name, Place>();

    before(async () => {
        test = await startTestEmulator({ allowedHosts: ["chat.example.com", "proxy.test:8080"] });
        const { emulator } = test;
        const add = (name: Name, port: number, path: string, upgrade?: string) =>
            places.set(name, { port, path, ...(upgrade !== undefined && { upgrade }) });
        const vault = await emulator.openVault({ id: armId("Microsoft.KeyVault/vaults/keys"), name: "keys" });
        const account = await emulator.openStorageAccount({
            id: armId("Microsoft.Storage/storageAccounts/files"),
            name: "files",
        });
        const service = (name: string) => ({ id: armId(`Microsoft.SignalRService/webPubSub/${name}`), name });
        const socketIO = await emulator.openSocketIOService(service("sio"));
        const webPubSub = await emulator.openWebPubSubService(service("wps"));
        const signalR = await emulator.openSignalRService({ ...service("asrs"), serviceMode: "Serverless" });
        socketIO.setHub("chat", {});
        const app = (name: string) => ({
            id: armId(`Microsoft.Web/sites/${name}`),
            name,
            identities: {},
            folder: join(test.folder, name),
            codeFolder: join(fixtures, "streams"),
        });
        const running = await emulator.openFunctionApp(app("running"));
        await running.setAppSettings({ AzureWebJobsSecretStorageType: "files" });
        await running.ready();
        const stopped = await emulator.openFunctionApp(app("stopped"));
        add("identity", Number(new URL(emulator.identity.endpoint).port), "/msi/token");
        add("vault", vault.port, "/secrets");
        add("storage", account.port, "/files/?comp=list");
        add("Socket.IO", socketIO.port, "/api/health", "/clients/socketio/hubs/chat/?EIO=4&transport=websocket");
        add("Web PubSub", webPubSub.port, "/api/health", "/client/hubs/chat");
        add("SignalR", signalR.port, "/api/health", "/client/?hub=chat");
        add("app", running.port, "/");
        add("stopped app", stopped.port, "/");
    });
    after(() => test.close());

    const placeOf = (name: Name) => places.get(name) as Place;

    for (const name of names) {
        it(`answers 400 to what is malformed, and keeps serving (${name})`, async () => {
            const { port, path } = placeOf(name);
            for (const [what, text] of malformed) {
                assert.equal((await sendRaw(port, text(port))).status, 400, what);
            }
            const { status } = await sendRaw(port, requestText({ target: path, hosts: [`localhost:${port}`] }));
            assert.ok((status !== undefined && ![400, 421, 500].includes(status)) || name === "identity", `${status}`);
        });

        it(`answers over https as over http, and checks the host there as well (${name})`, async () => {
            const { port, path } = placeOf(name);
            const { certificate: ca } = await test.emulator.authority();
            const ask = async (get: typeof httpGet, url: string, options: object = {}) => {
                const [answer] = (await once(get(url, options), "response")) as [IncomingMessage];
                answer.resume();
                return answer.statusCode;
            };
            const plain = await ask(httpGet, `http://localhost:${port}${path}`);
            assert.equal(await ask(httpsGet, `https://localhost:${port}${path}`, { ca }), plain);
            const headers = { host: `evil.example:${port}` };
            assert.equal(
                await ask(httpsGet, `https://localhost:${port}${path}`, { ca, headers, servername: "localhost" }),
                421,
            );
        });

        it(`takes odd targets without failing (${name})`, async () => {
            const { port } = placeOf(name);
            for (const target of oddTargets) {
                const { status = 0 } = await sendRaw(port, requestText({ target, hosts: ["localhost"] }));
                assert.ok(
                    status >= 200 && (status < 500 || (status === 503 && name === "stopped app")),
                    `${target}: ${status}`,
                );
            }
        });

        it(`answers 421 to a request for another host (${name})`, async () => {
            const { port, path } = placeOf(name);
            for (const host of misdirected.flatMap((other) => [other, `${other}:${port}`])) {
                const { status, text } = await sendRaw(port, requestText({ target: path, hosts: [host] }));
                assert.equal(status, 421, host);
                assert.match(text, new RegExp(`localhost:${port}`), host);
            }
        });

        it(`answers requests for this machine and for the hosts that the user allows (${name})`, async () => {
            const { port, path } = placeOf(name);
            const allowed = ["chat.example.com", "CHAT.example.com:443", "proxy.test:8080"];
            const answers = new Set<number | undefined>();
            for (const host of [...own.flatMap((one) => [one, `${one}:${port}`]), ...allowed]) {
                const { status } = await sendRaw(port, requestText({ target: path, hosts: [host] }));
                assert.notEqual(status, 421, host);
                answers.add(status);
            }
            assert.equal(answers.size, 1, "the Host changes nothing else");
            for (const host of ["proxy.test", "proxy.test:80"]) {
                assert.equal((await sendRaw(port, requestText({ target: path, hosts: [host] }))).status, 421, host);
            }
        });
    }

    for (const name of ["Socket.IO", "Web PubSub", "SignalR"] as const) {
        it(`checks WebSocket upgrades as well (${name})`, async () => {
            const { port, upgrade = "" } = placeOf(name);
            const status = async (hosts: string[], target = upgrade) =>
                (await sendRaw(port, upgradeText(target, hosts))).status;
            assert.equal(await status([`localhost:${port}`]), 401, "the token is missing");
            assert.equal(await status(["chat.example.com"]), 401);
            assert.equal(await status([`evil.example:${port}`]), 421);
            assert.equal(await status([]), 400);
            assert.equal(await status(["a:b:c"]), 400);
            assert.equal(await status([`localhost:${port}`, `localhost:${port}`]), 400);
            assert.equal(await status([`localhost:${port}`], `//${upgrade}`), 400);
            assert.equal(await status([`localhost:${port}`], `http://localhost:${port}${upgrade}`), 400);
        });
    }

    it("says in the log which host it refused, and how to allow it", async () => {
        const { port } = await test.emulator.openVault({ id: armId("Microsoft.KeyVault/vaults/other"), name: "other" });
        for (let times = 0; times < 3; times++) {
            await sendRaw(port, requestText({ hosts: ["tunnel.example"] }));
        }
        const lines = test.log.filter(({ message }) => message.includes("tunnel.example"));
        assert.deepEqual(
            lines.map(({ level, source }) => ({ level, source })),
            [{ level: "warning", source: "other" }],
        );
        assert.match(lines[0]?.message ?? "", /--allow-host tunnel\.example/);
    });
});
