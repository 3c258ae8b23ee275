import assert from "node:assert/strict";
import type { StackEvent, Step } from "../../local/engine/events";
import { unknownValue } from "../../local/engine/values";
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
