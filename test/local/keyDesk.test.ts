import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

describe("the keys of a running stack", () => {
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "key-desk-"));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    it("are printed with what each opens, and how to call a function that asks for one", async () => {
        const desk = await openKeyDesk({ folder, apps: () => [app] });
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
        const desk = await openKeyDesk({ folder, apps: () => [app] });
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

    it("say why there are none while the app does not run", async () => {
        const failing = { ...app, hostKeys: () => Promise.reject(new Error("Function host is not running.")) };
        const desk = await openKeyDesk({ folder, apps: () => [failing] });
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
        const desk = await openKeyDesk({ folder, apps: () => [] });
        const left = readFileSync(join(folder, "keys.json"));
        await desk.close();
        await assert.rejects(askForKeys({ folder, stack: "local" }), idle);
        writeFileSync(join(folder, "keys.json"), left);
        await assert.rejects(askForKeys({ folder, stack: "local" }), idle);
    });
});
