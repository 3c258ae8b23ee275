import { Deployment } from "@pulumi/azure-native/resources";
import { SignalRSharedPrivateLinkResource } from "@pulumi/azure-native/signalrservice";
import { WebPubSubSharedPrivateLinkResource } from "@pulumi/azure-native/webpubsub";
import * as pulumi from "@pulumi/pulumi";
import { parseArmId, resourceGroupOf } from "../shared/armId";
import { keepNodes, nodesOf } from "../shared/nodes";
import { RealtimeExtension } from "../shared/serviceKinds";
import { findConnection, waitForLink } from "./approval";
import { LinkTarget, type SharedPrivateLinkArgs } from "./args";
import { checkSharedPrivateLinkArgs } from "./check";

/** Resources inside a SharedPrivateLink. */
export interface SharedPrivateLinkNodes {
    link: WebPubSubSharedPrivateLinkResource | SignalRSharedPrivateLinkResource;
    /** Approves the link's connection on the vault or the app. */
    approval: Deployment;
}

/**
 * A private way from a realtime service to a vault or a Function App that is closed to the internet. The service asks for a connection,
 * and the same update approves it on the target.
 *
 * ```ts
 * const link = new SharedPrivateLink("chat-vault", {
 *     resourceGroupName: group.name,
 *     service: "webpubsub",
 *     serviceName: service.serviceName,
 *     groupId: "vault",
 *     targetId: keys.vaultId,
 * });
 * new WebPubSubHub("chat", { resourceGroupName: group.name, serviceName: link.serviceName });
 * ```
 */
export class SharedPrivateLink extends pulumi.ComponentResource {
    /** Azure Resource Manager id of the link. */
    public readonly linkId: pulumi.Output<string>;
    /** Name of the service, known once the link works, so that what needs the link comes after it. */
    public readonly serviceName: pulumi.Output<string>;

    constructor(name: string, args: SharedPrivateLinkArgs, opts?: pulumi.ComponentResourceOptions) {
        super("azure-realtime:index:SharedPrivateLink", name, {}, opts);
        const checked = checkSharedPrivateLinkArgs(`SharedPrivateLink "${name}"`, args);
        const parent = { parent: this };

        const requestMessage = requestMessageOf(checked);
        const link = createLink(name, { ...checked, requestMessage }, parent);
        const approval = approve(name, { ...checked, requestMessage, link }, parent);

        keepNodes<SharedPrivateLinkNodes>(this, { link, approval });
        this.linkId = link.id;
        this.serviceName = pulumi
            .all([checked.resourceGroupName, checked.serviceName, link.name, approval.id])
            .apply(([resourceGroupName, serviceName, linkName]) =>
                waitForLink({ service: checked.service, resourceGroupName, serviceName, linkName }, parent),
            );
        this.registerOutputs({ linkId: this.linkId, serviceName: this.serviceName });
    }

    /** The resources inside, for what their own options and outputs allow. */
    get nodes(): SharedPrivateLinkNodes {
        return nodesOf(this);
    }
}

/**
 * The text by which the target's connection is found again. A service's name is unique in all of Azure and the link's name unique on the
 * service, so no other connection has the text; 140 characters are allowed.
 */
function requestMessageOf({ serviceName, groupId, linkName }: SharedPrivateLinkArgs): pulumi.Output<string> {
    return pulumi.interpolate`azure-realtime: ${serviceName} to ${linkName ?? groupId}`;
}

type Requested = SharedPrivateLinkArgs & { requestMessage: pulumi.Output<string> };

function createLink(name: string, args: Requested, opts: pulumi.CustomResourceOptions): SharedPrivateLinkNodes["link"] {
    const { resourceGroupName, serviceName, groupId, targetId, requestMessage } = args;
    const properties = {
        resourceGroupName,
        resourceName: serviceName,
        sharedPrivateLinkResourceName: args.linkName ?? groupId,
        groupId,
        privateLinkResourceId: targetId,
        requestMessage,
    };
    return args.service === RealtimeExtension.SignalR
        ? new SignalRSharedPrivateLinkResource(name, properties, opts)
        : new WebPubSubSharedPrivateLinkResource(name, properties, opts);
}

/**
 * Approves the link's connection. The provider's own classes for connections refuse one that exists, and this one exists under a name
 * that Azure makes up. The deployment says the same in every update, so an approved connection is not approved again.
 */
function approve(
    name: string,
    args: Requested & { link: SharedPrivateLinkNodes["link"] },
    opts: pulumi.CustomResourceOptions,
): Deployment {
    const { groupId, targetId, requestMessage, link } = args;
    const connectionName = pulumi
        .all([targetId, requestMessage, link.id])
        .apply(([id, message]) => findConnection({ id, groupId, message }, opts));
    return new Deployment(
        `${name}-approval`,
        {
            resourceGroupName: resourceGroupOf(targetId),
            tags: args.tags,
            properties: {
                mode: "Incremental",
                template: approvalTemplates[groupId],
                parameters: {
                    targetName: { value: pulumi.output(targetId).apply((id) => parseArmId(id)?.name ?? "") },
                    connectionName: { value: connectionName },
                    description: { value: requestMessage },
                },
            },
        },
        opts,
    );
}

const approvalTemplate = (type: string, apiVersion: string) => ({
    $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    contentVersion: "1.0.0.0",
    parameters: {
        targetName: { type: "string" },
        connectionName: { type: "string" },
        description: { type: "string" },
    },
    resources: [
        {
            type: `${type}/privateEndpointConnections`,
            apiVersion,
            name: "[concat(parameters('targetName'), '/', parameters('connectionName'))]",
            properties: {
                privateLinkServiceConnectionState: {
                    status: "Approved",
                    // The next update finds the connection by it.
                    description: "[parameters('description')]",
                    actionsRequired: "None",
                },
            },
        },
    ],
});

const approvalTemplates = {
    [LinkTarget.Vault]: approvalTemplate("Microsoft.KeyVault/vaults", "2024-11-01"),
    [LinkTarget.Sites]: approvalTemplate("Microsoft.Web/sites", "2025-05-01"),
};
