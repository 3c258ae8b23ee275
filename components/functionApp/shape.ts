import { namingShape } from "../shared/naming";
import { location, resourceGroup } from "../shared/places";
import { privateEndpointShape } from "../shared/privateEndpoint";
import {
    decisive,
    filled,
    flag,
    list,
    map,
    number,
    object,
    plain,
    required,
    type ShapesOf,
    text,
} from "../shared/shape";
import type {
    AlwaysReady,
    AppRole,
    Cors,
    FunctionAppArgs,
    FunctionAppOptionsArgs,
    KeyStore,
    ServiceConnection,
} from "./args";
import { eventAuthShape, eventCallersShape } from "./easyAuth";
import { stagingSlotShape } from "./stagingSlotCheck";

export const functionAppOptionsShape: ShapesOf<FunctionAppOptionsArgs> = {
    functionAppName: text,
    plan: plain(text),
    planSku: text,
    zoneRedundant: plain(flag),
    packageDelivery: plain(text),
    runtime: plain(text),
    runtimeVersion: filled,
    instanceMemoryMB: number,
    maximumInstanceCount: number,
    alwaysReady: list(object<AlwaysReady>({ name: required(text), instanceCount: required(number) })),
    siteUpdateStrategy: text,
    identityType: plain(text),
    assignRoles: plain(flag),
    roleDelaySeconds: number,
    appSettings: map,
    cors: object<Cors>({
        allowedOrigins: required(list(text), "a list of origins, such as https://chat.example.com"),
        supportCredentials: flag,
    }),
    eventAuth: eventAuthShape,
    protectData: plain(flag),
    naming: namingShape,
    storageAccountName: text,
    userAssignedIdentityId: decisive(text),
    planId: decisive(text),
    storageAccountId: decisive(text),
    workspaceId: decisive(text),
    location,
    tags: map,
};

const connection = object<ServiceConnection>({
    service: plain(required(text)),
    serviceId: required(text),
    endpoint: required(text),
    connectionName: plain(text),
    hubNames: list(text),
    secretUri: decisive(text),
    vaultId: decisive(text),
});

const role = object<AppRole>({ name: plain(required(text)), role: required(text), scope: required(text) });

export const functionAppShape: ShapesOf<FunctionAppArgs> = {
    ...functionAppOptionsShape,
    resourceGroupName: resourceGroup,
    connections: plain(list(plain(connection))),
    keyStore: plain(object<KeyStore>({ vaultId: required(text), vaultUri: required(text) })),
    roles: plain(list(plain(role))),
    eventCallers: eventCallersShape,
    packageUri: decisive(text),
    packageAccountId: decisive(text),
    virtualNetworkSubnetId: decisive(text),
    storagePrivateEndpoints: privateEndpointShape,
    privateEndpoint: privateEndpointShape,
    publicNetworkAccess: text,
    stagingSlot: stagingSlotShape,
};
