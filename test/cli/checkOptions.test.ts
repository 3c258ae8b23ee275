import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { buildPackage } from "../support/build";
import { runCli } from "../support/cli";

const root = resolve(__dirname, "../..");

describe("a check that shows what it does", function () {
    this.timeout(120_000);

    for (const command of [["check"], ["start", "--check"]]) {
        it(`is refused by ${command.join(" ")} where nobody could see it`, async () => {
            await assert.rejects(runCli([...command, "--record"]), {
                name: "UsageError",
                message: /^--record has no use for a check: .* Send it to a viewer with --otlp\.$/,
            });
        });
    }

    it("sends its events to a receiver before it ends", async () => {
        buildPackage();
        const paths: string[] = [];
        const receiver = createServer((request, response) => {
            paths.push(request.url ?? "");
            request.resume().on("end", () => response.setHeader("content-type", "application/json").end("{}"));
        });
        mkdirSync(join(root, ".azure-realtime/tests"), { recursive: true });
        const folder = mkdtempSync(join(root, ".azure-realtime/tests/check-"));
        try {
            await once(receiver.listen(0, "127.0.0.1"), "listening");
            const { port } = receiver.address() as AddressInfo;
            writeFileSync(join(folder, "Pulumi.yaml"), "name: chat\nruntime: nodejs\nmain: index.js\n");
            writeFileSync(
                join(folder, "index.js"),
                'new (require("@pulumi/pulumi").CustomResource)("random:index/randomPet:RandomPet", "pet", {});',
            );
            const output = await new Promise<string>((done) =>
                execFile(
                    process.execPath,
                    [
                        ...[join(root, "dist/cli/azure-realtime.js"), "check", "-C", folder],
                        ...["--otlp", `http://127.0.0.1:${port}`],
                    ],
                    (_error, stdout, stderr) => done(`${stdout}${stderr}`),
                ),
            );
            assert.match(output, /the program has no backend of azure-realtime to check/);
            assert.ok(paths.includes("/v1/logs"), `${paths.join()}\n${output}`);
        } finally {
            receiver.close();
            rmSync(folder, { recursive: true, force: true });
        }
    });
});
