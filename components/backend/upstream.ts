import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity";
import * as pulumi from "@pulumi/pulumi";
import { findIdentity } from "../functionApp/identity";
import { later } from "../parts/later";
import { grantVaultReader } from "../parts/serviceVaultRole";
import { createSuffix, uniqueName } from "../parts/suffix";
import { ServiceIdentity } from "../service/check";
import { SignalRService, type UpstreamTemplateArgs } from "../service/signalRService";
import { ConnectionAuth } from "./check";
import {
    appWebhookUrl,
    type BackendNodes,
    type BackendOutputs,
    type BackendStep,
    composeBackend,
    type Placed,
} from "./compose";
import type { BackendUpstreamTemplateArgs, SignalRBackendArgs } from "./signalRBackend";

type ServiceStep = Placed<SignalRBackendArgs> & { vaultId: pulumi.Output<string> | undefined };

/**
 * A backend whose service holds the addresses of its events. App, then service, then the app's settings, then its code: app and
 * settings are two resources, so that each can know the other side's host name.
 */
export function composeSignalRBackend(step: BackendStep<SignalRBackendArgs>): {
    nodes: BackendNodes<SignalRService>;
    outputs: BackendOutputs;
} {
    const webhookUrl = later<string>();
    const { nodes, outputs } = composeBackend({
        ...step,
        createService: (placed) => createService({ ...placed, webhookUrl: webhookUrl.output }),
    });
    // A host takes a key once it has settings, which wait for the service: only the key itself is known before.
    webhookUrl.settle(appWebhookUrl({ kind: step.kind, app: nodes.app, code: nodes.keys.earlyCode }));
    return { nodes, outputs };
}

function createService(step: ServiceStep & { webhookUrl: pulumi.Output<string> }): SignalRService {
    const { name, args, parent, resourceGroupName, webhookUrl } = step;
    const userAssignedIdentityId = resolveIdentity(step);
    return new SignalRService(
        `${name}-service`,
        {
            resourceGroupName,
            serviceName: args.serviceName,
            location: args.location,
            sku: args.sku,
            units: args.units,
            identityType: userAssignedIdentityId === undefined ? undefined : ServiceIdentity.UserAssigned,
            userAssignedIdentityId,
            disableLocalAuth: args.connectionAuth === ConnectionAuth.AccessKey ? false : undefined,
            publicNetworkAccess: args.publicNetworkAccess,
            clientCertEnabled: args.clientCertEnabled,
            tags: args.tags,
            allowedOrigins: args.allowedOrigins,
            connectionTimeoutInSeconds: args.connectionTimeoutInSeconds,
            features: args.features,
            networkACLs: args.networkACLs,
            liveTraceConfiguration: args.liveTraceConfiguration,
            upstreamTemplates: resolveTemplates({ templates: args.upstreamTemplates, webhookUrl }),
        },
        { parent },
    );
}

/**
 * The service's identity, known once it may read the vault. The service reads the key when its upstream is set and then only
 * about every 30 minutes, so a role that came after it, as with an identity born with it, could be half an hour late.
 */
function resolveIdentity(step: ServiceStep): pulumi.Input<string> | undefined {
    const { name, parent, vaultId, args } = step;
    if (vaultId === undefined) {
        return args.serviceUserAssignedIdentityId;
    }
    const identity =
        args.serviceUserAssignedIdentityId === undefined
            ? createIdentity(step)
            : findIdentity({ id: args.serviceUserAssignedIdentityId, parent });
    const role = grantVaultReader({ name, parent, vaultId, principalId: identity.principalId });
    return pulumi.all([identity.id, role.id]).apply(([id]) => id);
}

function createIdentity({ name, args, parent, resourceGroupName }: ServiceStep): UserAssignedIdentity {
    const resourceName = `${name}-service`;
    return new UserAssignedIdentity(
        resourceName,
        {
            resourceName: uniqueName(createSuffix(`${resourceName}-identity`, { parent }), {
                base: resourceName,
                max: 128,
            }),
            resourceGroupName,
            location: args.location,
            tags: args.tags,
        },
        { parent },
    );
}

function resolveTemplates(question: {
    templates: pulumi.Input<pulumi.Input<BackendUpstreamTemplateArgs>[]> | undefined;
    webhookUrl: pulumi.Output<string>;
}): pulumi.Output<UpstreamTemplateArgs[]> {
    const { templates = [{}], webhookUrl } = question;
    return pulumi
        .all([templates, webhookUrl])
        .apply(([known, own]) => known.map((template) => ({ ...template, urlTemplate: template.urlTemplate ?? own })));
}
