import assert from "node:assert/strict";
import { backends, codePaths, kinds } from "../../support/backend";
import { known, type ProgramRun, plain, runProgram } from "../../support/pulumi";
import { refusalOf } from "../../support/refusals";

const vaultId =
    "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/g/providers/Microsoft.KeyVault/vaults/certificates";

for (const { Backend, extension } of backends) {
    const isSignalR = extension === "signalr";
    const make = (args: object) => new Backend("chat", { codePath: codePaths[extension], ...args } as never);
    const run = (args: object, options = {}) => runProgram(() => make(args), options);
    const added = async (args: object) => {
        const [given, usual] = [kinds(await run(args)), kinds(await run({}))];
        return {
            more: given.filter((one) => !usual.includes(one)).sort(),
            less: usual.filter((one) => !given.includes(one)),
        };
    };

    describe(`${Backend.name} with custom domains`, () => {
        const domain = {
            name: "own",
            domainName: "chat.example.com",
            certificateSecretUri: "https://certificates.vault.azure.net/secrets/chat",
            certificateVaultId: vaultId,
        };
        const premium = { sku: "Premium_P1", roleDelaySeconds: 0 };
        const prefix = isSignalR ? "SignalR" : "WebPubSub";

        it("adds role, certificate and domain, in this order", async () => {
            assert.deepEqual(await added({ ...premium, customDomains: [domain] }), {
                more: [
                    "RoleAssignment chat-service-own-certificate-reader",
                    `${prefix}CustomCertificate chat-service-own-certificate`,
                    `${prefix}CustomDomain chat-service-own-domain`,
                ],
                less: [],
            });
            const made = await run({ ...premium, customDomains: [domain] });
            const module = isSignalR ? "signalrservice" : "webpubsub";
            const certificate = made.find(`azure-native:${module}:${prefix}CustomCertificate`);
            const record = made.find(`azure-native:${module}:${prefix}CustomDomain`);
            const role = made.find("azure-native:authorization:RoleAssignment", "chat-service-own-certificate-reader");
            assert.ok(made.comesAfter(certificate, role) && made.comesAfter(record, certificate));
            assert.equal(plain(role, "scope"), vaultId);
            assert.equal(plain(certificate, "keyVaultBaseUri"), "https://certificates.vault.azure.net");
            assert.equal(plain(certificate, "keyVaultSecretName"), "chat");
            assert.equal(plain(certificate, "keyVaultSecretVersion"), undefined);
            assert.equal(plain(record, "domainName"), "chat.example.com");
            const host = isSignalR ? "service.signalr.net" : "webpubsub.azure.com";
            assert.deepEqual(await known(made.result.domainRecords), {
                "chat.example.com": `chat-service-abc123.${host}`,
            });
        });

        it("names a certificate by its address, so that another can stand beside it", async () => {
            const nameOf = async (uri: string) => {
                const made = await run({ ...premium, customDomains: [{ ...domain, certificateSecretUri: uri }] });
                const found = made.resources.find(({ type }) => type.endsWith(`${prefix}CustomCertificate`));
                assert.ok(found);
                return plain(found, "certificateName");
            };
            const version = "0123456789abcdef0123456789abcdef";
            const first = await nameOf(domain.certificateSecretUri);
            assert.notEqual(first, await nameOf(`${domain.certificateSecretUri}/${version}`));
            assert.equal(first, await nameOf(domain.certificateSecretUri));
        });

        it("assigns one role for several certificates in one vault, and none where somebody else does", async () => {
            const two = [domain, { ...domain, name: "other", domainName: "other.example.com" }];
            const roles = (made: ProgramRun<unknown>) =>
                made.resources.filter(({ name }) => name.endsWith("certificate-reader"));
            assert.equal(roles(await run({ ...premium, customDomains: two })).length, 1);
            assert.equal(roles(await run({ ...premium, customDomains: two, assignRoles: false })).length, 0);
            assert.equal(
                roles(await run({ ...premium, customDomains: [{ ...domain, certificateVaultId: undefined }] })).length,
                0,
            );
        });

        for (const [args, expected] of [
            [{ customDomains: [domain] }, /customDomains: sku Standard_S1 has no custom domains\. Use sku Premium_P1/],
            [{ sku: "Free_F1", customDomains: [domain] }, /customDomains: sku Free_F1 has no custom domains/],
            [
                { ...premium, customDomains: [{ ...domain, domainName: "https://chat.example.com" }] },
                /domainName: .* is not a host name/,
            ],
            [
                { ...premium, customDomains: [{ ...domain, domainName: "localhost" }] },
                /domainName: .* is not a host name/,
            ],
            [
                { ...premium, customDomains: [{ ...domain, domainName: "x.webpubsub.azure.com" }] },
                /domainName: .* belongs to Azure/,
            ],
            [
                {
                    ...premium,
                    customDomains: [{ ...domain, certificateSecretUri: "https://v.vault.azure.net/keys/a" }],
                },
                /is not the URL of a certificate's secret/,
            ],
            [{ ...premium, customDomains: [domain, domain] }, /customDomains\[1\]\.name: "own" is there twice/],
            [
                { ...premium, vaultId, customDomains: [domain] },
                /certificateSecretUri: it is in the vault of the host's keys, .* another vault\./,
            ],
            [
                { ...premium, vaultName: "Certificates", customDomains: [domain] },
                /it is in the vault of the host's keys/,
            ],
        ] as const) {
            it(`refuses ${expected.source.slice(0, 60)}`, async () => {
                assert.match(await refusalOf(() => make(args)), expected);
            });
        }
    });
}
