import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
    type Autoscale,
    SignalRService,
    SocketIOService,
    type SocketIOServiceArgs,
    WebPubSubService,
} from "../../../components";
import { orMissing } from "../../../components/shared/lookup";
import { failureOf, type ProgramRun, plain, type RunOptions, runProgram } from "../../support/pulumi";
import { refuses } from "../../support/refusals";

const settingType = "azure-native:monitor:AutoscaleSetting";
const idOf = (path: string) =>
    `/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/group/providers/Microsoft.SignalRService/${path}`;

const services = [
    {
        Service: SocketIOService,
        type: "azure-native:webpubsub:WebPubSub",
        replica: "azure-native:webpubsub:WebPubSubReplica",
        lookup: "azure-native:webpubsub:getWebPubSub",
        id: idOf("webPubSub/chat-abc123"),
    },
    {
        Service: WebPubSubService,
        type: "azure-native:webpubsub:WebPubSub",
        replica: "azure-native:webpubsub:WebPubSubReplica",
        lookup: "azure-native:webpubsub:getWebPubSub",
        id: idOf("webPubSub/chat-abc123"),
    },
    {
        Service: SignalRService,
        type: "azure-native:signalrservice:SignalR",
        replica: "azure-native:signalrservice:SignalRReplica",
        lookup: "azure-native:signalrservice:getSignalR",
        id: idOf("signalR/chat-abc123"),
    },
];

interface ScaleRule {
    metricTrigger: Record<string, unknown>;
    scaleAction: Record<string, unknown>;
}

/** A failed call as gRPC reports it. */
const failed = (details: string) => Object.assign(new Error(details), { details });

const rulesOf = (made: ProgramRun<unknown>, name: string) =>
    (plain(made.find(settingType, name), "profiles.0.rules") as ScaleRule[]).map(({ metricTrigger, scaleAction }) =>
        [metricTrigger.metricName, metricTrigger.operator, metricTrigger.threshold, scaleAction.direction].join(" "),
    );

for (const { Service, type, replica, lookup, id } of services) {
    describe(`${Service.name} with units that change`, () => {
        const make = (args: Partial<SocketIOServiceArgs>, options?: RunOptions) =>
            runProgram(() => new Service("chat", { resourceGroupName: "group", sku: "Premium_P1", ...args }), options);
        /** Azure's answer to a service or replica that has these units. */
        const having =
            (capacity: number): RunOptions["invoke"] =>
            (token) =>
                token.startsWith(lookup) ? { sku: { capacity } } : undefined;
        const missing: RunOptions["invoke"] = (token, { resourceName }) => {
            if (token.startsWith(lookup)) {
                throw failed(
                    `Status=404 Code="ResourceNotFound" Message="The Resource ${resourceName} was not found."`,
                );
            }
            return undefined;
        };

        it("makes neither a setting nor a replica by default, and asks Azure nothing", async () => {
            const made = await make({});
            assert.deepEqual([...made.names(settingType), ...made.names(replica)], []);
            assert.deepEqual(made.invokes, []);
        });

        // Source of metrics and times: https://learn.microsoft.com/azure/azure-web-pubsub/howto-scale-autoscale
        it("grows when one metric is high, and shrinks when both are low, by steps that the tier has", async () => {
            const made = await make({ autoscale: { minimumCapacity: 2, maximumCapacity: 20 } });
            assert.deepEqual(made.names(settingType), ["chat-autoscale"]);
            const setting = made.find(settingType);
            assert.equal(plain(setting, "enabled"), true);
            assert.equal(plain(setting, "targetResourceUri"), id);
            assert.deepEqual(plain(setting, "profiles.0.capacity"), { minimum: "2", maximum: "20", default: "2" });
            assert.deepEqual(rulesOf(made, "chat-autoscale"), [
                "ConnectionQuotaUtilization GreaterThan 70 Increase",
                "ServerLoad GreaterThan 70 Increase",
                "ConnectionQuotaUtilization LessThan 20 Decrease",
                "ServerLoad LessThan 20 Decrease",
            ]);
            for (const { metricTrigger, scaleAction } of plain(setting, "profiles.0.rules") as ScaleRule[]) {
                assert.equal(metricTrigger.metricResourceUri, id);
                assert.deepEqual([metricTrigger.timeGrain, metricTrigger.timeWindow], ["PT1M", "PT5M"]);
                // A step of one from 10 would be 11, which no tier has.
                assert.equal(scaleAction.type, "ServiceAllowedNextValue");
                assert.equal(scaleAction.cooldown, "PT30M");
            }
        });

        it("takes thresholds, and units to start with", async () => {
            const autoscale = { maximumCapacity: 10, scaleOutAbove: 60, scaleInBelow: 10 };
            const made = await make({ capacity: 3, autoscale }, { invoke: missing });
            assert.equal(plain(made.find(type), "sku.capacity"), 3);
            assert.deepEqual(plain(made.find(settingType), "profiles.0.capacity"), {
                minimum: "1",
                maximum: "10",
                default: "3",
            });
            assert.deepEqual(
                rulesOf(made, "chat-autoscale").map((rule) => rule.split(" ")[2]),
                ["60", "60", "10", "10"],
            );
        });

        it("starts with the fewest units that it may have", async () => {
            for (const [args, fewest] of [
                [{ autoscale: { maximumCapacity: 10 } }, 1],
                [{ autoscale: { minimumCapacity: 4, maximumCapacity: 10 } }, 4],
                [{ sku: "Premium_P2", autoscale: { maximumCapacity: 500 } }, 100],
            ] as const) {
                const made = await make(args, { invoke: missing });
                assert.equal(plain(made.find(type), "sku.capacity"), fewest);
            }
        });

        // azure-native sends the whole service in every update, so units that are merely ignored would go back to what they were.
        it("keeps the units that it has by now, in an update of whatever else", async () => {
            const autoscale = { minimumCapacity: 2, maximumCapacity: 20 };
            const made = await make({ capacity: 2, autoscale, tags: { team: "chat" } }, { invoke: having(9) });
            assert.equal(plain(made.find(type), "sku.capacity"), 9);
            const inputs = { resourceName: "chat-abc123", resourceGroupName: "group" };
            assert.deepEqual(
                made.invokes.map((call) => [call.token, call.inputs]),
                [[lookup, inputs]],
            );
        });

        it("starts anew on a tier that does not have the units of the last one", async () => {
            const autoscale = { maximumCapacity: 500 };
            const made = await make({ sku: "Premium_P2", autoscale }, { invoke: having(9) });
            assert.equal(plain(made.find(type), "sku.capacity"), 100);
        });

        it("stops an update that cannot ask how many units there are, so that none are lost", async () => {
            const failure = await failureOf(() =>
                make(
                    { autoscale: { maximumCapacity: 10 } },
                    {
                        invoke: (token) => {
                            if (token === lookup) {
                                throw failed("Status=503 the service is busy");
                            }
                            return undefined;
                        },
                    },
                ),
            );
            assert.match(failure.message, /503/);
        });

        it("has replicas in other regions, with its tier and units of their own", async () => {
            const made = await make({
                capacity: 2,
                tags: { team: "chat" },
                replicas: [
                    { name: "us", location: "westus" },
                    { name: "asia", location: "southeastasia", capacity: 5, regionEndpointEnabled: false },
                ],
            });
            assert.deepEqual(made.names(replica), ["chat-asia", "chat-us"]);
            const shown = ["chat-us", "chat-asia"].map((name) => {
                const one = made.find(replica, name);
                const read = (path: string) => plain(one, path);
                assert.deepEqual([read("resourceName"), read("tags")], ["chat-abc123", { team: "chat" }]);
                assert.ok(made.comesAfter(one, made.find(type)));
                return ["replicaName", "location", "sku.name", "sku.tier", "sku.capacity", "regionEndpointEnabled"].map(
                    read,
                );
            });
            assert.deepEqual(shown, [
                ["chat-abc123-us", "westus", "Premium_P1", "Premium", 2, "Enabled"],
                ["chat-abc123-asia", "southeastasia", "Premium_P1", "Premium", 5, "Disabled"],
            ]);
            assert.deepEqual(made.names(settingType), []);
            assert.equal(made.result.nodes.replicas?.length, 2);
        });

        it("scales each replica by a setting of its own, and keeps its units too", async () => {
            const args = {
                autoscale: { minimumCapacity: 2, maximumCapacity: 10 },
                replicas: [{ name: "us", location: "westus", capacity: 3 }],
            };
            const made = await make(args, { invoke: missing });
            assert.deepEqual(made.names(settingType), ["chat-autoscale", "chat-us-autoscale"]);
            const target = plain(made.find(settingType, "chat-us-autoscale"), "targetResourceUri");
            assert.equal(target, `${id}/replicas/chat-abc123-us`);
            assert.equal(plain(made.find(replica), "sku.capacity"), 3);
            const later = await make(args, { invoke: having(7) });
            assert.equal(plain(later.find(replica), "sku.capacity"), 7);
        });

        it("cuts the service's name, not the replica's, where both together are too long", async () => {
            const serviceName = "a".repeat(63);
            const made = await make({ serviceName, replicas: [{ name: "us", location: "westus" }] });
            const name = String(plain(made.find(replica), "replicaName"));
            assert.equal(name.length, 63);
            assert.ok(name.endsWith("-us"));
        });

        it("shows the same resources in a preview before anything exists", async () => {
            const args = {
                autoscale: { maximumCapacity: 10 },
                replicas: [{ name: "us", location: "westus" }],
            };
            const [preview, update] = [await make(args, { preview: true }), await make(args, { invoke: missing })];
            for (const one of [type, replica, settingType]) {
                assert.deepEqual(preview.names(one), update.names(one));
            }
        });

        it("refuses a tier that turns out to have neither", async () => {
            const rows: [Partial<SocketIOServiceArgs>, string][] = [
                [{ autoscale: { maximumCapacity: 10 } }, "autoscale"],
                [{ replicas: [{ name: "us", location: "westus" }] }, "replicas"],
            ];
            for (const [args, option] of rows) {
                const failure = await failureOf(() => make({ ...args, sku: pulumi.output("Standard_S1" as const) }));
                assert.ok(
                    failure.message.endsWith(
                        `${Service.name} "chat": ${option}: it needs a Premium tier, and sku is Standard_S1. Use Premium_P1 or Premium_P2, or leave ${option} out.`,
                    ),
                    failure.message,
                );
            }
        });

        it("refuses units that turn out to be none of the tier's", async () => {
            const failure = await failureOf(() => make({ autoscale: { maximumCapacity: pulumi.output(11) } }));
            assert.ok(
                failure.message.endsWith(
                    `${Service.name} "chat": autoscale.maximumCapacity: 11 does not fit Premium_P1. Allowed: 1-10, 20, 30 … 100.`,
                ),
                failure.message,
            );
        });
    });
}

describe("a lookup", () => {
    // The sentences of azure-native: its errors hold Azure's status and code.
    for (const [message, isMissing] of [
        [`Status=404 Code="ResourceNotFound" Message="The Resource 'a' under resource group 'b' was not found."`, true],
        [`Status=404 Code="ResourceGroupNotFound" Message="Resource group 'b' could not be found."`, true],
        ['Status=403 Code="AuthorizationFailed" Message="The client does not have authorization"', false],
        ['Status=429 Code="TooManyRequests" Message="after 4040 calls"', false],
        ["getaddrinfo ENOTFOUND management.azure.com", false],
    ] as const) {
        it(`${isMissing ? "finds nothing" : "fails"} with ${message.slice(0, 40)}`, async () => {
            const outcome = orMissing(Promise.reject(new Error(message)));
            await (isMissing ? outcome : assert.rejects(outcome, { message }));
        });
    }
});

const scaled = (autoscale: Autoscale, args: Partial<SocketIOServiceArgs> = {}) => ({
    resourceGroupName: "group",
    sku: "Premium_P1" as const,
    autoscale,
    ...args,
});
const replicated = (...replicas: NonNullable<SocketIOServiceArgs["replicas"]>) => ({
    resourceGroupName: "group",
    sku: "Premium_P1" as const,
    replicas,
});

refuses<SocketIOServiceArgs>("SocketIOService", (args) => new SocketIOService("chat", args), [
    [
        { resourceGroupName: "group", autoscale: { maximumCapacity: 10 } },
        "autoscale: it needs a Premium tier, and sku is Standard_S1. Use Premium_P1 or Premium_P2, or leave autoscale out.",
    ],
    [
        { ...replicated({ name: "us", location: "westus" }), sku: "Free_F1" },
        "replicas: it needs a Premium tier, and sku is Free_F1. Use Premium_P1 or Premium_P2, or leave replicas out.",
    ],
    [
        scaled({ maximumCapacity: 10 }, { sku: undefined, serviceId: idOf("webPubSub/old") }),
        "autoscale: it is for a new service, and serviceId names one that exists. Remove one of them.",
    ],
    [scaled({} as Autoscale), "autoscale.maximumCapacity: it is missing. Give the most units."],
    [
        scaled({ maximumCapacity: 15 }),
        "autoscale.maximumCapacity: 15 does not fit Premium_P1. Allowed: 1-10, 20, 30 … 100.",
    ],
    [
        scaled({ minimumCapacity: 50, maximumCapacity: 500 }, { sku: "Premium_P2" }),
        "autoscale.minimumCapacity: 50 does not fit Premium_P2. Allowed: 100, 200 … 1000.",
    ],
    [
        scaled({ minimumCapacity: 5, maximumCapacity: 5 }),
        "autoscale.maximumCapacity: 5 leaves nothing to scale: minimumCapacity is 5. Give more, or leave autoscale out.",
    ],
    [
        scaled({ maximumCapacity: 1 }),
        "autoscale.maximumCapacity: 1 leaves nothing to scale: minimumCapacity is 1. Give more, or leave autoscale out.",
    ],
    [
        scaled({ minimumCapacity: 2, maximumCapacity: 10 }, { capacity: 1 }),
        "capacity: 1 is outside of autoscale. Allowed: 2 to 10, as units to start with, or leave it out.",
    ],
    [
        scaled({ maximumCapacity: 10, scaleOutAbove: 20 }),
        "autoscale.scaleInBelow: 20 is not less than scaleOutAbove, which is 20, so the service would go up and down. Give less.",
    ],
    [
        scaled({ maximumCapacity: 10, scaleOutAbove: 0.7 }),
        "autoscale.scaleOutAbove: 0.7 is out of range. Allowed: whole numbers from 1 to 100 percent.",
    ],
    [
        scaled({ maximumCapacity: 10, maximum: 3 } as never),
        "autoscale.maximum: it is not known. Allowed: maximumCapacity, minimumCapacity, scaleInBelow, scaleOutAbove.",
    ],
    [
        replicated({ name: "West US", location: "westus" }),
        'replicas[0].name: "West US" is not a short name. Allowed: 1-20 lower case letters, digits and hyphens, no hyphen first or last.',
    ],
    [
        replicated({ name: "us", location: "westus" }, { name: "us", location: "eastus" }),
        'replicas[1].name: another replica is called "us". Give each a name of its own.',
    ],
    [
        replicated({ name: "us", location: "westus", capacity: 12 }),
        "replicas[0].capacity: 12 does not fit Premium_P1. Allowed: 1-10, 20, 30 … 100.",
    ],
    [replicated({ name: "us" } as never), "replicas[0].location: it is missing. Give an Azure region."],
    [
        replicated(...Array.from({ length: 9 }, (_, index) => ({ name: `r${index}`, location: "westus" }))),
        "replicas: 9 are too many. Allowed: 8 at most.",
    ],
]);
