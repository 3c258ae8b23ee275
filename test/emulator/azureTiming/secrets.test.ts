import assert from "node:assert/strict";
import { type Principal, roles } from "../../../emulator/identity";
import type { Vault } from "../../../emulator/vault";
import { FakeClock } from "../../support/clock";
import { addPrincipal, armId, startTestEmulator, type TestEmulator } from "../../support/emulator";
import { allowAll, type EventHandlerServer, startEventHandler } from "../../support/eventHandlerServer";
import { type OpenService, realtimeKinds } from "../../support/realtimeKinds";

const minutes = 60_000;

/**
 * Source: learn, azure-signalr/concept-upstream: a secret in an upstream URL is read every 30 minutes, or when the upstream settings
 * or the identity change. What Azure does with an event while it has no secret is not published: here the event fails.
 */
for (const kind of realtimeKinds) {
    describe(`${kind.name} with the timing of Azure`, () => {
        const roleDelay = 2 * minutes;
        const refresh = 30 * minutes;
        let clock: FakeClock;
        let test: TestEmulator;
        let handler: EventHandlerServer;
        let vault: Vault;
        let identity: Principal;
        let service: OpenService;
        let key: string;
        let url: string;

        beforeEach(async () => {
            clock = new FakeClock(Date.now());
            const azureTiming = { roleDelayMilliseconds: roleDelay, secretRefreshMilliseconds: refresh };
            test = await startTestEmulator({ clock, azureTiming });
            key = "first";
            handler = await startEventHandler(({ url, method, body }) => {
                if (!url.endsWith(`?code=${key}`)) {
                    return { status: 401 };
                }
                const invocation = /"invocationId":"(\d+)"/.exec(body)?.[1];
                return method === "POST" && invocation !== undefined
                    ? { body: `{"type":3,"invocationId":"${invocation}","result":1}\u001e` }
                    : allowAll;
            });
            vault = await test.emulator.openVault({ id: armId("Microsoft.KeyVault/vaults/keys"), name: "keys" });
            identity = addPrincipal(test.emulator, "Microsoft.ManagedIdentity/userAssignedIdentities/service");
            url = `${handler.url}/hook?code={@Microsoft.KeyVault(SecretUri=${vault.uri}secrets/key)}`;
        });
        afterEach(async () => {
            await test.close();
            await handler.close();
        });

        async function open(): Promise<void> {
            const { emulator } = test;
            service = await kind.open({ emulator, clock, url, principalId: identity.principalId });
        }

        function assign({ principalId }: Principal = identity): void {
            test.emulator.identity.assignRole({
                id: `reader-${principalId}`,
                principalId,
                roleId: roles.keyVaultSecretsUser,
                scope: vault.id,
            });
        }

        /** The lines that explain why the secret could not be read. */
        const explained = (): string[] =>
            test.log.flatMap(({ message }) => (message.startsWith("Hub 'chat': Key Vault reference") ? [message] : []));

        it("works at the first connect when role and secret came in time, and does not read before", async () => {
            await open();
            assign();
            await clock.advance(roleDelay);
            vault.setSecret("key", "first");
            assert.equal(await service.attempt(), "works");
            assert.deepEqual(explained(), []);
        });

        it("stays refused with one line that says why when the role came late, and recovers with the next read", async () => {
            vault.setSecret("key", "first");
            assign();
            await open();
            await clock.advance(roleDelay - 1000);
            for (const _ of [1, 2, 3]) {
                assert.match(await service.attempt(), kind.refusal);
                await clock.advance(9 * minutes);
            }
            assert.equal(handler.requests.length, 0, "nothing is sent without its key");
            const [line = "", ...more] = explained();
            assert.deepEqual(more, []);
            assert.match(line, /secret "key" in vault "keys" cannot be read: .*"Key Vault Secrets User".*acts in 1 s/);
            assert.match(line, /fail until 20..-..-..T..:..:..Z.*Let the secret and the identity's role be there/);
            await clock.advance(3 * minutes);
            assert.equal(await service.attempt(), "works");
        });

        it("stays refused when the secret came late, and recovers at once when the URL changes", async () => {
            assign();
            await clock.advance(roleDelay);
            await open();
            assert.match(await service.attempt(), kind.refusal);
            vault.setSecret("key", "first");
            assert.match(await service.attempt(), kind.refusal);
            assert.equal(explained().length, 1);
            assert.match(explained()[0] ?? "", /there is no such secret/);
            service.setUrl(url.replace("/hook", "/other"));
            assert.equal(await service.attempt(), "works");
        });

        it("reads at once when the identity changes", async () => {
            vault.setSecret("key", "first");
            const other = addPrincipal(test.emulator, "Microsoft.ManagedIdentity/userAssignedIdentities/other");
            assign(other);
            await clock.advance(roleDelay);
            await open();
            assert.match(await service.attempt(), kind.refusal);
            service.setIdentity(other.principalId);
            assert.equal(await service.attempt(), "works");
            service.setIdentity(identity.principalId);
            assert.match(await service.attempt(), kind.refusal);
        });

        it("sends the old key for 30 minutes after a rotation", async () => {
            vault.setSecret("key", "first");
            assign();
            await clock.advance(roleDelay);
            await open();
            assert.equal(await service.attempt(), "works");
            vault.setSecret("key", "second");
            key = "second";
            await clock.advance(refresh - 2 * minutes);
            // The result of the handshake is known until the check that this attempt starts.
            assert.notEqual(await service.attempt(), "works");
            await clock.advance(2 * minutes);
            assert.equal(await service.attempt(), "works");
        });
    });
}
