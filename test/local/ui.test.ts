import assert from "node:assert/strict";
import type { FunctionApp } from "../../emulator/functions";
import type { StackEvent, Step } from "../../local/engine/events";
import { unknownValue } from "../../local/engine/values";
import { functionLines, pageAnswers } from "../../local/ui/functions";
import { outputLines } from "../../local/ui/outputs";
import { plainListener } from "../../local/ui/plain";
import { type TreeNode, treeLines } from "../../local/ui/tree";
import { shortType, summary } from "../../local/ui/words";

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are escape sequences.
const plain = (lines: string[]) => lines.map((line) => line.replace(/\x1b\[\d+m/g, "").trimEnd());

function step(options: Partial<Step>): Step {
    return {
        operation: "created",
        urn: options.name ?? "urn",
        type: "azure-native:webpubsub:WebPubSub",
        name: "service",
        custom: true,
        seconds: 0.12,
        changed: [],
        ...options,
    };
}

describe("the output of a run", () => {
    it("shortens types", () => {
        assert.equal(shortType("azure-native:webpubsub:WebPubSub"), "webpubsub:WebPubSub");
        assert.equal(shortType("random:index/randomString:RandomString"), "random:RandomString");
        assert.equal(shortType("azure-realtime:index:SocketIOBackend"), "azure-realtime:SocketIOBackend");
    });

    it("draws resources under their components, and marks those in progress", () => {
        const label = { custom: true, startedAt: 1000, type: "azure-native:web:WebApp" };
        const nodes: TreeNode[] = [
            { ...label, urn: "c", name: "chat", custom: false, type: "my:index:Backend", parent: "stack" },
            { ...label, urn: "a", name: "app", parent: "c", step: step({ operation: "updated", changed: ["tags.a"] }) },
            { ...label, urn: "b", name: "hub", parent: "c" },
        ];
        assert.deepEqual(plain(treeLines(nodes, 3000)), [
            "└─ chat my:Backend",
            "   ├─ ~ app web:WebApp updated 0.1 s tags.a",
            "   └─ ⠋ hub web:WebApp 2.0 s",
        ]);
    });

    it("prints one line per resource, and only changes while it serves", () => {
        const lines: string[] = [];
        const events: StackEvent[] = [
            { kind: "finished", step: step({}) },
            { kind: "finished", step: step({ operation: "unchanged", name: "hub" }) },
            { kind: "finished", step: step({ custom: false, name: "component" }) },
            { kind: "finished", step: step({ operation: "failed", name: "app", reason: "no such plan" }) },
            { kind: "message", level: "warning", source: "app", text: "restarted" },
        ];
        for (const event of events) {
            plainListener({ print: (line) => lines.push(line), onlyChanges: true })(event);
        }
        assert.deepEqual(
            plain(lines).map((line) => line.replace(/ +/g, " ")),
            [
                "created webpubsub:WebPubSub service 0.1 s",
                "failed webpubsub:WebPubSub app 0.1 s no such plan",
                "warning app: restarted",
            ],
        );
    });

    it("prints what functions log with its time, and with the app's name where several run", () => {
        const lines: string[] = [];
        const on = plainListener({ print: (line) => lines.push(line) });
        const log = { kind: "log", source: "chat", time: Date.UTC(2026, 0, 2, 3, 4, 5, 6), several: false } as const;
        on({ ...log, level: "info", text: "one\ntwo" });
        on({ ...log, level: "warning", text: "three" });
        on({ ...log, level: "error", text: "four", several: true });
        const time = "[2026-01-02T03:04:05.006Z]";
        assert.deepEqual(lines, [`${time} one\n${time} two`, `${time} warning  three`, `${time} chat: error  four`]);
    });

    it("shows control characters of strangers, who can neither clear the screen nor forge a line", () => {
        const hostile = "\u001b[2J\u001b]0;title\u0007\r\nerror  fake line";
        const shown = "\\x1b[2J\\x1b]0;title\\x07";
        const lines: string[] = [];
        const on = plainListener({ print: (line) => lines.push(line) });
        const emulator = { kind: "message", level: "warning", from: "emulator" } as const;
        on({ ...emulator, source: hostile, text: `no function takes '${hostile}'` });
        on({ ...emulator, source: "app", text: hostile, multiline: true });
        on({ kind: "message", level: "info", text: hostile });
        on({ kind: "finished", step: step({ name: hostile, operation: "failed", reason: hostile }) });
        assert.deepEqual(
            lines[0],
            `warning  ${shown}\\r\\nerror  fake line: no function takes '${shown}\\r\\nerror  fake line'`,
        );
        assert.deepEqual(lines.slice(1, 3), [
            `warning  app: ${shown}\n    error  fake line`,
            `${shown}\n    error  fake line`,
        ]);
        assert.match(lines[3] ?? "", /\n {4}error {2}fake line$/);
        const outputs = outputLines({ outputs: { [hostile]: hostile }, secretOutputs: [] });
        const tree = treeLines([{ urn: "a", type: hostile, name: hostile, custom: true, startedAt: 0 }], 0);
        for (const line of [...lines, ...plain(outputs), ...plain(tree)]) {
            // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be printed.
            assert.doesNotMatch(line, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]|^error/m);
        }
    });

    it("lists the functions with their addresses, those that ask for a key, and the page where one answers", () => {
        const app = {
            name: "chat",
            hostName: "localhost:7071",
            logFile: "/logs/app.log",
            addresses: () => [
                {
                    name: "index",
                    trigger: "httpTrigger",
                    path: "/web/index",
                    methods: ["GET"],
                    authLevel: "anonymous",
                    disabled: false,
                },
                { name: "admin", trigger: "httpTrigger", path: "/web/admin", authLevel: "function", disabled: false },
                { name: "tick", trigger: "timerTrigger", disabled: true },
            ],
        } as unknown as FunctionApp;
        assert.deepEqual(plain(functionLines([app])), [
            "",
            "Functions:",
            "    index: [GET] http://localhost:7071/web/index",
            "    admin: http://localhost:7071/web/admin (asks for a key: azure-realtime keys)",
            "    tick: timerTrigger (disabled)",
            "    Log: /logs/app.log",
        ]);
        assert.ok(pageAnswers([app], "http://localhost:7071/web/index"));
        for (const page of ["http://localhost:7071/api/index", "http://localhost:7072/web/index", "no url", ""]) {
            assert.ok(!pageAnswers([app], page), page);
        }
    });

    it("never writes a secret output", () => {
        const lines = outputLines({
            outputs: { url: "http://x", key: "hunter2", later: unknownValue, hubs: ["a"] },
            secretOutputs: ["key"],
        });
        assert.deepEqual(plain(lines), [
            "  url    http://x",
            "  key    [secret]",
            "  later  (known after the update)",
            '  hubs   ["a"]',
        ]);
    });

    it("counts resources without the components", () => {
        const steps = [step({}), step({ operation: "unchanged" }), step({ custom: false })];
        assert.equal(summary(steps), "1 created, 1 unchanged");
        assert.equal(summary([]), "nothing to do");
    });
});
