// One chat in two regions: a service with a replica, an app in each region, and Front Door, which sends every client and every event
// to the nearest app that is well.
import { RoleAssignment } from "@pulumi/azure-native/authorization";
import { ResourceGroup } from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random";
import { Roles, WebPubSubHub, WebPubSubService } from "azure-realtime";
import { createFrontDoor } from "./frontDoor";
import { createRegion } from "./region";

const config = new pulumi.Config();
const codePath = config.require("functions");
const home = "westeurope";
const second = "eastus";

const resourceGroupName = new ResourceGroup("chat", { location: home }).name;
// Azure's DNS gives each client the address of the nearest replica, under the one name of the service.
const service = new WebPubSubService("chat", {
    resourceGroupName,
    location: home,
    sku: "Premium_P1",
    replicas: [{ name: "second", location: second }],
});

// An event may reach any of the apps, so all of them take the same key.
const key = new RandomPassword("events", { length: 48, special: false }).result;
const regions = [home, second].map((location) =>
    createRegion(`chat-${location}`, { resourceGroupName, location, codePath, key, service }),
);
const apps = regions.map(({ app }) => app);
const hostName = config.requireBoolean("frontDoor")
    ? createFrontDoor("chat", { resourceGroupName, apps })
    : apps[0]!.functionAppHostName;

// The service reads the key from the vault of the first region, and keeps using what it read if that region is lost.
const { keys } = regions[0]!;
const reader = new RoleAssignment("service-reads-key", {
    principalId: service.principalId,
    principalType: "ServicePrincipal",
    roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${Roles.keyVaultSecretsUser}`,
    scope: keys.vaultId,
});
new WebPubSubHub(
    "chat",
    {
        resourceGroupName,
        serviceName: service.serviceName,
        hubName: "chat",
        eventHandlers: [
            { urlTemplate: pulumi.interpolate`https://${hostName}/runtime/webhooks/webpubsub?code=${keys.code}` },
        ],
    },
    // A hub that is there before its reader and its app loses the first events.
    { dependsOn: [reader, ...regions.map(({ code }) => code)] },
);

export const negotiateUrl = pulumi.interpolate`https://${hostName}/api/negotiate`;
export const endpoint = service.endpoint;
export const appHostNames = apps.map((app) => app.functionAppHostName);
