import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
    existsSync,
    mkdirSync,
    mkdtempSync,
    readFileSync,
    realpathSync,
    rmSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { join, resolve, sep } from "node:path";
import * as signalR from "@microsoft/signalr";
import { io } from "socket.io-client";
import { globSync } from "tinyglobby";
import { WebSocket } from "ws";
import { writeNewProject } from "../../cli/new";
import type { ServiceName } from "../../cli/services";
import { startLocalAzure } from "../../local/testing";

const root = resolve(__dirname, "../..");

/** Sends a text to a new chat with its own client, and resolves with what comes back. */
const clients: Record<ServiceName, (negotiateUrl: string, text: string) => Promise<unknown>> = {
    async socketio(negotiateUrl, text) {
        const { endpoint, path, token } = (await (await fetch(negotiateUrl)).json()) as Record<string, string>;
        const socket = io(endpoint, { path: path ?? "", query: { access_token: token }, transports: ["websocket"] });
        try {
            return await new Promise((heard, failed) => {
                socket.on("connect_error", failed);
                socket.on("message", heard);
                socket.on("connect", () => socket.emit("message", text));
            });
        } finally {
            socket.disconnect();
        }
    },
    async webpubsub(negotiateUrl, text) {
        const { url = "" } = (await (await fetch(negotiateUrl)).json()) as Record<string, string>;
        const socket = new WebSocket(url);
        try {
            return await new Promise((heard, failed) => {
                socket.on("error", failed);
                socket.on("message", (data) => heard(String(data)));
                socket.on("open", () => socket.send(text));
            });
        } finally {
            socket.terminate();
        }
    },
    async signalr(negotiateUrl, text) {
        const connection = new signalR.HubConnectionBuilder()
            .withUrl(negotiateUrl.replace(/\/negotiate$/, ""))
            .configureLogging(signalR.LogLevel.None)
            .build();
        try {
            const heard = new Promise((resolveHeard) => connection.on("message", resolveHeard));
            await connection.start();
            await connection.send("message", text);
            return await heard;
        } finally {
            await connection.stop();
        }
    },
};

describe("a new project", function () {
    this.timeout(120_000);
    let folder: string;
    beforeEach(() => {
        // Inside the repository, where the program finds its packages.
        mkdirSync(join(root, ".azure-realtime/tests"), { recursive: true });
        folder = mkdtempSync(join(root, ".azure-realtime/tests/new-"));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    for (const template of ["socketio", "webpubsub", "signalr"] as const) {
        it(`of ${template} runs as it is, and its chat answers a client`, async () => {
            const path = join(folder, "my-chat");
            const lines = writeNewProject({ folder: path, template, language: "typescript" });
            assert.match(
                lines.join("\n"),
                /my-chat is a project with a .* backend.*\n {2}cd .*my-chat\n {2}npm install\n {2}npm start$/,
            );
            for (const file of ["index.ts", "package.json", "Pulumi.yaml", "README.md"]) {
                assert.doesNotMatch(readFileSync(join(path, file), "utf8"), /\{\{|\}\}/, file);
            }
            assert.equal(existsSync(join(path, ".gitignore")), true);
            // Stands for what npm install does.
            mkdirSync(join(path, "node_modules"));
            symlinkSync(root, join(path, "node_modules/azure-realtime"));
            const azure = await startLocalAzure({ project: path });
            try {
                const { negotiateUrl = "" } = azure.backends.chat ?? {};
                assert.equal(await clients[template](negotiateUrl, "hello"), "hello");
                const page = await fetch(String(azure.outputs.pageUrl));
                assert.match(await page.text(), /<h1>Chat<\/h1>/);
            } finally {
                await azure.close();
            }
        });
    }

    for (const parent of ["plain", "two words", "it's", "a&b", "$HOME", "-dash", "über"]) {
        it(`prints a cd that a shell understands for a project in "${parent}"`, function () {
            if (process.platform === "win32") {
                this.skip();
            }
            const given = join(parent, "my-chat");
            const before = process.cwd();
            process.chdir(folder);
            try {
                const [, enter = ""] = writeNewProject({ folder: given, template: "socketio", language: "typescript" });
                const shell = spawnSync("sh", ["-c", `${enter} && pwd`], { encoding: "utf8" });
                assert.equal(shell.stdout.trim(), join(realpathSync(folder), given), shell.stderr);
            } finally {
                process.chdir(before);
            }
        });
    }

    it("has the version without which Yarn 1 leaves a package out of its workspace", () => {
        const path = join(folder, "my-chat");
        writeNewProject({ folder: path, template: "socketio", language: "typescript" });
        const { version } = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
        assert.match(version, /^\d+\.\d+\.\d+$/);
    });

    it("takes the name of its hub from the setting, so that a hub of another name and a staging slot need no change of the code", () => {
        const files = globSync("templates/{apps,python}/*/**/{function.json,function_app.py}", { cwd: root });
        const bindings = files.flatMap((file) =>
            [...readFileSync(join(root, file), "utf8").matchAll(/\bhub(?:Name)?"?\s*[:=]\s*"([^"]*)"/g)].map(
                ([, hub]) => [file.split(sep)[2], hub],
            ),
        );
        const settings = new Map([
            ["socketio", "%WebPubSubForSocketIOHub%"],
            ["webpubsub", "%WebPubSubHub%"],
            ["signalr", "%AzureSignalRHub%"],
        ]);
        assert.equal(bindings.length, 18);
        for (const [product = "", hub] of bindings) {
            assert.equal(hub, settings.get(product));
        }
    });

    it("is not written over another one", () => {
        const path = join(folder, "mine");
        mkdirSync(path);
        writeFileSync(join(path, "notes.txt"), "");
        assert.throws(
            () => writeNewProject({ folder: path, template: "socketio", language: "typescript" }),
            /is not empty: it has notes.txt/,
        );
    });

    it("is refused in the place of a file, and below one", () => {
        const file = join(folder, "mine");
        writeFileSync(file, "");
        const make = (path: string) => writeNewProject({ folder: path, template: "socketio", language: "typescript" });
        assert.throws(() => make(file), /mine is a file\. Name a folder that is new or empty\.$/);
        assert.throws(
            () => make(join(file, "chat")),
            /chat cannot be written: ENOTDIR.*Name a folder that you may write\.$/,
        );
    });

    for (const name of ["My Chat", "1chat", "chät", "_x"]) {
        it(`is refused in a folder named ${name}`, () =>
            assert.throws(
                () => writeNewProject({ folder: join(folder, name), template: "socketio", language: "typescript" }),
                /becomes the project's: it must be 1-100 lower-case letters/,
            ));
    }
});
