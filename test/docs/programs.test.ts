import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { functionFolder } from "../support/functionFolder";
import { plain, runProgram } from "../support/pulumi";
import { repositoryRoot } from "../support/registeredFunctions";

const codePath = functionFolder();

/** Runs a page's program, with this repository as the package and an existing folder. */
async function runPage(page: string) {
    const [, shown = ""] = /^```ts\n(import .*?)^```/ms.exec(readFileSync(join(repositoryRoot, page), "utf8")) ?? [];
    assert.notEqual(shown, "", `${page} shows no program`);
    const program = shown
        .replace('"azure-realtime"', JSON.stringify(join(repositoryRoot, "components")))
        .replace(/codePath: "[^"]*"/, `codePath: ${JSON.stringify(codePath)}`);
    mkdirSync(join(repositoryRoot, ".azure-realtime/tests"), { recursive: true });
    // Inside the repository, so that the program finds its packages.
    const folder = mkdtempSync(join(repositoryRoot, ".azure-realtime/tests/page-"));
    try {
        writeFileSync(join(folder, "index.ts"), program);
        return await runProgram(() => void require(join(folder, "index.ts")));
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

describe("the programs in the guides", function () {
    this.timeout(30_000);

    for (const page of [
        "docs/getting-started.md",
        "docs/migrating.md",
        "docs/private-networking.md",
        "docs/production.md",
        "docs/staging-slot.md",
    ]) {
        it(`in ${page} create a backend`, async () => {
            assert.deepEqual((await runPage(page)).names("azure-realtime:index:SocketIOBackend"), ["chat"]);
        });
    }

    it("in docs/migrating.md adopt the existing service", async () => {
        const { types, find } = await runPage("docs/migrating.md");
        assert.ok(!types().includes("azure-native:webpubsub:WebPubSub"));
        assert.ok(!types().includes("azure-native:resources:ResourceGroup"));
        assert.equal(plain(find("azure-native:webpubsub:WebPubSubHub"), "resourceName"), "chat-service");
    });

    it("in docs/private-networking.md put the backend into a network with as many endpoints as the page counts", async () => {
        const { find, names } = await runPage("docs/private-networking.md");
        assert.equal(plain(find("azure-native:keyvault:Vault"), "properties.publicNetworkAccess"), "Disabled");
        assert.match(String(plain(find("azure-native:web:WebApp"), "virtualNetworkSubnetId")), /\/subnets\/app$/);
        const page = readFileSync(join(repositoryRoot, "docs/private-networking.md"), "utf8");
        const [, endpoints, zones] = /(\d+) private endpoints at [\d.]+ an hour, (\d+) zones/.exec(page) ?? [];
        assert.equal(names("azure-native:network:PrivateEndpoint").length, Number(endpoints));
        assert.equal(names("azure-native:privatedns:PrivateZone").length, Number(zones));
    });

    it("in docs/production.md log, watch and scale the service and its replica", async () => {
        const { find, names } = await runPage("docs/production.md");
        const settings = names("azure-native:monitor:DiagnosticSetting");
        assert.deepEqual(
            settings.map((name) => name.replace("chat-diagnostics-", "")),
            ["app", "host-storage", "package-storage", "replica-us", "service", "vault"],
        );
        assert.equal(names("azure-native:monitor:MetricAlert").length, 9);
        assert.equal(
            plain(find("azure-native:monitor:ActionGroup"), "emailReceivers.0.emailAddress"),
            "ops@example.com",
        );
        assert.equal(names("azure-native:applicationinsights:Workbook").length, 1);
        assert.equal(names("azure-native:monitor:AutoscaleSetting").length, 2);
        assert.equal(plain(find("azure-native:webpubsub:WebPubSubReplica"), "location"), "westus2");
    });

    it("in docs/staging-slot.md make the slot and the hub that the page names", async () => {
        const { find, names } = await runPage("docs/staging-slot.md");
        assert.equal(plain(find("azure-native:web:WebAppSlot"), "slot"), "staging");
        assert.deepEqual(
            names("azure-native:webpubsub:WebPubSubHub").map((hub) =>
                plain(find("azure-native:webpubsub:WebPubSubHub", hub), "hubName"),
            ),
            ["hub", "hub_staging"],
        );
        const page = readFileSync(join(repositoryRoot, "docs/staging-slot.md"), "utf8");
        const sticky = plain(find("azure-native:web:WebAppSlotConfigurationNames"), "appSettingNames") as string[];
        for (const name of sticky.filter((one) => !one.endsWith("Hub"))) {
            assert.ok(page.includes(`| | \`${name}\``) || page.includes(`| \`${name}\``), name);
        }
    });

    it("in docs/production.md guard the backend in every way that the page tells of", async () => {
        const { types, find } = await runPage("docs/production.md");
        for (const type of [
            "azure-native:web:WebAppAuthSettingsV2",
            "azure-native:webpubsub:WebPubSubCustomDomain",
            "azure-native:authorization:ManagementLockByScope",
        ]) {
            assert.ok(types().includes(type), type);
        }
        assert.equal(plain(find("azure-native:web:WebApp"), "name"), "func-acme-prod-abc123");
    });
});
