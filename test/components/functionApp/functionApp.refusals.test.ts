import { FunctionApp, type FunctionAppArgs } from "../../../components";
import { refuses } from "../../support/refusals";

const id = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/g/providers";
const identityId = `${id}/Microsoft.ManagedIdentity/userAssignedIdentities/i`;

refuses<Partial<FunctionAppArgs>>(
    "FunctionApp",
    (args) => new FunctionApp("chat", { resourceGroupName: "g", ...args }),
    [
        [{ runtimeVersion: "18" }, 'runtimeVersion: "18" is not a version of node. Allowed: 20, 22.'],
        [
            { runtime: "ruby" as "node" },
            'runtime: "ruby" is not known. Allowed: node, python, dotnet-isolated, java, powershell.',
        ],
        [{ instanceMemoryMB: 1024 }, "instanceMemoryMB: 1024 is not an instance size. Allowed: 512, 2048, 4096 MB."],
        [
            { maximumInstanceCount: 10 },
            "maximumInstanceCount: 10 is out of range. Allowed: whole numbers from 40 to 1000 instances.",
        ],
        [
            { alwaysReady: [{ name: "all", instanceCount: 1 }] },
            'alwaysReady[0].name: "all" is not a group of functions. Allowed: http, blob, durable, function:<function name>.',
        ],
        [{ planSku: "EP1" }, "planSku: it is for plan ElasticPremium, and the plan is FlexConsumption."],
        [
            { plan: "ElasticPremium", packageUri: "https://x", instanceMemoryMB: 512 },
            "instanceMemoryMB: it is for plan FlexConsumption, and the plan is ElasticPremium.",
        ],
        [
            { plan: "ElasticPremium" },
            "packageUri: an ElasticPremium app runs from its package. Give FunctionCode's packageUri.",
        ],
        [{ userAssignedIdentityId: identityId }, "userAssignedIdentityId: it needs identityType UserAssigned."],
        [
            { planId: "my-plan" },
            'planId: "my-plan" is not the id of a Microsoft.Web/serverfarms. Allowed: /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.Web/serverfarms/<name>.',
        ],
        [
            { appSettings: { FUNCTIONS_WORKER_RUNTIME: "node" } },
            "appSettings: FUNCTIONS_WORKER_RUNTIME belongs to the Flex Consumption plan, which refuses it. Remove or rename what you gave.",
        ],
        [
            { roles: ["a", "a"].map((name) => ({ name, role: "r", scope: "s" })) },
            'roles[1].name: "a" is there twice. Give each role a name of its own.',
        ],
    ],
);
