import assert from "node:assert/strict";
import { hostUrl, urlTemplateRule as ruleFor, webhookUrl } from "../../../components/shared/urls";

const urlTemplateRule = ruleFor(["hub", "event"]);
const good = [
    "https://example.com",
    "http://localhost:7071/events",
    "https://example.com/{hub}/{event}?code=1",
    "https://example.com/api?e={EVENT}",
    "https://example.com/x?code={@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/s/1)}",
];

const bad: [string, RegExp][] = [
    ["", /a handler needs a URL/],
    ["/api/events", /is not a URL/],
    ["ftp://example.com", /is not a URL/],
    ["tunnel:///path", /is not a URL/],
    ["https://", /is not a URL/],
    ["https://{hub}.example.com/", /placeholder in its host/],
    ["https://example.com:{Event}/", /placeholder in its host/],
    ["https://exa mple.com/", /no valid host/],
];

describe("addresses", () => {
    it("are https, and http on this machine only", () => {
        assert.equal(hostUrl("chat.azurewebsites.net"), "https://chat.azurewebsites.net");
        assert.equal(hostUrl("localhost:7071"), "http://localhost:7071");
        assert.equal(hostUrl("localhost.example.com"), "https://localhost.example.com");
    });

    it("of a webhook end with the code unchanged", () => {
        assert.equal(
            webhookUrl({ hostName: "app.example.com", extension: "socketio", code: "{@ref}" }),
            "https://app.example.com/runtime/webhooks/socketio?code={@ref}",
        );
    });

    for (const url of good) {
        it(`accepts ${url} as a template`, () => assert.equal(urlTemplateRule(url), undefined));
    }
    for (const [url, reason] of bad) {
        it(`refuses "${url}" as a template`, () => assert.match(urlTemplateRule(url) ?? "", reason));
    }

    it("never shows the query of a refused template, which may hold the key", () => {
        assert.doesNotMatch(urlTemplateRule("example.com/x?code=s3cret") ?? "", /s3cret/);
    });
});
