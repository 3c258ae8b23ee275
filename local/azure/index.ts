import type { Handler, ProviderFunction } from "../engine/handler";
import { randomHandlers } from "../random";
import { getClientConfig, roleAssignment } from "./authorization";
import { deployment } from "./deployment";
import { eventHubHandlers } from "./eventhub";
import { secret, vault } from "./keyvault";
import { lockHandlers } from "./locks";
import { lookups } from "./lookups";
import { userAssignedIdentity } from "./managedidentity";
import { monitoringHandlers } from "./monitoring";
import { privateLinkLookups } from "./privateLinks";
import { recordedHandlers } from "./recordedTypes";
import { resourceGroup } from "./resources";
import { listSignalRKeys, signalR } from "./signalr";
import { blob, blobContainer, storageAccount, storageFunctions } from "./storage";
import {
    appServicePlan,
    listWebAppApplicationSettings,
    listWebAppHostKeys,
    slotHandlers,
    webApp,
    webAppApplicationSettings,
    webAppFtpAllowed,
    webAppScmAllowed,
} from "./web";
import { webAuthHandlers } from "./webAuth";
import { listWebPubSubKeys, webPubSub, webPubSubHub } from "./webpubsub";

/** Every resource type that the local Azure emulates, or checks and records. */
export const handlers: Handler[] = [
    resourceGroup,
    deployment,
    userAssignedIdentity,
    roleAssignment,
    vault,
    secret,
    storageAccount,
    blobContainer,
    blob,
    webPubSub,
    webPubSubHub,
    signalR,
    appServicePlan,
    webApp,
    webAppApplicationSettings,
    webAppFtpAllowed,
    webAppScmAllowed,
    ...webAuthHandlers,
    ...slotHandlers,
    ...monitoringHandlers,
    ...eventHubHandlers,
    ...randomHandlers,
    ...lockHandlers,
    ...recordedHandlers,
];

/** Every provider function that the local Azure supports. */
export const functions: ProviderFunction[] = [
    getClientConfig,
    listWebPubSubKeys,
    listSignalRKeys,
    listWebAppHostKeys,
    listWebAppApplicationSettings,
    ...storageFunctions,
    ...lookups,
    ...privateLinkLookups,
];
