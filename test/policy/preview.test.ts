import assert from "node:assert/strict";
import { unknownValue } from "../../local/engine/values";
import { hubBackends, runSignalR } from "../support/backend";
import { type RunningPolicyPack, startPolicyPack } from "../support/policyPack";
import { holdsUnknown, type Properties, type Registered, unwrap } from "../support/pulumi";

const runs = [
    ...hubBackends.map(({ component, run }) => ({ component, run })),
    { component: "SignalRBackend", run: runSignalR },
];

const clientId = "11111111-aaaa-bbbb-cccc-222222222222";

describe("the policy pack in a first preview, where names are unknown,", function () {
    this.timeout(60_000);
    let pack: RunningPolicyPack;
    before(async () => {
        pack = await startPolicyPack();
    });
    after(() => pack?.close());

    const analyze = async ({ type, name, urn, inputs }: Registered, change: Properties = {}) =>
        (
            await pack.analyze({ type, name, urn, inputs: { ...(unwrap(inputs) as Properties), ...change } as never })
        ).map(({ policy, message }) => `${policy}: ${message.split("\n").at(-1)}`);

    for (const { component, run } of runs) {
        const slot = { plan: "ElasticPremium", stagingSlot: {}, eventAuth: { clientId }, privateNetwork: {} } as const;
        for (const args of [{}, { keySource: "HostKey" }, { plan: "ElasticPremium" }, slot] as const) {
            it(`has nothing to say about a ${component} with ${JSON.stringify(args)}`, async () => {
                const { resources } = await run(args, { preview: true });
                const custom = resources.filter((one) => one.custom);
                assert.ok(custom.filter(({ inputs }) => holdsUnknown(inputs)).length > 15);
                assert.deepEqual((await Promise.all(custom.map((one) => analyze(one)))).flat(), []);
            });
        }
    }

    it("judges what is known of a resource: storage, containers, apps, settings and roles", async () => {
        const { resources } = await runSignalR({}, { preview: true });
        const found = async (type: string, change: Properties) => {
            const resource = resources.find((one) => one.type === `azure-native:${type}`);
            assert.ok(resource && holdsUnknown(resource.inputs), type);
            return (await analyze(resource, change)).join("\n");
        };
        const account = "storage:StorageAccount";
        assert.match(await found(account, { minimumTlsVersion: "TLS1_0" }), /^tls: minimumTlsVersion must be/);
        assert.match(await found(account, { allowBlobPublicAccess: true }), /^no-public-blob: /);
        assert.match(await found(account, { enableHttpsTrafficOnly: false }), /^https-only: /);
        assert.match(await found("storage:BlobContainer", { publicAccess: "Blob" }), /^no-public-blob: publicAccess/);
        assert.match(await found("web:WebApp", { httpsOnly: false }), /^https-only: httpsOnly/);
        assert.match(
            await found("keyvault:Vault", { properties: { enableRbacAuthorization: false } }),
            /^vault-roles: /,
        );
        assert.match(
            await found("authorization:RoleAssignment", { scope: "/subscriptions/1" }),
            /^role-on-one-resource: /,
        );
        const settings = { Unknown: unknownValue, Mine: "AccountKey=s3cret" };
        assert.match(
            await found("web:WebAppApplicationSettings", { properties: settings }),
            /^no-key-in-settings: Mine /,
        );
        const appSettings = [
            { name: unknownValue, value: "AccountKey=s3cret" },
            { name: "A", value: unknownValue },
        ];
        const listed = await found("web:WebApp", { siteConfig: { appSettings } });
        assert.match(listed, /^no-key-in-settings: siteConfig\.appSettings\[0\] must not/);
        assert.doesNotMatch(listed, /s3cret/);
    });

    it("does not take a web app that is no function app for a storage account", async () => {
        const { resources } = await runSignalR({}, { preview: true });
        const app = resources.find(({ type }) => type === "azure-native:web:WebApp") as Registered;
        assert.deepEqual(await analyze(app, { kind: "app" }), []);
        assert.deepEqual(await analyze(app, { kind: unknownValue }), []);
    });
});
