import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionApp } from "../functionApp/functionApp";
import { FunctionRuntime } from "../functionApp/hosting";
import type { FunctionCode } from "../functionCode/functionCode";
import { HostKeySource } from "../hostKeys/check";
import { HostKeys } from "../hostKeys/hostKeys";
import { createAppAndCode } from "../parts/backendApp";
import { createSuffix, uniqueName } from "../parts/suffix";
import { localSettingsJson } from "../rules/localSettings";
import type { ServiceKind } from "../shared/serviceKinds";
import { webhookUrl } from "../shared/urls";
import { resolveVault, type VaultPlace } from "../shared/vault";
import type { BackendArgs } from "./args";
import { ConnectionAuth } from "./check";
import { type Connection, createConnection, type ServiceNode } from "./connection";

export interface BackendNodes<S extends ServiceNode> {
    /** Only there when the backend made it. */
    resourceGroup?: ResourceGroup;
    service: S;
    app: FunctionApp;
    keys: HostKeys;
    code: FunctionCode;
}

export interface BackendOutputs extends Record<string, pulumi.Output<unknown>> {
    negotiateUrl: pulumi.Output<string>;
    endpoint: pulumi.Output<string>;
    functionAppName: pulumi.Output<string>;
    functionAppHostName: pulumi.Output<string>;
    serviceName: pulumi.Output<string>;
    serviceId: pulumi.Output<string>;
    resourceGroupName: pulumi.Output<string>;
    principalId: pulumi.Output<string>;
    localSettings: pulumi.Output<string>;
}

export interface BackendStep<A extends BackendArgs> {
    name: string;
    args: A;
    kind: ServiceKind;
    parent: pulumi.Resource;
}

export type Placed<A extends BackendArgs> = BackendStep<A> & { resourceGroupName: pulumi.Input<string> };

/** What a service is made from; `vaultId` is there when its key will be a reference into a vault. */
export type CreateService<A extends BackendArgs, S> = (
    step: Placed<A> & { vaultId: pulumi.Output<string> | undefined },
) => S;

export interface Backend<A extends BackendArgs, S extends ServiceNode> {
    placed: Placed<A>;
    nodes: BackendNodes<S>;
    outputs: BackendOutputs;
}

/** A backend of any kind: its parts, and the roles, settings and addresses between them. Nothing waits for the code. */
export function composeBackend<A extends BackendArgs, S extends ServiceNode>(
    given: BackendStep<A> & { createService: CreateService<A, S> },
): Backend<A, S> {
    const { name, args, kind, parent, createService } = given;
    const source = args.keySource ?? HostKeySource.KeyVault;
    const resourceGroup = args.resourceGroupName === undefined ? createGroup(given) : undefined;
    const resourceGroupName = resourceGroup?.name ?? args.resourceGroupName ?? "";
    const placed = { name, args, kind, parent, resourceGroupName };

    // A key in a vault is there before the app is; the others need the app, or even its code.
    const vaultKeys = source === HostKeySource.KeyVault ? createKeys(placed, undefined) : undefined;
    const service = createService({ ...placed, vaultId: vaultKeys?.vaultId });
    const connection = createConnection({
        name,
        parent,
        kind,
        connectionName: args.connectionName,
        auth: args.connectionAuth ?? ConnectionAuth.Identity,
        service,
        tags: args.tags,
        vault: () => vaultOf(placed, vaultKeys),
    });
    const { app, code } = createAppAndCode({ ...placed, vaultKeys, connection });
    const keyApp = source === HostKeySource.Discovered ? (code.appName ?? app.appName) : app.appName;
    const keys = vaultKeys ?? createKeys(placed, keyApp);
    return {
        placed,
        nodes: { resourceGroup, service, app, keys, code },
        outputs: {
            negotiateUrl: pulumi.interpolate`${app.url}/api/negotiate`,
            endpoint: service.endpoint,
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

/** Where the service sends events to: the extension's webhook on the app, opened by its key. */
export function appWebhookUrl(options: {
    kind: ServiceKind;
    app: FunctionApp;
    code: pulumi.Output<string>;
}): pulumi.Output<string> {
    return pulumi
        .all([options.app.defaultHostName, options.code])
        .apply(([hostName, code]) => webhookUrl({ hostName, extension: options.kind.extension, code }));
}

function createGroup({ name, args, parent }: BackendStep<BackendArgs>): ResourceGroup {
    return new ResourceGroup(
        name,
        {
            resourceGroupName: uniqueName(createSuffix(name, { parent }), { base: name, max: 90 }),
            location: args.location,
            tags: args.tags,
        },
        { parent },
    );
}

function createKeys(step: Placed<BackendArgs>, appName: pulumi.Input<string> | undefined): HostKeys {
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
function vaultOf(step: Placed<BackendArgs>, keys: HostKeys | undefined): VaultPlace {
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

function createLocalSettings(args: BackendArgs, connection: Connection): pulumi.Output<string> {
    const runtime = args.runtime ?? FunctionRuntime.Node;
    return pulumi.secret(
        pulumi
            .all([connection.localSettings, args.appSettings ?? {}])
            .apply(([settings, appSettings]) => localSettingsJson({ runtime, connection: settings, appSettings })),
    );
}
