import assert from "node:assert/strict";
import { allOptions } from "../../support/allOptions";
import { backends, codePaths } from "../../support/backend";
import { plain, type Registered, runProgram, unwrap } from "../../support/pulumi";
import { refusalOf } from "../../support/refusals";

const lockType = "azure-native:authorization:ManagementLockByScope";

/** Inputs that name a resource on Azure, by type: the last part of its id. */
const nameInputs = [
    "privateEndpointName",
    "virtualNetworkLinkName",
    "virtualNetworkName",
    "autoscaleSettingName",
    "actionGroupName",
    "ruleName",
    "replicaName",
    "accountName",
    "vaultName",
    "workspaceName",
    "resourceName",
    "resourceGroupName",
    "name",
];

/** Types whose names follow no scheme, each with the reason. */
const withoutScheme = new Map([
    ["applicationinsights:Workbook", "Azure takes a GUID only"],
    ["authorization:ManagementLockByScope", "names nothing that anybody looks up; lies in what it locks"],
    ["authorization:RoleAssignment", "Azure takes a GUID only"],
    ["keyvault:Secret", "the Functions host looks for these names"],
    ["monitor:DiagnosticSetting", "lies in the resource that it is about, which has one"],
    ["network:PrivateDnsZoneGroup", "lies in its private endpoint, which has one"],
    ["privatedns:PrivateZone", "Azure resolves this name"],
    ["resources:Deployment", "a new name for each deployment, so that an interrupted one can be repeated"],
    ["storage:Blob", "lies in its account"],
    ["storage:BlobContainer", "lies in its account"],
    ["web:WebAppApplicationSettings", "a part of the app"],
    ["web:WebAppAuthSettingsV2", "a part of the app"],
    ["web:WebAppFtpAllowed", "a part of the app"],
    ["web:WebAppScmAllowed", "a part of the app"],
    ["web:WebAppSlotConfigurationNames", "a part of the app"],
    ["web:WebAppApplicationSettingsSlot", "a part of the slot"],
    ["web:WebAppAuthSettingsV2Slot", "a part of the slot"],
    ["web:WebAppFtpAllowedSlot", "a part of the slot"],
    ["web:WebAppScmAllowedSlot", "a part of the slot"],
    ["webpubsub:WebPubSubHub", "the name that clients use"],
    ...["webpubsub:WebPubSub", "signalrservice:SignalR"].flatMap((service): [string, string][] => [
        [`${service}SharedPrivateLinkResource`, "lies in the service, which takes one of a kind"],
        [`${service}CustomCertificate`, "lies in the service; called after the domain's own name"],
        [`${service}CustomDomain`, "lies in the service; called after the domain's own name"],
    ]),
]);

/** Types that take no tags, each with the reason where Azure's documentation does not make it plain. */
const withoutTags = new Set([
    ...[...withoutScheme.keys()].filter(
        (type) =>
            ![
                "applicationinsights:Workbook",
                "keyvault:Secret",
                "privatedns:PrivateZone",
                "resources:Deployment",
            ].includes(type),
    ),
    // A link of a zone; its zone has them.
    "privatedns:VirtualNetworkLink",
]);

for (const { Backend, extension } of backends) {
    const make = (args: object) =>
        new Backend("chat", { ...allOptions({ codePath: codePaths[extension], network: {} }), ...args } as never);
    const shortType = ({ type }: Registered) => type.replace("azure-native:", "");

    const locked = ["chat-packages-lock", "chat-service-lock", "chat-storage-lock", "chat-vault-lock"];
    const variants: { title: string; args: object; locks: string[] }[] = [
        { title: "a staging slot", args: {}, locks: [...locked, "chat-staging-vault-lock"].sort() },
        {
            title: "a private app",
            args: { privateNetwork: { app: "Private", clients: "Private" }, stagingSlot: undefined },
            locks: locked,
        },
    ];

    for (const { title, args, locks: expectedLocks } of variants) {
        describe(`${Backend.name} with all options at once and ${title}`, () => {
            let made: Awaited<ReturnType<typeof runProgram<unknown>>>;
            let azure: Registered[];
            before(async () => {
                made = await runProgram(() => make(args));
                azure = made.resources.filter(({ type, custom }) => custom && type.startsWith("azure-native:"));
            });

            it("names every resource by the scheme, or after one that is, or has a reason not to", () => {
                for (const one of azure.filter((each) => !withoutScheme.has(shortType(each)))) {
                    const type = shortType(one);
                    const inputs = unwrap(one.inputs) as Record<string, unknown>;
                    const input = nameInputs.find((key) => typeof inputs[key] === "string" && isOwn(type, key));
                    const name = input === undefined ? "a name that Pulumi makes" : String(inputs[input]);
                    assert.match(name, /acme-?prod-?abc123/, `${type} ${one.name}`);
                }
            });

            it("gives no two resources of a type one name", () => {
                const names = azure
                    .filter((one) => !withoutScheme.has(shortType(one)))
                    .filter((one) => shortType(one) !== "privatedns:VirtualNetworkLink")
                    .map((one) => {
                        const inputs = unwrap(one.inputs) as Record<string, unknown>;
                        const input = nameInputs.find(
                            (key) => typeof inputs[key] === "string" && isOwn(shortType(one), key),
                        );
                        return `${one.type} ${inputs[input ?? ""]}`;
                    });
                assert.deepEqual(
                    names.filter((name, index) => names.indexOf(name) < index),
                    [],
                );
            });

            it("tags everything that takes tags", () => {
                for (const one of azure) {
                    const tags = plain(one, "tags.team");
                    assert.equal(tags === "chat", !withoutTags.has(shortType(one)), `${shortType(one)} ${one.name}`);
                }
            });

            it("makes the locks last, so that a destroy begins with them", () => {
                const locks = azure.filter(({ type }) => type === lockType);
                assert.deepEqual(locks.map(({ name }) => name).sort(), expectedLocks);
                for (const lock of locks) {
                    const others = made.resources.filter(({ custom, type }) => custom && type !== lockType);
                    const early = others
                        .filter((one) => !made.comesAfter(lock, one))
                        .map(({ name, type }) => `${type} ${name}`);
                    assert.deepEqual(early, [], lock.name);
                }
            });

            it("logs and watches the replica as the service", () => {
                const targets = azure
                    .filter((one) => shortType(one) === "monitor:DiagnosticSetting")
                    .map((one) => String(plain(one, "resourceUri")).split("/").at(-1));
                const service = targets.filter((target) => /^(wps|sigr)-/.test(target ?? ""));
                assert.equal(service.filter((target) => target?.endsWith("-us")).length, 1, String(targets));
                assert.equal(service.length, 2, String(targets));
                assert.equal(azure.filter((one) => shortType(one) === "monitor:AutoscaleSetting").length, 2);
            });
        });
    }

    describe(`${Backend.name} with a replica and a private network`, () => {
        it("keeps a replica closed whose shared private links are not approved", async () => {
            const isPrivate = extension !== "signalr";
            const open = { replicas: [{ name: "us", location: "westus2" }] };
            const wanted =
                /replicas\[0\]\.regionEndpointEnabled: it must be said .* Give false and update, approve .* networking page of (the vault|the Function App|the vault and of the Function App|the vault and of the vault of the staging slot), then give true/;
            assert.match(
                await refusalOf(() => make({ ...open, privateNetwork: { app: "Private" }, stagingSlot: undefined })),
                wanted,
            );
            if (isPrivate) {
                assert.match(await refusalOf(() => make(open)), wanted);
            } else {
                // Its events are public, and so is its vault: there is no link.
                await runProgram(() => make(open));
            }
            await runProgram(() => make({ ...open, privateNetwork: undefined }));
            const said = { replicas: [{ ...open.replicas[0], regionEndpointEnabled: true }] };
            await runProgram(() => make(said));
        });
    });
}

/** Whether an input is the name of a type's own resource, and not of one above it. */
function isOwn(type: string, key: string): boolean {
    if (key === "resourceGroupName") {
        return type === "resources:ResourceGroup";
    }
    return key !== "resourceName" || !/Replica$/.test(type);
}
