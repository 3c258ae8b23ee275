import { setTimeout as pause } from "node:timers/promises";
import { getVault } from "@pulumi/azure-native/keyvault";
import { getResource } from "@pulumi/azure-native/resources";
import { getSignalRSharedPrivateLinkResource } from "@pulumi/azure-native/signalrservice";
import { getWebPubSubSharedPrivateLinkResource } from "@pulumi/azure-native/webpubsub";
import * as pulumi from "@pulumi/pulumi";
import { parseArmId } from "../shared/armId";
import { lateError } from "../shared/checks";
import { RealtimeExtension } from "../shared/serviceKinds";
import { LinkTarget } from "./args";

interface ConnectionState {
    privateLinkServiceConnectionState?: { status?: string; description?: string };
}

/** A private endpoint connection as its target shows it: a vault through its typed lookup, an app in Azure Resource Manager's own form. */
export interface Connection extends ConnectionState {
    id?: string;
    properties?: ConnectionState;
}

const ended = ["Rejected", "Disconnected"];

/**
 * The name of the connection with this message; undefined when the target shows none yet. The state does not select: the next update has
 * to find the same connection, which is approved by then.
 */
export function nameOfConnection(connections: readonly Connection[], message: string): string | undefined {
    const names = connections
        .filter((connection) => {
            const { privateLinkServiceConnectionState: state } = connection.properties ?? connection;
            const { description, status = "" } = state ?? {};
            // A link that was deleted and made again leaves its first connection behind for a while.
            return description === message && !ended.includes(status);
        })
        .map(({ id }) => parseArmId(id)?.name ?? "");
    return names.sort()[0];
}

interface Patience<T> {
    look(): Promise<T | undefined>;
    pause(milliseconds: number): Promise<unknown>;
    /** Times to look, 15 seconds apart. */
    tries: number;
}

/** What `look` finds in the end; undefined when it finds nothing in all tries. */
export async function lookUntilFound<T>(patience: Patience<T>): Promise<T | undefined> {
    for (let left = patience.tries; left > 0; left--) {
        const found = await patience.look();
        if (found !== undefined) {
            return found;
        }
        if (left > 1) {
            await patience.pause(15_000);
        }
    }
    return undefined;
}

/** A preview looks once; an update for ten minutes. */
const triesNow = () => (pulumi.runtime.isDryRun() ? 1 : 41);

/** The name that Azure gave the connection of a link on the link's target. */
export async function findConnection(
    target: { id: string; groupId: LinkTarget; message: string },
    opts: pulumi.InvokeOptions,
): Promise<string> {
    const { resourceGroupName = "", type = "", name = "" } = parseArmId(target.id) ?? {};
    const read = target.groupId === LinkTarget.Vault ? connectionsOfVault : connectionsOfApp;
    const found = await lookUntilFound({
        look: async () => nameOfConnection(await read({ resourceGroupName, name }, opts), target.message),
        pause: (milliseconds) => pause(milliseconds),
        tries: triesNow(),
    });
    if (found === undefined) {
        throw lateError(
            `${type} "${name}" shows no private endpoint connection with the message "${target.message}". Run the update again; if that fails as well, delete the shared private link and run it once more.`,
        );
    }
    return found;
}

type Place = Record<"resourceGroupName" | "name", string>;

async function connectionsOfVault(
    { resourceGroupName, name: vaultName }: Place,
    opts: pulumi.InvokeOptions,
): Promise<Connection[]> {
    const { properties } = await getVault({ resourceGroupName, vaultName }, opts);
    return properties.privateEndpointConnections ?? [];
}

/** The typed lookup of an app leaves its connections out. */
async function connectionsOfApp(
    { resourceGroupName, name: resourceName }: Place,
    opts: pulumi.InvokeOptions,
): Promise<Connection[]> {
    const { properties } = await getResource(
        {
            apiVersion: "2025-05-01",
            resourceProviderNamespace: "Microsoft.Web",
            parentResourcePath: "",
            resourceType: "sites",
            resourceGroupName,
            resourceName,
        },
        opts,
    );
    return (properties as { privateEndpointConnections?: Connection[] } | undefined)?.privateEndpointConnections ?? [];
}

interface Link {
    service: RealtimeExtension;
    resourceGroupName: string;
    serviceName: string;
    linkName: string;
}

/**
 * The service's name, once the service has seen the approval, which takes it some minutes. A service that reads a secret before that
 * fails, and tries again only after about 30 minutes.
 */
export async function waitForLink(link: Link, opts: pulumi.InvokeOptions): Promise<string> {
    const { resourceGroupName, serviceName, linkName } = link;
    if (pulumi.runtime.isDryRun()) {
        return serviceName;
    }
    const get =
        link.service === RealtimeExtension.SignalR
            ? getSignalRSharedPrivateLinkResource
            : getWebPubSubSharedPrivateLinkResource;
    const args = { resourceGroupName, resourceName: serviceName, sharedPrivateLinkResourceName: linkName };
    let seen = "";
    const approved = await lookUntilFound({
        look: async () => {
            seen = (await get(args, opts)).status;
            return seen === "Approved" ? seen : undefined;
        },
        pause: (milliseconds) => pause(milliseconds),
        tries: triesNow(),
    });
    if (approved === undefined) {
        throw lateError(
            `shared private link "${linkName}" of "${serviceName}" is ${seen}, ten minutes after its approval. Run the update again; if it stays so, approve the connection in the target's networking page.`,
        );
    }
    return serviceName;
}
