import {
    SignalRBackend,
    type SignalRBackendArgs,
    WebPubSubBackend,
    type WebPubSubBackendArgs,
} from "../../../components";
import { codePaths } from "../../support/backend";
import { refuses } from "../../support/refusals";

const id = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/g/providers";
const subnet = (name: string) => `${id}/Microsoft.Network/virtualNetworks/net/subnets/${name}`;
const zone = (name: string) => `${id}/Microsoft.Network/privateDnsZones/${name}`;
const existing = (thing: string) =>
    `privateNetwork closes what the backend creates, and the network of a given ${thing} is its owner's. Remove one of them.`;
const decided = "privateNetwork decides it, by privateNetwork.clients. Remove one of them.";
const addresses = "Allowed: public IPv4 addresses, as 203.0.113.7, and ranges to /30, as 203.0.113.0/24.";
const ranges = "Allowed: a private IPv4 range from /16 to /25 that starts at its first address, as 10.0.0.0/24.";
const host =
    "asks the running host through Azure Resource Manager, which is reported to fail in a private network. Use KeyVault, or remove privateNetwork.";
const noNetwork =
    "privateNetwork: plan Consumption has no network integration. Use ElasticPremium, Dedicated or, without a Socket.IO trigger, FlexConsumption.";

const make = (args: Partial<WebPubSubBackendArgs>) =>
    new WebPubSubBackend("chat", { codePath: codePaths.webpubsub, privateNetwork: {}, ...args });

const deployers = (...deployerIpRanges: string[]): Partial<WebPubSubBackendArgs> => ({
    privateNetwork: { deployerIpRanges },
});

refuses<Partial<WebPubSubBackendArgs>>("WebPubSubBackend", make, [
    [{ plan: "Consumption" }, noNetwork],
    [{ sku: "Free_F1" }, "sku: Free_F1 has no private endpoints. Use Standard_S1 or higher, or leave the network out."],
    [{ keySource: "HostKey" }, `keySource: HostKey ${host}`],
    [{ keySource: "Discovered" }, `keySource: Discovered ${host}`],
    [{ serviceId: `${id}/Microsoft.SignalRService/webPubSub/s` }, `serviceId: ${existing("service")}`],
    [{ storageAccountId: `${id}/Microsoft.Storage/storageAccounts/s` }, `storageAccountId: ${existing("account")}`],
    [{ vaultId: `${id}/Microsoft.KeyVault/vaults/v` }, `vaultId: ${existing("vault")}`],
    [{ networkACLs: {} }, `networkACLs: ${decided}`],
    [{ publicNetworkAccess: "Enabled" }, `publicNetworkAccess: ${decided}`],
    [{ privateNetwork: true as never }, "privateNetwork: it is true. Allowed: an object, {} for every default."],
    [
        { privateNetwork: { clients: "Secret" as never } },
        'privateNetwork.clients: "Secret" is not known. Allowed: Public, Private.',
    ],
    [{ privateNetwork: { app: "Off" as never } }, 'privateNetwork.app: "Off" is not known. Allowed: Public, Private.'],
    [
        { privateNetwork: { appSubnetId: subnet("app") } },
        "privateNetwork.endpointSubnetId: it goes with appSubnetId. Give both for a network that exists, or neither.",
    ],
    [
        { privateNetwork: { endpointSubnetId: subnet("app") } },
        "privateNetwork.appSubnetId: it goes with endpointSubnetId. Give both for a network that exists, or neither.",
    ],
    [
        { privateNetwork: { appSubnetId: subnet("app"), endpointSubnetId: subnet("APP") } },
        "privateNetwork.endpointSubnetId: it is the app's subnet as well, and Azure lets nothing else into that one. Use two subnets.",
    ],
    [
        { privateNetwork: { appSubnetId: subnet("my_app"), endpointSubnetId: subnet("ends") } },
        'privateNetwork.appSubnetId: "my_app" has an underscore, and FlexConsumption takes no such subnet. Use a subnet of another name.',
    ],
    [
        { privateNetwork: { appSubnetId: subnet("app"), endpointSubnetId: subnet("b"), addressPrefix: "10.0.0.0/24" } },
        "privateNetwork.addressPrefix: it is for a new virtual network, and subnets are given. Remove one of them.",
    ],
    ...(
        [
            ["10.0.0.0", "is not an IPv4 range"],
            ["10.0.0.0/26", "has a prefix of /26"],
            ["10.0.0.0/8", "has a prefix of /8"],
            ["203.0.113.0/24", "is not private"],
            ["10.0.0.5/24", "does not start at its first address, which is 10.0.0.0"],
            ["fd00::/64", "is not an IPv4 range"],
            ["10.0.999.0/24", "is not an IPv4 range"],
        ] as const
    ).map(([addressPrefix, fault]): [Partial<WebPubSubBackendArgs>, string] => [
        { privateNetwork: { addressPrefix } },
        `privateNetwork.addressPrefix: "${addressPrefix}" ${fault}. ${ranges}`,
    ]),
    [
        { privateNetwork: { createDnsZones: true, dnsZoneIds: allZones() } },
        "privateNetwork.createDnsZones: it is true, and dnsZoneIds names zones that exist. Remove one of them.",
    ],
    [
        { privateNetwork: { dnsZoneIds: { ...allZones(), vault: undefined } } },
        "privateNetwork.dnsZoneIds: there is no zone for vault. Name one for every endpoint that the network has.",
    ],
    [
        { privateNetwork: { dnsZoneIds: { ...allZones(), vault: zone("privatelink.vault.azure.net") } } },
        'privateNetwork.dnsZoneIds.vault: "privatelink.vault.azure.net" is not a zone for vault. Allowed: privatelink.vaultcore.azure.net, privatelink.vaultcore.usgovcloudapi.net, privatelink.vaultcore.azure.cn.',
    ],
    [
        { privateNetwork: { cloud: "USGovernment" } },
        "privateNetwork.createDnsZones: Azure names no private DNS zone for webpubsub in the cloud USGovernment. Give dnsZoneIds, or false and write the records yourself.",
    ],
    [
        deployers(),
        "privateNetwork.deployerIpRanges: it is empty, so nobody could upload code. Name an address, or leave it out to keep the account open.",
    ],
    [
        deployers("203.0.113.7/32"),
        'privateNetwork.deployerIpRanges: "203.0.113.7/32" is a /32, which storage firewalls do not take. Write 203.0.113.7.',
    ],
    [
        deployers("203.0.113.6/31"),
        'privateNetwork.deployerIpRanges: "203.0.113.6/31" is a /31, which storage firewalls do not take. Write its two addresses one by one.',
    ],
    ...(
        [
            ["10.1.2.3", "10.0.0.0/8"],
            ["172.31.0.0/24", "172.16.0.0/12"],
            ["192.168.1.1", "192.168.0.0/16"],
            ["127.0.0.1", "127.0.0.0/8"],
        ] as const
    ).map(([given, outer]): [Partial<WebPubSubBackendArgs>, string] => [
        deployers("203.0.113.7", given),
        `privateNetwork.deployerIpRanges: "${given}" lies in ${outer}, from which no call arrives: Azure compares public addresses. ${addresses}`,
    ]),
    [
        deployers("2001:db8::1"),
        `privateNetwork.deployerIpRanges: "2001:db8::1" is IPv6, which storage firewalls do not take. ${addresses}`,
    ],
    [deployers("office"), `privateNetwork.deployerIpRanges: "office" is not an IPv4 address or range. ${addresses}`],
    [
        deployers("0.0.0.0/0"),
        'privateNetwork.deployerIpRanges: "0.0.0.0/0" opens the account to more than a 256th of the internet. Name the deployer\'s own range.',
    ],
    [
        { ...deployers("203.0.113.7"), plan: "ElasticPremium" },
        "privateNetwork.deployerIpRanges: an app on plan ElasticPremium runs from the package's URL here, and reports say that it does not start when a firewall is in between. Remove it: the account stays open, and reading it takes a role or a signature.",
    ],
]);

refuses<Partial<SignalRBackendArgs>>(
    "SignalRBackend",
    (args) => new SignalRBackend("chat", { codePath: codePaths.signalr, privateNetwork: {}, ...args }),
    [
        [{ keySource: "HostKey" }, `keySource: HostKey ${host}`],
        [{ plan: "Consumption" }, noNetwork],
        [{ networkACLs: {} }, `networkACLs: ${decided}`],
    ],
);

function allZones() {
    return {
        blob: zone("privatelink.blob.core.windows.net"),
        queue: zone("privatelink.queue.core.windows.net"),
        table: zone("privatelink.table.core.windows.net"),
        vault: zone("privatelink.vaultcore.azure.net"),
        webpubsub: zone("privatelink.webpubsub.azure.com"),
    };
}
