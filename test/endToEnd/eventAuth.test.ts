import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LocalAzure } from "../../local/testing";
import { echoKinds, type Negotiated } from "../support/echoClients";
import { createLocalProgram, type LocalProgram } from "../support/localProgram";

const clientId = "11111111-aaaa-bbbb-cccc-222222222222";

const programOf = (component: string, auth: string) => `
import { ${component} } from COMPONENTS;
const chat = new ${component}("chat", {
    codePath: "app",
    roleDelaySeconds: 0,
    eventAuth: { clientId: "${clientId}", ${auth} },
});
export const { negotiateUrl } = chat;
export const key = chat.nodes.keys.key;
`;

async function negotiate(azure: LocalAzure, headers: Record<string, string> = {}): Promise<Response> {
    return await fetch(String(azure.outputs.negotiateUrl), { headers });
}

for (const { extension, component, open } of echoKinds) {
    describe(`${component} with eventAuth`, function () {
        this.timeout(90_000);
        let program: LocalProgram;
        let azure: LocalAzure;
        before(async () => {
            program = createLocalProgram(extension, programOf(component, ""));
            azure = await program.start();
        });
        after(() => program.close());

        it("takes the service's events, while negotiate and the page stay open", async () => {
            const answer = await negotiate(azure);
            assert.equal(answer.status, 200);
            const page = await fetch(String(azure.outputs.negotiateUrl).replace(/negotiate$/, "index"));
            assert.equal(page.status, 200);
            const client = await open((await answer.json()) as Negotiated);
            assert.match(await client.echo("hello"), /hello/);
            client.close();
        });

        it("refuses events from others, although they have the key", async () => {
            const webhook = new URL(`/runtime/webhooks/${extension}`, String(azure.outputs.negotiateUrl));
            webhook.searchParams.set("code", String(azure.outputs.key));
            for (const authorization of ["", "Bearer nonsense", "Basic YTpi"]) {
                const headers = {
                    authorization,
                    "x-ms-client-principal": "e30=",
                    "x-ms-client-principal-id": "forged",
                };
                const answer = await fetch(webhook, { method: "POST", headers, body: "{}" });
                assert.equal(answer.status, 401, authorization);
                assert.match(answer.headers.get("www-authenticate") ?? "", /^Bearer /);
            }
        });
    });
}

describe("A backend whose users log in", function () {
    this.timeout(90_000);
    const program = createLocalProgram(
        "webpubsub",
        programOf("WebPubSubBackend", 'login: true, openPaths: ["/api/index"]'),
    );
    after(() => program.close());

    it("gives a token to those who did, in their name, and takes the service's events all the same", async () => {
        const negotiation = join(program.folder, "app/negotiate/function.json");
        const { bindings } = JSON.parse(readFileSync(negotiation, "utf8")) as { bindings: Record<string, unknown>[] };
        const named = bindings.map((one) =>
            one.type === "webPubSubConnection" ? { ...one, userId: "{headers.x-ms-client-principal-id}" } : one,
        );
        writeFileSync(negotiation, JSON.stringify({ bindings: named }));
        const azure = await program.start();
        assert.equal((await negotiate(azure)).status, 401);
        assert.equal((await negotiate(azure, { "x-ms-client-principal-id": "ann" })).status, 401);
        const page = String(azure.outputs.negotiateUrl).replace(/negotiate$/, "index");
        assert.equal((await fetch(page)).status, 200);
        const login = await fetch(new URL("/.auth/login/aad?user=ann", page), { redirect: "manual" });
        const cookie = String(login.headers.get("set-cookie")).split(";")[0] ?? "";
        const answer = await negotiate(azure, { cookie });
        assert.equal(answer.status, 200);
        const { url } = (await answer.json()) as Negotiated;
        const token = new URL(url).searchParams.get("access_token") ?? "";
        const { sub } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as { sub: string };
        assert.match(sub, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
        const client = await echoKinds[0]?.open({ url });
        assert.match((await client?.echo("hello")) ?? "", /hello/);
        client?.close();
    });
});
