import assert from "node:assert/strict";
import { type AddressInfo, createServer } from "node:net";
import { FakeClock } from "../../../support/clock";
import { openTestApp } from "../../../support/functionApp";
import { freePort } from "../../../support/ports";
import { writtenApp } from "../../../support/writtenApp";

const code = `
app.http("hold", { authLevel: "anonymous", handler: () => new Promise((resolve) => setTimeout(() => resolve({ body: "held" }), 2500)) });
`;
const hostJson = JSON.stringify({ version: "2.0", functionTimeout: "00:00:01" });

/** The debugger's own answer: which script it would debug. */
async function inspected(port: number): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${port}/json/version`);
    return ((await response.json()) as { Browser?: string }).Browser;
}

describe("an app with a debugger", () => {
    it("says where to attach, keeps the port through deployments, and lets no call time out", async () => {
        const inspectPort = await freePort();
        const test = await openTestApp({ codeFolder: writtenApp(code, { "host.json": hostJson }), inspectPort });
        try {
            const { message, asked } = await test.logged(/The debugger listens/);
            assert.match(
                message,
                new RegExp(
                    `^The debugger listens on 127\\.0\\.0\\.1:${inspectPort}\\. .*"port": ${inspectPort}, "restart": true\\. .*chrome://inspect`,
                ),
            );
            assert.equal(asked, true);
            assert.match(String(await inspected(inspectPort)), /^node\.js\/v/);
            assert.equal(await (await fetch(test.url("/api/hold"))).text(), "held");
            await test.app.setAppSettings({ AzureWebJobsSecretStorageType: "files", AGAIN: "1" });
            assert.equal(test.app.status().state, "Running");
            // The new process opens its debugger when the old one has closed its own.
            while ((await inspected(inspectPort).catch(() => undefined)) === undefined) {
                await new Promise((resolve) => setImmediate(resolve));
            }
            assert.equal(test.entries.filter((entry) => /debugger/i.test(entry.message)).length, 1);
        } finally {
            await test.close();
        }
    });

    it("says that another program has the port, runs, and opens the debugger when the port is free", async () => {
        const other = createServer();
        await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
        const { port } = other.address() as AddressInfo;
        const test = await openTestApp({ codeFolder: writtenApp(code), inspectPort: port });
        try {
            assert.equal(test.app.status().state, "Running");
            const { level, message, asked } = await test.logged(/debugger/);
            // While an update runs, only what somebody asked for is shown.
            assert.deepEqual([level, asked], ["warning", true]);
            assert.match(message, new RegExp(`port ${port} of 127\\.0\\.0\\.1 is taken .* --inspect <port>\\.$`));
            other.close();
            await test.logged(/The debugger listens/);
            assert.match(String(await inspected(port)), /^node\.js\/v/);
        } finally {
            other.close();
            await test.close();
        }
    });

    it("is not replaced for not answering", async () => {
        const clock = new FakeClock();
        const inspectPort = await freePort();
        const test = await openTestApp({ codeFolder: writtenApp(code), inspectPort, clock, deafMilliseconds: 1000 });
        try {
            await clock.advance(100_000);
            assert.equal(test.app.status().state, "Running");
            assert.ok(!test.entries.some(({ message }) => /did not answer/.test(message)));
        } finally {
            await test.close();
        }
    });
});
