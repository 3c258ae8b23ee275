import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closeServer, listen } from "../../emulator/core/http";
import type { FunctionApp } from "../../emulator/functions";
import { askForKeys, openKeyDesk } from "../../local/keyDesk";
import { keyLines } from "../../local/ui/keys";

const app = {
    name: "chat",
    hostName: "localhost:7071",
    addresses: () => [
        { name: "index", trigger: "httpTrigger", path: "/api/index", authLevel: "anonymous", disabled: false },
        { name: "login", trigger: "httpTrigger", path: "/api/login", authLevel: "function", disabled: false },
    ],
    hostKeys: async () => ({
        masterKey: "m4ster",
        functionKeys: { default: "f0nction" },
        systemKeys: { webpubsub_extension: "syst3m" },
    }),
    functionKeys: async (name: string) => ({ default: `own-${name}` }),
} as unknown as FunctionApp;

const log = () => undefined;

describe("the keys of a running stack", () => {
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "key-desk-"));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    it("are printed with what each opens, and how to call a function that asks for one", async () => {
        const desk = await openKeyDesk({ folder, log, apps: () => [app] });
        try {
            assert.deepEqual(keyLines(await askForKeys({ folder, stack: "local" })), [
                "chat  http://localhost:7071",
                "  master                      m4ster     every function, and /admin",
                "  function default            f0nction   every function with authLevel function",
                "  function login default      own-login  only login",
                "  system webpubsub_extension  syst3m     the webhook of the extension of this name",
                "  Functions that ask for a key: login",
                '  curl -H "x-functions-key: f0nction" "http://localhost:7071/api/login"',
                "  In a browser, append ?code=<key> to the address.",
            ]);
        } finally {
            await desk.close();
        }
    });

    it("are told to the owner of the stack's folder only", async () => {
        const desk = await openKeyDesk({ folder, log, apps: () => [app] });
        try {
            const file = join(folder, "keys.json");
            const { port } = JSON.parse(readFileSync(file, "utf8")) as { port: number };
            assert.equal(statSync(file).mode & 0o777, process.platform === "win32" ? 0o666 : 0o600);
            assert.doesNotMatch(readFileSync(file, "utf8"), /m4ster/);
            for (const headers of [undefined, { authorization: "Bearer x" }, { authorization: "" }]) {
                const response = await fetch(`http://127.0.0.1:${port}/`, headers && { headers });
                assert.equal(response.status, 401);
                assert.equal(await response.text(), "");
            }
        } finally {
            await desk.close();
        }
    });

    it("are told to no page whose name resolves to this machine", async () => {
        const desk = await openKeyDesk({ folder, log, apps: () => [app] });
        try {
            const { port, secret } = JSON.parse(readFileSync(join(folder, "keys.json"), "utf8"));
            const authorization = `Bearer ${secret}`;
            const call = request({ port, host: "127.0.0.1", headers: { host: "evil.example", authorization } }).end();
            const [answer] = (await once(call, "response")) as [IncomingMessage];
            assert.equal(answer.statusCode, 421);
            answer.resume();
        } finally {
            await desk.close();
        }
    });

    it("end the stack in no case, and are not there when an app cannot tell them", async () => {
        const said: string[] = [];
        const broken = { ...app, addresses: () => assert.fail("no addresses") };
        const desk = await openKeyDesk({ folder, log: (_, message) => said.push(message), apps: () => [broken] });
        try {
            await assert.rejects(askForKeys({ folder, stack: "local" }), /does not run/);
            assert.deepEqual(said, ["A request failed: no addresses"]);
        } finally {
            await desk.close();
        }
    });

    const name = "chat";
    const hostName = "localhost:1";
    for (const answer of [
        null,
        5,
        [null],
        [{}],
        [{ name, hostName }],
        [{ name, hostName, functions: [null] }],
        [{ name, hostName, functions: [], host: { masterKey: 5 } }],
        [{ name, hostName, functions: [], host: { masterKey: "m", functionKeys: { a: 1 }, systemKeys: {} } }],
        [{ name, hostName, functions: [], own: { a: null } }],
        "[".repeat(100_000),
    ]) {
        it(`are not taken from another program on the port, which says ${JSON.stringify(answer).slice(0, 80)}`, async () => {
            const server = createServer((_, response) => {
                response.end(typeof answer === "string" ? answer : JSON.stringify(answer));
            });
            try {
                const port = await listen(server);
                writeFileSync(join(folder, "keys.json"), JSON.stringify({ port, secret: "x" }));
                await assert.rejects(askForKeys({ folder, stack: "local" }), /does not run/);
            } finally {
                await closeServer(server);
            }
        });
    }

    it("say why there are none while the app does not run", async () => {
        const failing = { ...app, hostKeys: () => Promise.reject(new Error("Function host is not running.")) };
        const desk = await openKeyDesk({ folder, log, apps: () => [failing] });
        try {
            assert.deepEqual(keyLines(await askForKeys({ folder, stack: "local" })), [
                "chat  http://localhost:7071",
                "  has no keys now: Function host is not running.",
            ]);
        } finally {
            await desk.close();
        }
    });

    it("are not there before the stack runs, after it has ended, and where it was killed", async () => {
        const idle = { message: 'Stack "local" does not run. Start it with azure-realtime start --stack local first.' };
        await assert.rejects(askForKeys({ folder, stack: "local" }), idle);
        const desk = await openKeyDesk({ folder, log, apps: () => [] });
        const left = readFileSync(join(folder, "keys.json"));
        await desk.close();
        await assert.rejects(askForKeys({ folder, stack: "local" }), idle);
        writeFileSync(join(folder, "keys.json"), left);
        await assert.rejects(askForKeys({ folder, stack: "local" }), idle);
    });
});
