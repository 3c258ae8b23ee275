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

    for (const page of ["docs/getting-started.md", "docs/migrating.md", "docs/private-networking.md"]) {
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

    it("in docs/private-networking.md close the public endpoint for clients and open a private one for the same service", async () => {
        const { find } = await runPage("docs/private-networking.md");
        const service = find("azure-native:webpubsub:WebPubSub");
        assert.deepEqual(plain(service, "networkACLs.publicNetwork.deny"), ["ClientConnection"]);
        const endpoint = find("azure-native:network:PrivateEndpoint");
        const id = String(plain(endpoint, "privateLinkServiceConnections.0.privateLinkServiceId"));
        assert.ok(id.endsWith(`/webPubSub/${plain(service, "resourceName")}`), id);
        assert.deepEqual(plain(endpoint, "privateLinkServiceConnections.0.groupIds"), ["webpubsub"]);
        assert.equal(
            plain(find("azure-native:privatedns:PrivateZone"), "privateZoneName"),
            "privatelink.webpubsub.azure.com",
        );
    });
});
