import { type Cors, FunctionApp, type FunctionAppArgs, Roles } from "../../../components";
import { refuses } from "../../support/refusals";

const id = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/g/providers";
const packageUri = "https://packages/x.zip";
const identityId = `${id}/Microsoft.ManagedIdentity/userAssignedIdentities/i`;

refuses<Partial<FunctionAppArgs>>(
    "FunctionApp",
    (args) => new FunctionApp("chat", { resourceGroupName: "g", ...args }),
    [
        [
            { runtime: "ruby" as "node" },
            'runtime: "ruby" is not known. Allowed: node, python, dotnet-isolated, java, powershell.',
        ],
        [
            { cors: { allowedOrigins: ["https://chat.example.com/"] } },
            'cors.allowedOrigins: "https://chat.example.com/" ends with a slash, which no browser sends. Allowed: * alone, or scheme, host and port, such as https://chat.example.com or http://localhost:5173.',
        ],
        [
            { cors: { allowedOrigins: ["https://chat.example.com/app"] } },
            'cors.allowedOrigins: "https://chat.example.com/app" holds more than scheme, host and port. Allowed: * alone, or scheme, host and port, such as https://chat.example.com or http://localhost:5173.',
        ],
        [
            { cors: { allowedOrigins: ["chat.example.com"] } },
            'cors.allowedOrigins: "chat.example.com" is not an origin. Allowed: * alone, or scheme, host and port, such as https://chat.example.com or http://localhost:5173.',
        ],
        [
            { cors: { allowedOrigins: ["https://ok.example.com", "https://user@chat.example.com"] } },
            'cors.allowedOrigins: "https://user@chat.example.com" is not an origin. Allowed: * alone, or scheme, host and port, such as https://chat.example.com or http://localhost:5173.',
        ],
        [
            { cors: { allowedOrigins: ["ftp://chat.example.com"] } },
            'cors.allowedOrigins: "ftp://chat.example.com" has the scheme ftp: (http and https, or an app\'s own scheme with the host localhost). Allowed: * alone, or scheme, host and port, such as https://chat.example.com or http://localhost:5173.',
        ],
        [
            { cors: { allowedOrigins: ["https://chat.example.com:443"] } },
            'cors.allowedOrigins: "https://chat.example.com:443" names the port that https:// has anyway, and browsers leave it out. Allowed: * alone, or scheme, host and port, such as https://chat.example.com or http://localhost:5173.',
        ],
        [
            { cors: { allowedOrigins: ["http://localhost:70000"] } },
            'cors.allowedOrigins: "http://localhost:70000" has no port from 1 to 65535. Allowed: * alone, or scheme, host and port, such as https://chat.example.com or http://localhost:5173.',
        ],
        [
            { cors: { allowedOrigins: ["https://Chat.example.com"] } },
            'cors.allowedOrigins: "https://Chat.example.com" has capital letters, which no browser sends. Allowed: * alone, or scheme, host and port, such as https://chat.example.com or http://localhost:5173.',
        ],
        [
            { cors: { allowedOrigins: ["https://*.example.com"] } },
            'cors.allowedOrigins: "https://*.example.com" has a *, which FlexConsumption does not match. Allowed: * alone, or scheme, host and port, such as https://chat.example.com or http://localhost:5173.',
        ],
        [
            { cors: { allowedOrigins: ["https://chat.*"] } },
            'cors.allowedOrigins: "https://chat.*" has a * that is not the whole first part of a host name. Allowed: * alone, or scheme, host and port, such as https://chat.example.com or http://localhost:5173.',
        ],
        [
            { cors: { allowedOrigins: [""] } },
            'cors.allowedOrigins: "" is not an origin. Allowed: * alone, or scheme, host and port, such as https://chat.example.com or http://localhost:5173.',
        ],
        [
            { cors: { allowedOrigins: ["*", "https://chat.example.com"] } },
            'cors.allowedOrigins: "*" allows every origin, so it stands alone. Remove it or the others.',
        ],
        [
            { cors: { allowedOrigins: ["http://localhost:5173", "http://localhost:5173"] } },
            'cors.allowedOrigins: "http://localhost:5173" is there twice. Remove one.',
        ],
        [
            { cors: { allowedOrigins: ["*"], supportCredentials: true } },
            'cors.supportCredentials: it cannot be true while allowedOrigins is "*": Azure and browsers take credentials for named origins only. List the origins.',
        ],
        [
            { cors: {} as Cors },
            "cors.allowedOrigins: it is missing. Give a list of origins, such as https://chat.example.com.",
        ],
        [{ cors: ["*"] as unknown as Cors }, "cors: it is a list. Allowed: an object with allowedOrigins."],
        [{ cors: { allowedOrigins: "*" as unknown as string[] } }, "cors.allowedOrigins: it is text. Allowed: a list."],
        [
            { cors: { allowedOrigins: [], supportCredentials: "yes" as unknown as boolean } },
            "cors.supportCredentials: it is text. Allowed: true or false.",
        ],
        [{ instanceMemoryMB: 1024 }, "instanceMemoryMB: 1024 is not an instance size. Allowed: 512, 2048, 4096 MB."],
        [
            { maximumInstanceCount: 0 },
            "maximumInstanceCount: 0 is out of range. Allowed: whole numbers from 1 to 1000 instances.",
        ],
        [
            { plan: "Consumption", packageUri, maximumInstanceCount: 201 },
            "maximumInstanceCount: 201 is out of range. Allowed: whole numbers from 1 to 200 instances.",
        ],
        [
            { plan: "Dedicated", maximumInstanceCount: 2 },
            "maximumInstanceCount: plan Dedicated has a fixed number of instances. Remove it.",
        ],
        [
            { alwaysReady: [{ name: "all", instanceCount: 1 }] },
            'alwaysReady[0].name: "all" is not a group of functions. Allowed: http, blob, durable, function:<function name>.',
        ],
        [{ planSku: "EP1" }, "planSku: plan FlexConsumption has one size. Remove it."],
        [{ plan: "Consumption", packageUri, planSku: "B1" }, "planSku: plan Consumption has one size. Remove it."],
        [
            { plan: "Dedicated", planSku: "EP1" },
            'planSku: "EP1" is not a size of Dedicated. Allowed: B1, B2, B3, S1, S2, S3, P0v3, P1v3, P2v3, P3v3.',
        ],
        [
            { plan: "ElasticPremium", packageUri, planSku: "B1" },
            'planSku: "B1" is not a size of ElasticPremium. Allowed: EP1, EP2, EP3.',
        ],
        [
            { planId: `${id}/Microsoft.Web/serverfarms/p`, zoneRedundant: true },
            "zoneRedundant: it is for a new plan, and planId names one that exists. Remove one of them.",
        ],
        [
            { plan: "Consumption", packageUri, zoneRedundant: true },
            "zoneRedundant: plan Consumption has no zones. Use ElasticPremium, or Dedicated from P0v3 on.",
        ],
        [
            { plan: "Dedicated", zoneRedundant: true },
            "zoneRedundant: B1 cannot be spread over zones. Use planSku P0v3 or larger, or remove it.",
        ],
        [
            { plan: "Dedicated", planSku: "S1", zoneRedundant: true },
            "planSku: S1 cannot be spread over zones. Use planSku P0v3 or larger, or remove it.",
        ],
        [
            { plan: "Consumption", packageUri, runtime: "python" },
            "runtime: plan Consumption runs on Windows, which has no Python. Use Dedicated or ElasticPremium.",
        ],
        [
            { packageDelivery: "Mounted" },
            "packageDelivery: it is for plan Dedicated, and the plan is FlexConsumption. Remove it, or use plan Dedicated.",
        ],
        [
            { packageDelivery: "Url" },
            "packageDelivery: it is for plan Dedicated, and the plan is FlexConsumption. Remove it, or use plan Dedicated.",
        ],
        [
            { plan: "Dedicated", siteUpdateStrategy: "RollingUpdate" },
            "siteUpdateStrategy: it is for plan FlexConsumption, and the plan is Dedicated. Remove it, or use plan FlexConsumption.",
        ],
        [
            { roleDelaySeconds: 1801 },
            "roleDelaySeconds: 1801 is out of range. Allowed: whole numbers from 0 to 1800 seconds.",
        ],
        [
            { plan: "ElasticPremium", packageUri: "https://x", instanceMemoryMB: 512 },
            "instanceMemoryMB: it is for plan FlexConsumption, and the plan is ElasticPremium. Remove it, or use plan FlexConsumption.",
        ],
        [
            { plan: "ElasticPremium" },
            "packageUri: an app on plan ElasticPremium runs from its package. Give FunctionCode's packageUri.",
        ],
        [
            { packageUri },
            "packageUri: plan FlexConsumption does not run from a package's URL here. Give FunctionCode the functionAppName instead.",
        ],
        [
            { identityType: "SystemAssigned", userAssignedIdentityId: identityId },
            "userAssignedIdentityId: it needs identityType UserAssigned. Change identityType, or remove it.",
        ],
        [
            { planId: "my-plan" },
            'planId: "my-plan" is not the id of a Microsoft.Web/serverfarms. Allowed: /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.Web/serverfarms/<name>.',
        ],
        [
            { appSettings: { FUNCTIONS_WORKER_RUNTIME: "node" } },
            "appSettings: FUNCTIONS_WORKER_RUNTIME belongs to the Flex Consumption plan, which refuses it. Remove or rename what you gave.",
        ],
        [
            { roles: ["a", "a"].map((name) => ({ name, role: Roles.keyVaultSecretsUser, scope: id })) },
            'roles[1].name: "a" is there twice. Give each role a name of its own.',
        ],
    ],
);
