import assert from "node:assert/strict";
import type { BackendNetwork, SignalRBackendArgs, SocketIOBackendArgs } from "../../../components";
import {
    difference,
    hubBackends,
    kinds,
    runSignalR,
    signalRByDefault,
    webPubSubByDefault,
} from "../../support/backend";
import { type ProgramRun, plain } from "../../support/pulumi";

const [, webPubSub] = hubBackends;
assert.ok(webPubSub);
const group = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/net/providers/Microsoft.Network";
const subnets = {
    appSubnetId: `${group}/virtualNetworks/company/subnets/apps`,
    endpointSubnetId: `${group}/virtualNetworks/company/subnets/endpoints`,
};
const zoneNames = {
    blob: "privatelink.blob.core.windows.net",
    queue: "privatelink.queue.core.windows.net",
    table: "privatelink.table.core.windows.net",
    vault: "privatelink.vaultcore.azure.net",
    webpubsub: "privatelink.webpubsub.azure.com",
};
const dnsZoneIds = Object.fromEntries(
    Object.entries(zoneNames).map(([part, name]) => [part, `${group}/privateDnsZones/${name}`]),
);

const endpointsOf = (parts: string[]) =>
    parts.flatMap((part) => [`PrivateDnsZoneGroup ${part}`, `PrivateEndpoint ${part}`]);
const zonesOf = (parts: string[]) =>
    parts.flatMap((part) => [`PrivateZone chat-network-${part}`, `VirtualNetworkLink chat-network-${part}`]);
const storage = ["chat-app-blob", "chat-app-queue", "chat-app-table"];
const storageZones = ["blob", "queue", "table"];
const vaultLink = ["Deployment chat-vault-link-approval", "WebPubSubSharedPrivateLinkResource chat-vault-link"];
const appLink = ["Deployment chat-app-link-approval", "WebPubSubSharedPrivateLinkResource chat-app-link"];
const network = "VirtualNetwork chat-network";

type Run = ProgramRun<unknown>;
const runHub = (privateNetwork: BackendNetwork, args: Partial<SocketIOBackendArgs> = {}): Promise<Run> =>
    webPubSub.run({ ...args, privateNetwork });
const runOnSignalR = (privateNetwork: BackendNetwork, args: Partial<SignalRBackendArgs> = {}): Promise<Run> =>
    runSignalR({ ...args, privateNetwork });

const app = (made: Run) => made.find("azure-native:web:WebApp");
const service = (made: Run) => made.find("azure-native:webpubsub:WebPubSub");
const vault = (made: Run) => made.find("azure-native:keyvault:Vault");
const account = (made: Run, name: string) => made.find("azure-native:storage:StorageAccount", name);
const vnet = (made: Run) => made.find("azure-native:network:VirtualNetwork");

describe("a backend without privateNetwork", () => {
    it("has no network, and says all the same that its app is open", async () => {
        const made = await webPubSub.run();
        assert.deepEqual(
            kinds(made).filter((kind) => /Network|Private|Link|Zone/.test(kind)),
            [],
        );
        assert.equal(plain(app(made), "publicNetworkAccess"), "Enabled");
        assert.equal(plain(app(made), "virtualNetworkSubnetId"), undefined);
        assert.equal(plain(vault(made), "properties.networkAcls"), undefined);
        assert.equal(plain(account(made, "chat-app"), "networkRuleSet"), undefined);
    });
});

describe("a backend with privateNetwork", () => {
    it("has exactly a network, zones, endpoints and the service's link to its vault", async () => {
        const made = await runHub({});
        const { more, less } = difference(made, webPubSubByDefault);
        const parts = [...storage, "chat-keys-vault", "chat-service-webpubsub"];
        const zones = zonesOf([...storageZones, "vault", "webpubsub"]);
        assert.deepEqual(more, [network, ...endpointsOf(parts), ...zones, ...vaultLink].sort());
        assert.deepEqual(less, []);
    });

    it("has the ways to a private app as well", async () => {
        const { more } = difference(await runHub({ app: "Private" }), webPubSubByDefault);
        assert.deepEqual(
            more.filter((one) => /sites|app-link/.test(one)),
            [...appLink, ...endpointsOf(["chat-app-sites"]), ...zonesOf(["sites"])].sort(),
        );
    });

    it("has its subnets, the app's with the plan's delegation", async () => {
        for (const [plan, delegation] of [
            ["FlexConsumption", "Microsoft.App/environments"],
            ["ElasticPremium", "Microsoft.Web/serverFarms"],
            ["Dedicated", "Microsoft.Web/serverFarms"],
        ] as const) {
            const made = await runHub({ addressPrefix: "192.168.4.0/24" }, { plan });
            assert.deepEqual(plain(vnet(made), "addressSpace.addressPrefixes"), ["192.168.4.0/24"]);
            assert.equal(plain(vnet(made), "subnets.0.addressPrefix"), "192.168.4.0/26");
            assert.equal(plain(vnet(made), "subnets.0.delegations.0.serviceName"), delegation);
            assert.equal(plain(vnet(made), "subnets.1.addressPrefix"), "192.168.4.64/26");
            assert.equal(plain(vnet(made), "subnets.1.delegations"), undefined);
            assert.match(
                String(plain(app(made), "virtualNetworkSubnetId")),
                /virtualNetworks\/chat-network\/subnets\/app$/,
            );
            const routing = plan === "FlexConsumption" ? undefined : { applicationTraffic: true };
            assert.deepEqual(plain(app(made), "outboundVnetRouting"), routing);
        }
    });

    it("closes storage and vault, and the service for REST, but lets clients and callers of the app in", async () => {
        const made = await runHub({});
        assert.equal(plain(vault(made), "properties.publicNetworkAccess"), "Disabled");
        assert.deepEqual(plain(vault(made), "properties.networkAcls"), { defaultAction: "Deny", bypass: "None" });
        assert.equal(plain(account(made, "chat-app"), "publicNetworkAccess"), "Disabled");
        assert.equal(plain(account(made, "chat-app"), "networkRuleSet.defaultAction"), "Deny");
        assert.equal(plain(service(made), "publicNetworkAccess"), "Enabled");
        assert.deepEqual(plain(service(made), "networkACLs"), {
            defaultAction: "Allow",
            publicNetwork: { deny: ["RESTAPI", "ServerConnection", "Trace"] },
        });
        assert.equal(plain(app(made), "publicNetworkAccess"), "Enabled");
        // The account of the packages stays open, for whoever has a role or a signature.
        assert.equal(plain(account(made, "chat-code"), "networkRuleSet"), undefined);
    });

    it("closes the service for clients, and the app, where asked", async () => {
        const made = await runHub({ clients: "Private", app: "Private" });
        assert.equal(plain(service(made), "publicNetworkAccess"), "Disabled");
        assert.ok((plain(service(made), "networkACLs.publicNetwork.deny") as string[]).includes("ClientConnection"));
        assert.equal(plain(app(made), "publicNetworkAccess"), "Disabled");
    });

    it("lets only deployers to the package, and the app through an endpoint of the account", async () => {
        const made = await runHub({ deployerIpRanges: ["203.0.113.0/24", "198.51.100.7"] });
        assert.equal(plain(account(made, "chat-code"), "publicNetworkAccess"), "Enabled");
        assert.deepEqual(plain(account(made, "chat-code"), "networkRuleSet.ipRules"), [
            { iPAddressOrRange: "203.0.113.0/24", action: "Allow" },
            { iPAddressOrRange: "198.51.100.7", action: "Allow" },
        ]);
        const endpoint = made.find("azure-native:network:PrivateEndpoint", "chat-code-blob");
        assert.match(
            String(plain(endpoint, "privateLinkServiceConnections.0.privateLinkServiceId")),
            /chatcodeabc123$/,
        );
        const code = made.find("azure-native:resources:Deployment", "chat-code");
        assert.ok(made.comesAfter(code, endpoint));
    });

    it("uses given subnets and zones, and makes and links nothing there", async () => {
        const made = await runHub({ ...subnets, dnsZoneIds });
        const found = kinds(made).filter((kind) => /^(VirtualNetwork|PrivateZone)/.test(kind));
        assert.deepEqual(found, []);
        assert.equal(plain(app(made), "virtualNetworkSubnetId"), subnets.appSubnetId);
        const endpoint = made.find("azure-native:network:PrivateEndpoint", "chat-keys-vault");
        assert.equal(plain(endpoint, "subnet.id"), subnets.endpointSubnetId);
        const records = made.find("azure-native:network:PrivateDnsZoneGroup", "chat-keys-vault");
        assert.equal(plain(records, "privateDnsZoneConfigs.0.privateDnsZoneId"), dnsZoneIds.vault);
    });

    it("links a new network to given zones, in their own resource group", async () => {
        const made = await runHub({ dnsZoneIds });
        const link = made.find("azure-native:privatedns:VirtualNetworkLink", "chat-network-vault");
        assert.equal(plain(link, "resourceGroupName"), "net");
        assert.equal(plain(link, "privateZoneName"), zoneNames.vault);
        assert.deepEqual(made.names("azure-native:privatedns:PrivateZone"), []);
    });

    it("writes no records with createDnsZones false, and needs none for its order", async () => {
        const made = await runHub({ ...subnets, createDnsZones: false });
        assert.deepEqual(made.names("azure-native:network:PrivateDnsZoneGroup"), []);
        assert.ok(made.comesAfter(app(made), made.find("azure-native:network:PrivateEndpoint", "chat-app-table")));
    });

    it("names the zones of its cloud, and lets unknown names through to public DNS", async () => {
        const made = await runOnSignalR({ cloud: "China" });
        const zones = made.resources.filter(({ type }) => type === "azure-native:privatedns:PrivateZone");
        assert.deepEqual(zones.map((zone) => plain(zone, "privateZoneName")).sort(), [
            "privatelink.blob.core.chinacloudapi.cn",
            "privatelink.queue.core.chinacloudapi.cn",
            "privatelink.signalr.azure.cn",
            "privatelink.table.core.chinacloudapi.cn",
            "privatelink.vaultcore.azure.cn",
        ]);
        for (const link of made.resources.filter(({ type }) => type.endsWith(":VirtualNetworkLink"))) {
            assert.equal(plain(link, "resolutionPolicy"), "NxDomainRedirect");
            assert.equal(plain(link, "registrationEnabled"), false);
        }
    });

    it("creates things in the order in which each finds the next", async () => {
        const made = await runHub({ app: "Private", deployerIpRanges: ["203.0.113.7"] });
        const records = (name: string) => made.find("azure-native:network:PrivateDnsZoneGroup", name);
        const link = (name: string) => made.find("azure-native:webpubsub:WebPubSubSharedPrivateLinkResource", name);
        const deployment = (name: string) => made.find("azure-native:resources:Deployment", name);
        const settings = made.find("azure-native:web:WebAppApplicationSettings");
        const hub = made.find("azure-native:webpubsub:WebPubSubHub");
        for (const [later, earlier] of [
            [app(made), vnet(made)],
            ...[...storage, "chat-keys-vault"].map((name) => [app(made), records(name)] as const),
            [settings, records("chat-service-webpubsub")],
            [records("chat-app-sites"), settings],
            [link("chat-vault-link"), records("chat-service-webpubsub")],
            [link("chat-vault-link"), records("chat-keys-vault")],
            [link("chat-app-link"), deployment("chat-vault-link-approval")],
            [link("chat-app-link"), records("chat-app-sites")],
            [deployment("chat-code"), deployment("chat-app-link-approval")],
            [deployment("chat-code"), records("chat-code-blob")],
            [hub, deployment("chat-vault-link-approval")],
            [hub, deployment("chat-app-link-approval")],
            [hub, deployment("chat-code")],
        ] as const) {
            assert.ok(
                made.comesAfter(later, earlier),
                `${later.type} ${later.name} after ${earlier.type} ${earlier.name}`,
            );
        }
    });

    it("approves the connection that has the message of its own link", async () => {
        const made = await runHub({});
        const link = made.find("azure-native:webpubsub:WebPubSubSharedPrivateLinkResource");
        const message = plain(link, "requestMessage");
        assert.equal(message, "azure-realtime: chat-service-abc123 to vault");
        const approval = made.find("azure-native:resources:Deployment", "chat-vault-link-approval");
        assert.deepEqual(plain(approval, "properties.parameters"), {
            targetName: { value: "chat-keys-abc123" },
            connectionName: { value: "shared" },
            description: { value: message },
        });
    });
});

describe("a SignalR backend with privateNetwork", () => {
    it("keeps its vault open for identities with a role, and has no link to it", async () => {
        const made = await runOnSignalR({});
        assert.equal(plain(vault(made), "properties.publicNetworkAccess"), "Enabled");
        assert.equal(plain(vault(made), "properties.networkAcls.defaultAction"), "Allow");
        const { more } = difference(made, signalRByDefault);
        assert.deepEqual(
            more.filter((one) => /link/i.test(one) && !/VirtualNetworkLink/.test(one)),
            [],
        );
        assert.ok(more.includes("PrivateEndpoint chat-keys-vault"));
        assert.ok(more.includes("PrivateZone chat-network-signalr"));
    });

    it("reaches a private app through a link", async () => {
        const made = await runOnSignalR({ app: "Private" });
        const link = made.find("azure-native:signalrservice:SignalRSharedPrivateLinkResource");
        assert.equal(plain(link, "groupId"), "sites");
        const code = made.find("azure-native:resources:Deployment", "chat-code");
        assert.ok(made.comesAfter(code, made.find("azure-native:resources:Deployment", "chat-app-link-approval")));
    });
});
