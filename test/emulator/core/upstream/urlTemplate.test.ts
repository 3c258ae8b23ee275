import assert from "node:assert/strict";
import { createUrlResolver, expandUrlTemplate } from "../../../../emulator/core/upstream/urlTemplate";
import { FakeClock } from "../../../support/clock";

const vault = "https://vault.example/secrets";

function resolver(options: {
    secrets: Record<string, string>;
    clock?: FakeClock;
    reads?: string[];
    principalId?: () => string;
    refreshMilliseconds?: number;
    unreadable?: string[];
}) {
    return createUrlResolver({
        refreshMilliseconds: options.refreshMilliseconds,
        onUnreadable: (message) => void options.unreadable?.push(message),
        clock: options.clock ?? new FakeClock(),
        principalId: options.principalId ?? (() => "p1"),
        references: {
            resolve({ text, principalId }) {
                options.reads?.push(`${principalId} ${text}`);
                const found = Object.entries(options.secrets).find(([name]) => text.includes(`/${name}`));
                if (found === undefined) {
                    throw new Error(`no secret for ${text}`);
                }
                return found[1];
            },
        },
    });
}

describe("URL template", () => {
    it("fills hub and event, percent-encoded, and leaves the rest", () => {
        const template = `https://example.test/{HUB}/{event}/{unknown}/{@Microsoft.KeyVault(SecretUri=${vault}/path)}`;
        assert.equal(
            expandUrlTemplate(template, { hub: "tenant/chat", event: "message sent" }),
            `https://example.test/tenant%2Fchat/message%20sent/{unknown}/{@Microsoft.KeyVault(SecretUri=${vault}/path)}`,
        );
    });

    it("writes half a character, which a client can send in JSON, as U+FFFD", () =>
        assert.equal(
            expandUrlTemplate("https://example.test/{event}", { hub: "h", event: JSON.parse(`"a\\ud83cb"`) as string }),
            "https://example.test/a%EF%BF%BDb",
        ));

    it("puts a secret where its reference is, as the service's identity, and asks with the event named validate", () => {
        const reads: string[] = [];
        const resolve = resolver({ secrets: { key: "a+b==" }, reads });
        const urls = resolve(`https://app.test/hook/{event}?code={@Microsoft.KeyVault(SecretUri=${vault}/key/1)}`, {
            hub: "h",
            event: "e",
        });
        assert.deepEqual(
            { call: urls.call, validate: urls.validate },
            {
                call: "https://app.test/hook/e?code=a%2Bb%3D%3D",
                validate: "https://app.test/hook/validate?code=a%2Bb%3D%3D",
            },
        );
        assert.deepEqual(reads, [`p1 @Microsoft.KeyVault(SecretUri=${vault}/key/1)`]);
    });

    it("does not expand placeholders that are in a secret", () => {
        const resolve = resolver({ secrets: { key: "{hub}" } });
        const urls = resolve(`https://app.test/?code={@Microsoft.KeyVault(SecretUri=${vault}/key)}`, {
            hub: "h",
            event: "e",
        });
        assert.equal(urls.call, "https://app.test/?code=%7Bhub%7D");
    });

    it("reads an unversioned secret again after 30 minutes, and a versioned one never", async () => {
        const clock = new FakeClock();
        for (const [name, reads] of [
            ["key", 2],
            ["key/0123", 1],
        ] as const) {
            const seen: string[] = [];
            const resolve = resolver({ secrets: { key: "k" }, clock, reads: seen });
            const template = `https://app.test/?code={@Microsoft.KeyVault(SecretUri=${vault}/${name})}`;
            resolve(template, { hub: "h", event: "a" });
            await clock.advance(29 * 60_000);
            resolve(template, { hub: "h", event: "b" });
            assert.equal(seen.length, 1);
            await clock.advance(2 * 60_000);
            resolve(template, { hub: "h", event: "c" });
            assert.equal(seen.length, reads, name);
        }
    });

    it("asks again after a failure", () => {
        const secrets: Record<string, string> = {};
        const resolve = resolver({ secrets });
        const template = `https://app.test/?code={@Microsoft.KeyVault(SecretUri=${vault}/key/1)}`;
        assert.throws(() => resolve(template, { hub: "h", event: "e" }), /no secret/);
        secrets.key = "k";
        assert.equal(resolve(template, { hub: "h", event: "e" }).call, "https://app.test/?code=k");
    });

    it("reads again when the identity changes", () => {
        const reads: string[] = [];
        let principalId = "p1";
        const resolve = resolver({ secrets: { key: "k" }, reads, principalId: () => principalId });
        const template = `https://app.test/?code={@Microsoft.KeyVault(SecretUri=${vault}/key/1)}`;
        resolve(template, { hub: "h", event: "a" });
        principalId = "p2";
        resolve(template, { hub: "h", event: "b" });
        resolve(template, { hub: "h", event: "c" });
        assert.deepEqual(
            reads.map((read) => read.slice(0, 2)),
            ["p1", "p2"],
        );
    });

    // Source: learn, azure-signalr/concept-upstream: the service reads the content of a secret every 30 minutes.
    it("keeps secrets and failures as long as it is told, with one line for each failed read", async () => {
        const clock = new FakeClock(Date.UTC(2026, 0, 1));
        const secrets: Record<string, string> = {};
        const reads: string[] = [];
        const unreadable: string[] = [];
        const resolve = resolver({ secrets, clock, reads, unreadable, refreshMilliseconds: 60_000 });
        const template = `https://app.test/{event}?code={@Microsoft.KeyVault(SecretUri=${vault}/key/1)}`;
        const failure = {
            name: "UpstreamError",
            message: /could not be read; the next read is at 2026-01-01T00:01:00Z/,
        };
        assert.throws(() => resolve(template, { hub: "h", event: "a" }), failure);
        secrets.key = "k";
        await clock.advance(59_999);
        assert.throws(() => resolve(template, { hub: "h", event: "b" }), failure);
        assert.equal(reads.length, 1);
        assert.equal(unreadable.length, 1);
        assert.match(unreadable[0] ?? "", /^no secret for .*fail until 2026-01-01T00:01:00Z/);
        await clock.advance(1);
        assert.equal(resolve(template, { hub: "h", event: "c" }).call, "https://app.test/c?code=k");
        secrets.key = "l";
        await clock.advance(59_999);
        assert.equal(resolve(template, { hub: "h", event: "c" }).call, "https://app.test/c?code=k");
        await clock.advance(1);
        assert.equal(resolve(template, { hub: "h", event: "c" }).call, "https://app.test/c?code=l");
    });

    it("refuses what is not an http URL, without showing the query", () => {
        const resolve = resolver({ secrets: {} });
        assert.throws(
            () => resolve("/runtime/webhooks?code=secret", { hub: "h", event: "e" }),
            (error: Error) => /not give an absolute/.test(error.message) && !error.message.includes("secret"),
        );
        assert.throws(() => resolve("tunnel:///x", { hub: "h", event: "e" }), /awps-tunnel/);
    });
});
