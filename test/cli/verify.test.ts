import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "../../cli/verify";
import { type ChatBench, createChatBench } from "../support/chatStack";
import { runCli } from "../support/cli";

interface Report {
    passed: boolean;
    checks: Finding[];
}

async function verify(path: string, ...flags: string[]): Promise<Report & { code: number | undefined }> {
    const { code, lines } = await runCli(["verify", path, "--json", "--timeout", "15", ...flags]);
    return { code, ...(JSON.parse(lines.join("")) as Report) };
}

const statuses = ({ checks }: Report) => Object.fromEntries(checks.map(({ check, status }) => [check, status]));
const messageOf = ({ checks }: Report, name: string) => checks.find(({ check }) => check === name)?.message ?? "";

describe("azure-realtime verify, run on the chat in the local Azure", function () {
    this.timeout(60_000);
    let bench: ChatBench;
    let state: string;

    before(async () => {
        bench = createChatBench();
        await bench.start();
        state = join(bench.folder, "state.json");
    });
    after(() => bench.close());

    function changed(name: string, change: (json: { resources: { type: string; name: string }[] }) => unknown): string {
        const path = join(bench.folder, `${name}.json`);
        writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(state, "utf8")))));
        return path;
    }

    it("passes every check, and ends with 0", async () => {
        const report = await verify(state, "--event", "message", "--data", '["hello"]');
        assert.deepEqual([report.code, report.passed], [0, true], JSON.stringify(report.checks));
        assert.deepEqual(statuses(report), {
            negotiation: "passed",
            webhook: "passed",
            listeners: "passed",
            hubs: "passed",
            client: "passed",
            role: "passed",
            bundle: "passed",
        });
        assert.match(messageOf(report, "client"), /^A client connects, "message" is acknowledged, and is disconnected/);
        assert.match(messageOf(report, "bundle"), /ExtensionBundle\.Preview/);
        assert.match(
            messageOf(report, "listeners"),
            /^Functions listen to .*"connect" of hub hub.*"message" of hub hub/,
        );
        assert.match(messageOf(report, "hubs"), /^Hub hub of the code is a hub of the service/);
    });

    it("prints its findings as lines, without any key or token", async () => {
        const { lines, code } = await runCli(["verify", state]);
        assert.equal(code, 0);
        assert.equal(lines.length, 7);
        assert.match(
            lines[1] ?? "",
            /^passed {2}webhook {6}localhost:\d+\/runtime\/webhooks\/socketio accepts the key/,
        );
        const secrets = readFileSync(state, "utf8").match(/"result": ?"(\w{48})"/g) ?? [];
        assert.ok(secrets.length >= 3);
        assert.deepEqual(
            secrets.filter((secret) => lines.join().includes(secret.slice(-49, -1))),
            [],
        );
    });

    it("runs the checks that need only the outputs, and says which ones it skipped", async () => {
        const report = await verify(changed("outputs", (json) => (json as unknown as { outputs: unknown }).outputs));
        assert.equal(report.code, 0);
        assert.deepEqual(statuses(report), {
            negotiation: "passed",
            webhook: "skipped",
            listeners: "skipped",
            hubs: "skipped",
            client: "passed",
            role: "passed",
            bundle: "skipped",
        });
        assert.match(messageOf(report, "webhook"), /pulumi stack export --show-secrets/);
    });

    it("ends with 1 and names the role that the stack lacks", async () => {
        const path = changed("roleless", ({ resources, ...rest }) => ({
            ...rest,
            resources: resources.filter(({ name }) => !name.endsWith("-service-owner")),
        }));
        const report = await verify(path);
        assert.deepEqual([report.code, statuses(report).role], [1, "failed"]);
        assert.match(messageOf(report, "role"), /no role "Web PubSub Service Owner" on \/subscriptions\//);
    });

    it("ends with 1 and says that the host does not accept the key", async () => {
        const { code, lines } = await runCli(["verify", state, "--json", "--webhook-key-env", "VERIFY_TEST_KEY"], {
            env: { VERIFY_TEST_KEY: "wrong" },
        });
        const report = JSON.parse(lines.join("")) as Report;
        assert.deepEqual([code, statuses(report).webhook], [1, "failed"]);
        assert.match(messageOf(report, "webhook"), /answers 401: the host does not accept this key/);
    });

    it("reads the addresses from the component when the program exports none", async () => {
        const report = await verify(changed("library", (json) => ({ ...json, outputs: {} })));
        assert.deepEqual([report.code, statuses(report).client, statuses(report).hubs], [0, "passed", "passed"]);
    });

    it("ends with 1 when the service has another hub than the code", async () => {
        const path = changed("other-hub", ({ resources, ...rest }) => ({
            ...rest,
            resources: resources.map((resource) =>
                resource.type.endsWith(":WebPubSubHub")
                    ? {
                          ...resource,
                          outputs: { ...(resource as unknown as { outputs: object }).outputs, name: "other" },
                      }
                    : resource,
            ),
        }));
        const report = await verify(path);
        assert.deepEqual(
            [report.code, statuses(report).listeners, statuses(report).hubs],
            [1, "failed", "failed"],
            JSON.stringify(report.checks),
        );
        assert.match(messageOf(report, "hubs"), /listens to hub hub, but the service has settings for other/);
    });

    it("ends with 1 when no function acknowledges the event", async () => {
        const { code, lines } = await runCli([
            "verify",
            state,
            "--json",
            "--timeout",
            "1",
            "--event",
            "nobody-listens",
        ]);
        const report = JSON.parse(lines.join("")) as Report;
        assert.deepEqual([code, statuses(report).client], [1, "failed"]);
        assert.match(messageOf(report, "client"), /"nobody-listens" is not acknowledged/);
    });
});
