import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionApp } from "../functionApp";
import type { FunctionCode } from "../functionCode";
import { HostKeys } from "../hostKeys";
import { ConnectionAuth } from "../rules/backendArgs";
import { lateError } from "../rules/checks";
import { FunctionRuntime } from "../rules/hosting";
import { HostKeySource } from "../rules/hostKeysArgs";
import { localSettingsJson } from "../rules/localSettings";
import { Roles } from "../rules/roles";
import type { ServiceKind } from "../rules/serviceKind";
import { webhookUrl } from "../rules/urls";
import type { BackendArgs } from "../socketIoBackend";
import type { WebPubSubHub } from "../webPubSubHub";
import { createAppAndCode } from "./backendApp";
import { type Connection, createConnection, type ServiceNode } from "./connection";
import { createHubs } from "./hubs";
import { assignRole } from "./roles";
import { createSuffix, uniqueName } from "./suffix";
import { resolveVault, type VaultPlace } from "./vault";

export interface BackendNodes<S extends ServiceNode> {
    /** Only there when the backend made it. */
    resourceGroup?: resources.ResourceGroup;
    service: S;
    app: FunctionApp;
    keys: HostKeys;
    code: FunctionCode;
    hubs: WebPubSubHub[];
}

export interface BackendOutputs extends Record<string, pulumi.Output<unknown>> {
    negotiateUrl: pulumi.Output<string>;
    endpoint: pulumi.Output<string>;
    hubNames: pulumi.Output<string[]>;
    functionAppName: pulumi.Output<string>;
    functionAppHostName: pulumi.Output<string>;
    serviceName: pulumi.Output<string>;
    serviceId: pulumi.Output<string>;
    resourceGroupName: pulumi.Output<string>;
    principalId: pulumi.Output<string>;
    localSettings: pulumi.Output<string>;
}

/** The service's args as every kind of service has them. */
export type NewServiceArgs = Pick<
    BackendArgs,
    | "serviceName"
    | "existingServiceName"
    | "location"
    | "sku"
    | "units"
    | "publicNetworkAccess"
    | "networkACLs"
    | "liveTraceConfiguration"
    | "clientCertEnabled"
    | "tags"
> & {
    resourceGroupName: pulumi.Input<string>;
    identityType: BackendArgs["serviceIdentityType"];
    userAssignedIdentityId: pulumi.Input<string> | undefined;
    disableLocalAuth: boolean | undefined;
};

export interface BackendStep<S extends ServiceNode> {
    name: string;
    args: BackendArgs;
    kind: ServiceKind;
    parent: pulumi.Resource;
    createService: (name: string, args: NewServiceArgs, opts: pulumi.ComponentResourceOptions) => S;
}

export type Placed<S extends ServiceNode> = BackendStep<S> & { resourceGroupName: pulumi.Input<string> };

/** A backend of any kind: its parts, and the roles, settings and addresses between them. Nothing waits for the code. */
export function composeBackend<S extends ServiceNode>(
    given: BackendStep<S>,
): { nodes: BackendNodes<S>; outputs: BackendOutputs } {
    const { name, args, kind, parent } = given;
    const source = args.keySource ?? HostKeySource.KeyVault;
    const resourceGroup = args.resourceGroupName === undefined ? createGroup(given) : undefined;
    const resourceGroupName = resourceGroup?.name ?? args.resourceGroupName ?? "";
    const step = { ...given, resourceGroupName };

    const service = createBackendService(step);
    // A key in a vault is there before the app is; the others need the app, or even its code.
    const vaultKeys = source === HostKeySource.KeyVault ? createKeys(step, undefined) : undefined;
    const connection = createConnection({
        name,
        parent,
        kind,
        connectionName: args.connectionName,
        auth: args.connectionAuth ?? ConnectionAuth.Identity,
        service,
        tags: args.tags,
        vault: () => vaultOf(step, vaultKeys),
    });
    const { app, code } = createAppAndCode({ ...step, vaultKeys, connection });
    const keyApp = source === HostKeySource.Discovered ? (code.appName ?? app.appName) : app.appName;
    const keys = vaultKeys ?? createKeys(step, keyApp);
    const hubs = createHubs({
        name,
        args,
        parent,
        resourceGroupName: serviceGroup(step),
        serviceName: afterVaultRole({ ...step, service, vaultId: keys.vaultId }),
        urlTemplate: pulumi
            .all([app.defaultHostName, keys.code])
            .apply(([hostName, key]) => webhookUrl({ hostName, extension: kind.extension, code: key })),
    });
    return {
        nodes: { resourceGroup, service, app, keys, code, hubs },
        outputs: {
            negotiateUrl: pulumi.interpolate`${app.url}/api/negotiate`,
            endpoint: service.endpoint,
            hubNames: pulumi.all(hubs.map((hub) => hub.hubName)),
            functionAppName: app.appName,
            functionAppHostName: app.defaultHostName,
            serviceName: service.serviceName,
            serviceId: service.serviceId,
            resourceGroupName: pulumi.output(resourceGroupName),
            principalId: app.principalId,
            localSettings: createLocalSettings(args, connection),
        },
    };
}

function createGroup({
    name,
    args,
    parent,
}: Pick<Placed<ServiceNode>, "name" | "args" | "parent">): resources.ResourceGroup {
    return new resources.ResourceGroup(
        name,
        {
            resourceGroupName: uniqueName(createSuffix(name, { parent }), { base: name, max: 90 }),
            location: args.location,
            tags: args.tags,
        },
        { parent },
    );
}

function serviceGroup({ args, resourceGroupName }: Placed<ServiceNode>): pulumi.Input<string> {
    return args.existingServiceName === undefined
        ? resourceGroupName
        : (args.existingServiceResourceGroupName ?? resourceGroupName);
}

function createBackendService<S extends ServiceNode>(step: Placed<S>): S {
    const { name, args, parent } = step;
    return step.createService(
        `${name}-service`,
        {
            resourceGroupName: serviceGroup(step),
            serviceName: args.serviceName,
            existingServiceName: args.existingServiceName,
            location: args.location,
            sku: args.sku,
            units: args.units,
            identityType: args.serviceIdentityType,
            userAssignedIdentityId: args.serviceUserAssignedIdentityId,
            disableLocalAuth: args.connectionAuth === ConnectionAuth.AccessKey ? false : undefined,
            publicNetworkAccess: args.publicNetworkAccess,
            networkACLs: args.networkACLs,
            liveTraceConfiguration: args.liveTraceConfiguration,
            clientCertEnabled: args.clientCertEnabled,
            tags: args.tags,
        },
        { parent },
    );
}

function createKeys(step: Placed<ServiceNode>, appName: pulumi.Input<string> | undefined): HostKeys {
    const { name, args, kind, parent, resourceGroupName } = step;
    const source = args.keySource ?? HostKeySource.KeyVault;
    const vault =
        source === HostKeySource.KeyVault
            ? {
                  vaultName: args.vaultName,
                  existingVaultName: args.existingVaultName,
                  existingVaultResourceGroupName: args.existingVaultResourceGroupName,
              }
            : {};
    return new HostKeys(
        `${name}-keys`,
        {
            resourceGroupName,
            extension: kind.extension,
            source,
            keyRotation: args.keyRotation,
            appName,
            location: args.location,
            tags: args.tags,
            ...vault,
        },
        { parent },
    );
}

/** The vault of the keys, or one of its own when no key is kept in a vault. */
function vaultOf(step: Placed<ServiceNode>, keys: HostKeys | undefined): VaultPlace {
    const { name, args, parent, resourceGroupName } = step;
    const { vaultId: id, vaultName, vaultUri: uri } = keys ?? {};
    if (id !== undefined && vaultName !== undefined && uri !== undefined) {
        const group = args.existingVaultName === undefined ? undefined : args.existingVaultResourceGroupName;
        return { id, name: vaultName, uri, resourceGroupName: group ?? resourceGroupName };
    }
    return resolveVault(
        {
            name: `${name}-vault`,
            resourceGroupName,
            location: args.location,
            tags: args.tags,
            vaultName: args.vaultName,
            existingVaultName: args.existingVaultName,
            existingVaultResourceGroupName: args.existingVaultResourceGroupName,
        },
        { parent },
    );
}

/** The service's name once the service may read the key's secret: a hub that came first would call without a key. */
function afterVaultRole<S extends ServiceNode>(
    step: Placed<S> & { service: S; vaultId: pulumi.Output<string> | undefined },
): pulumi.Output<string> {
    const { name, parent, service, vaultId } = step;
    if (vaultId === undefined) {
        return service.serviceName;
    }
    const role = assignRole(
        {
            name: `${name}-service-vault-reader`,
            role: Roles.keyVaultSecretsUser,
            scope: vaultId,
            principalId:
                step.args.existingServiceName === undefined
                    ? service.principalId
                    : service.principalId.apply(refuseNoIdentity),
        },
        { parent },
    );
    return pulumi.all([service.serviceName, role.id]).apply(([known]) => known);
}

/** Without an identity the service cannot read the key: every event would be refused, with nothing that says why. */
function refuseNoIdentity(principalId: string): string {
    if (principalId === "") {
        throw lateError(
            "existingServiceName: the service has no identity, so it cannot read the key from the vault. Give it one, or use keySource HostKey or Discovered.",
        );
    }
    return principalId;
}

function createLocalSettings(args: BackendArgs, connection: Connection): pulumi.Output<string> {
    const runtime = args.runtime ?? FunctionRuntime.Node;
    return pulumi.secret(
        pulumi
            .all([connection.localSettings, args.appSettings ?? {}])
            .apply(([settings, appSettings]) => localSettingsJson({ runtime, connection: settings, appSettings })),
    );
}
