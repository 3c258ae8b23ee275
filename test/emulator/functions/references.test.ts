import assert from "node:assert/strict";
import path from "node:path";
import { systemClock } from "../../../emulator/core/clock";
import { createSettingReferences, referenceRefreshMilliseconds } from "../../../emulator/functions/references";
import { FakeClock } from "../../support/clock";
import { fixtures, openTestApp } from "../../support/functionApp";

const hour = 60 * 60_000;
const text = "@Microsoft.KeyVault(SecretUri=https://v/secrets/s)";

/** References whose one secret has a value, or an error that reading it gives. */
function openReferences({ keepsValues }: { keepsValues: boolean }) {
    const clock = new FakeClock();
    const vault: { value: string | Error } = { value: "one" };
    const said: string[] = [];
    let restarts = 0;
    const references = createSettingReferences({
        clock,
        keepsValues,
        principalId: () => "p",
        log: (level, message) => said.push(`${level} ${message}`),
        onChange: () => {
            restarts += 1;
        },
        references: {
            resolve: () => {
                if (vault.value instanceof Error) {
                    throw vault.value;
                }
                return vault.value;
            },
        },
    });
    const start = () => references.resolve({ A: text, B: "plain" }).settings;
    return { clock, vault, said, references, start, restarts: () => restarts };
}

describe("functions: Key Vault references in settings", () => {
    // Source: https://learn.microsoft.com/azure/app-service/app-service-key-vault-references, section Rotation: values are kept and
    // fetched again every 24 hours; a change of the configuration restarts the app and fetches all of them at once.
    it("are read again every 24 hours, and the app starts again with another value", async () => {
        const { clock, vault, start, restarts } = openReferences({ keepsValues: true });
        assert.deepEqual(start(), { A: "one", B: "plain" });
        vault.value = "two";
        await clock.advance(24 * hour - 1);
        assert.equal(restarts(), 0);
        await clock.advance(1);
        assert.equal(restarts(), 1);
        assert.deepEqual(start(), { A: "two", B: "plain" });
        await clock.advance(24 * hour);
        assert.equal(restarts(), 1, "the same value needs no other start");
        vault.value = "three";
        await clock.advance(24 * hour);
        assert.equal(restarts(), 2);
    });

    it("keep their value when the app starts again by itself, and are read anew when its configuration changes", () => {
        const { vault, references, start } = openReferences({ keepsValues: true });
        start();
        vault.value = "two";
        assert.equal(start().A, "one");
        references.forget();
        assert.equal(start().A, "two");
    });

    it("are read at every start where changes act at once", () => {
        const { vault, start } = openReferences({ keepsValues: false });
        start();
        vault.value = "two";
        assert.equal(start().A, "two");
    });

    it("keep their last value while the vault refuses, and are tried again a day later", async () => {
        const { clock, vault, said, start, restarts } = openReferences({ keepsValues: true });
        start();
        vault.value = new Error("principal p has no role on vault v");
        await clock.advance(24 * hour);
        assert.equal(restarts(), 0);
        assert.equal(start().A, "one");
        assert.match(said.join("\n"), /^warning .*last value stays: principal p has no role on vault v$/);
        vault.value = "two";
        await clock.advance(24 * hour);
        assert.equal(restarts(), 1);
    });

    it("are tried at each start until they are read", () => {
        const { vault, start } = openReferences({ keepsValues: true });
        vault.value = new Error("not yet");
        assert.equal(start().A, text, "the setting keeps its text");
        vault.value = "one";
        assert.equal(start().A, "one");
    });

    it("leave no timer behind", () => {
        const { clock, references, start } = openReferences({ keepsValues: true });
        start();
        assert.deepEqual(clock.pending(), [24 * hour]);
        references.forget();
        assert.deepEqual(clock.pending(), []);
        start();
        references.close();
        assert.deepEqual(clock.pending(), []);
    });

    it("give a running app the new value", async () => {
        let value = "one";
        let aDayPasses: () => void = () => undefined;
        const test = await openTestApp({
            codeFolder: path.join(fixtures, "v4"),
            settings: {
                WebPubSubForSocketIOConnectionString: `Endpoint=http://localhost;Port=8080;AccessKey=${"A".repeat(44)};Version=1.0;`,
                VERSION: text,
            },
            references: { resolve: () => value },
            clock: {
                ...systemClock,
                after: (milliseconds, callback) => {
                    if (milliseconds < referenceRefreshMilliseconds) {
                        return systemClock.after(milliseconds, callback);
                    }
                    aDayPasses = callback;
                    return () => undefined;
                },
            },
        });
        try {
            const version = async () => (await fetch(test.url("/api/slow?ms=0"))).text();
            assert.equal(await version(), "one");
            value = "two";
            assert.equal(await version(), "one");
            aDayPasses();
            await test.logged(/starts again, because a secret/);
            let seen = "one";
            while (seen === "one") {
                seen = await version();
            }
            assert.equal(seen, "two");
        } finally {
            await test.close();
        }
    });
});
