import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import { serviceKinds } from "../../components/shared/serviceKinds";
import type { LocalAzure } from "../../local/testing";
import { runCli } from "../support/cli";
import { echoKinds, type Negotiated } from "../support/echoClients";
import { createLocalProgram, type LocalProgram } from "../support/localProgram";

const programOf = (component: string) => `
import { ${component} } from COMPONENTS;
const chat = new ${component}("chat", {
    codePath: "app",
    plan: "ElasticPremium",
    roleDelaySeconds: 0,
    eventAuth: { clientId: "11111111-aaaa-bbbb-cccc-222222222222" },
    stagingSlot: {},
});
export const { negotiateUrl, stagingNegotiateUrl, endpoint, hubNames, principalId, localSettings } = chat;
export const key = chat.nodes.keys.key;
export const stagingKey = chat.nodes.stagingKeys!.key;
`;

for (const { extension, component, open } of echoKinds) {
    const { hubSetting } = serviceKinds[extension];
    describe(`${component} with a staging slot behind eventAuth`, function () {
        this.timeout(120_000);
        let program: LocalProgram;
        let azure: LocalAzure;
        before(async () => {
            program = createLocalProgram(extension, programOf(component));
            // The code asks its settings for the hub, which are others in the slot.
            for (const file of globSync("app/*/function.json", { cwd: program.folder, absolute: true })) {
                const named = readFileSync(file, "utf8").replace(/("hub(?:Name)?": )"hub"/g, `$1"%${hubSetting}%"`);
                writeFileSync(file, named);
            }
            azure = await program.start({ folder: join(program.folder, "data") });
        });
        after(() => program.close());

        const places = [
            { place: "app", url: "negotiateUrl", key: "key", hub: "hub" },
            { place: "slot", url: "stagingNegotiateUrl", key: "stagingKey", hub: "hub_staging" },
        ];

        it("serves the clients of app and slot apart, each on a hub of its own", async () => {
            const clients = await Promise.all(
                places.map(async ({ url, hub }) => {
                    const answer = await fetch(String(azure.outputs[url]));
                    assert.equal(answer.status, 200);
                    return await open((await answer.json()) as Negotiated, hub);
                }),
            );
            const [ofApp, ofSlot] = clients;
            // A message goes to everybody of its hub, so a client that heard the other hub would answer with that one's text.
            assert.match((await ofSlot?.echo("to the slot")) ?? "", /to the slot/);
            assert.match((await ofApp?.echo("to the app")) ?? "", /to the app/);
            for (const client of clients) {
                client.close();
            }
        });

        it("is judged by verify, which says what it cannot see behind eventAuth", async () => {
            const state = join(program.folder, "data/state.json");
            const { lines } = await runCli(["verify", state, "--json", "--timeout", "15"]);
            const { checks } = JSON.parse(lines.join("")) as {
                checks: { check: string; status: string; message: string }[];
            };
            const statuses = Object.fromEntries(checks.map(({ check, status }) => [check, status]));
            assert.deepEqual(statuses, {
                negotiation: "passed",
                webhook: "skipped",
                listeners: "skipped",
                hubs: "skipped",
                client: "passed",
                role: "passed",
                bundle: "skipped",
            });
            for (const check of ["webhook", "hubs", "bundle"]) {
                const { message = "" } = checks.find((one) => one.check === check) ?? {};
                assert.match(message, /answers 401: App Service authentication \(eventAuth\) asks for a token/);
            }
        });

        for (const { place, url, key } of places) {
            it(`refuses events for the ${place} from others, although they have its key`, async () => {
                const webhook = new URL(`/runtime/webhooks/${extension}`, String(azure.outputs[url]));
                webhook.searchParams.set("code", String(azure.outputs[key]));
                const answer = await fetch(webhook, { method: "POST", body: "{}" });
                assert.equal(answer.status, 401);
                assert.match(answer.headers.get("www-authenticate") ?? "", /^Bearer /);
            });
        }
    });
}
