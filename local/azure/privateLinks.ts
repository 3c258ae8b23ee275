import { randomUUID } from "node:crypto";
import { CheckError, type ProviderFunction } from "../engine/handler";
import type { Properties } from "../engine/values";
import { armError } from "./armErrors";
import type { ArmSpec, MakeContext } from "./armHandler";
import { buildId, parseId } from "./ids";
import { list, object, optionalText, text } from "./inputs";
import type { PrivateConnection, World } from "./world";

/** What private endpoints of each type can lead to. Others are not checked. */
const groupsOf = new Map([
    ["microsoft.storage/storageaccounts", ["blob", "queue", "table", "file", "dfs", "web"]],
    ["microsoft.keyvault/vaults", ["vault"]],
    ["microsoft.signalrservice/webpubsub", ["webpubsub"]],
    ["microsoft.signalrservice/signalr", ["signalr"]],
    ["microsoft.web/sites", ["sites"]],
]);

/** What an endpoint can lead to on a target: an app's slots too. Source: learn, app-service/overview-private-endpoint. */
function groupsOn(world: World, targetId: string): string[] | undefined {
    const groups = groupsOf.get(parseId(targetId).type.toLowerCase());
    const below = `${targetId}/slots/`.toLowerCase();
    const slots = world.apps
        .all()
        .filter(({ id }) => id.toLowerCase().startsWith(below))
        .map(({ id }) => `sites-${id.slice(below.length)}`);
    return groups && [...groups, ...slots];
}

function requireGroup(targetId: string, groupId: string, allowed: readonly string[] | undefined): void {
    if (allowed !== undefined && !allowed.includes(groupId)) {
        throw new CheckError([`groupId is "${groupId}": a ${parseId(targetId).type} has ${allowed.join(", ")}`]);
    }
}

/** The id of a connection lies below its target's, so it goes with the target. */
const connectionId = (targetId: string, name: string) => `${targetId}/privateEndpointConnections/${name}`;

/** Adds a connection to its target, or finds it again with the state that it has by now. */
function connect(
    world: World,
    { targetId, name, ...connection }: Omit<PrivateConnection, "id"> & { name: string },
): PrivateConnection {
    world.resources.get(targetId);
    const id = connectionId(targetId, name);
    const known = world.connections.find(id);
    const made = { ...connection, id, targetId, status: known?.status ?? connection.status };
    world.connections.add(id, made);
    return made;
}

const keptNames = (keep: Properties | undefined): string[] => list(keep?.connections).map(String);

function disconnect(world: World, keep: Properties): void {
    for (const id of keptNames(keep)) {
        world.connections.remove(id);
    }
}

/** A private endpoint: its connection is approved at once, because the deployer owns both ends. */
export const privateEndpointSpec: Pick<ArmSpec, "make" | "remove"> = {
    async make({ world, id: from, name, inputs, before }) {
        const earlier = keptNames(before?.keep);
        const connections = list(inputs.privateLinkServiceConnections).map((given, index) => {
            const connection = object(given);
            const targetId = text(connection, "privateLinkServiceId");
            for (const groupId of list(connection.groupIds)) {
                requireGroup(targetId, String(groupId), groupsOn(world, targetId));
            }
            const known = earlier[index];
            const connectionName =
                known?.toLowerCase().startsWith(`${targetId.toLowerCase()}/`) === true
                    ? parseId(known).name
                    : `${name}.${randomUUID()}`;
            const state = { status: "Approved", description: "Auto-Approved" };
            return connect(world, { targetId, name: connectionName, from, ...state }).id;
        });
        return { keep: { connections } };
    },
    remove: async ({ world, keep }) => disconnect(world, keep),
};

/** A shared private link of a service: the owner of its target approves the connection. */
export const sharedPrivateLinkSpec: Pick<ArmSpec, "make" | "remove" | "replaceOn"> = {
    replaceOn: ["groupId", "privateLinkResourceId"],
    async make({ world, id: from, name, inputs, before }: MakeContext) {
        const targetId = text(inputs, "privateLinkResourceId");
        // A shared private link leads to no slot.
        requireGroup(targetId, text(inputs, "groupId"), groupsOf.get(parseId(targetId).type.toLowerCase()));
        const service = from.replace(/\/sharedPrivateLinkResources\/[^/]+$/i, "");
        refuseFreeTier(object(world.resources.get(service).sku));
        const [known] = keptNames(before?.keep);
        const connectionName = known === undefined ? `${name}.${randomUUID()}` : parseId(known).name;
        const description = optionalText(inputs, "requestMessage") ?? "";
        const { id, status } = connect(world, { targetId, name: connectionName, from, status: "Pending", description });
        return { outputs: { status, provisioningState: "Succeeded" }, keep: { connections: [id] } };
    },
    remove: async ({ world, keep }) => disconnect(world, keep),
};

function refuseFreeTier(sku: Properties): void {
    if (/^free/i.test(String(sku.name))) {
        throw new CheckError([
            `the service's sku.name is "${String(sku.name)}": shared private links need Standard_S1`,
        ]);
    }
}

/** Sets the state of a connection, as its target's owner does. */
export function setConnectionState({
    world,
    id,
    properties,
}: {
    world: World;
    id: string;
    properties: Properties;
}): void {
    const { status, description } = object(properties.privateLinkServiceConnectionState);
    const connection = world.connections.find(id);
    if (connection === undefined) {
        const { name } = parseId(id);
        const message = `The private endpoint connection '${name}' was not found.`;
        const hint = "Azure names a connection itself; read its name from the target's privateEndpointConnections";
        throw armError({ status: 404, code: "ResourceNotFound", message, hint });
    }
    world.connections.add(id, {
        ...connection,
        status: typeof status === "string" ? status : connection.status,
        description: typeof description === "string" ? description : connection.description,
    });
}

/** The connections of a target, as Azure Resource Manager shows them. */
export function connectionsOf(world: World, targetId: string): { id: string; name: string; properties: Properties }[] {
    return world.connections
        .all()
        .filter((connection) => connection.targetId.toLowerCase() === targetId.toLowerCase())
        .map(({ id, status, description }) => ({
            id,
            name: parseId(id).name,
            properties: {
                provisioningState: "Succeeded",
                privateLinkServiceConnectionState: { status, description, actionsRequired: "None" },
            },
        }));
}

const isClosed = ({ publicNetworkAccess, networkAcls }: Properties): boolean =>
    /^disabled$/i.test(String(publicNetworkAccess)) || /^deny$/i.test(String(object(networkAcls).defaultAction));

/**
 * Why a vault that is closed to the internet cannot be reached by the resource with this identity; undefined when it can. A service
 * needs an approved shared private link, an app a subnet and an approved private endpoint of the vault.
 */
export function networkFault(world: World, vaultId: string, principalId: string): string | undefined {
    if (!isClosed(object(world.resources.find(vaultId)?.properties))) {
        return undefined;
    }
    const approved = world.connections
        .all()
        .filter(({ targetId, status }) => targetId.toLowerCase() === vaultId.toLowerCase() && status === "Approved");
    const isFrom = (part: string) => approved.some(({ from }) => from.toLowerCase().includes(part.toLowerCase()));
    const services = [...world.services.all(), ...world.signalRServices.all()].filter(({ id }) =>
        hasIdentity(world, id, principalId),
    );
    const apps = world.apps.all().filter(({ id }) => hasIdentity(world, id, principalId));
    const inNetwork = apps.some(({ id }) => world.resources.find(id)?.virtualNetworkSubnetId !== undefined);
    if (
        services.length + apps.length === 0 ||
        services.some(({ id }) => isFrom(`${id}/sharedPrivateLinkResources/`)) ||
        (inNetwork && isFrom("/privateEndpoints/"))
    ) {
        return undefined;
    }
    const missing =
        services.length > 0
            ? "the service has no approved shared private link to it"
            : "the app has no subnet, or the vault no approved private endpoint";
    return `the vault is closed to the internet (publicNetworkAccess Disabled or networkAcls), and ${missing}`;
}

function hasIdentity(world: World, resourceId: string, principalId: string): boolean {
    const identity = object(world.resources.find(resourceId)?.identity);
    const userAssigned = Object.values(object(identity.userAssignedIdentities)).map((one) => object(one).principalId);
    return [identity.principalId, ...userAssigned].includes(principalId);
}

/** A shared private link as its service sees it by now. */
function linkLookup(token: string, armType: string): ProviderFunction {
    return {
        token,
        async run({ world, args }) {
            const id = buildId({
                ...world,
                resourceGroup: text(args, "resourceGroupName"),
                type: `${armType}/sharedPrivateLinkResources`,
                names: [text(args, "resourceName"), text(args, "sharedPrivateLinkResourceName")],
            });
            const link = world.resources.get(id);
            const connection = world.connections.all().find(({ from }) => from.toLowerCase() === id.toLowerCase());
            return { ...link, id, status: connection?.status ?? "Disconnected" };
        },
    };
}

export const privateLinkLookups: ProviderFunction[] = [
    linkLookup("azure-native:webpubsub:getWebPubSubSharedPrivateLinkResource", "Microsoft.SignalRService/webPubSub"),
    linkLookup("azure-native:signalrservice:getSignalRSharedPrivateLinkResource", "Microsoft.SignalRService/signalR"),
    {
        token: "azure-native:resources:getResource",
        async run({ world, args }) {
            const parent = optionalText(args, "parentResourcePath") ?? "";
            if (parent !== "") {
                throw new Error("parentResourcePath must be empty: the local Azure reads resources at the top only");
            }
            const type = `${text(args, "resourceProviderNamespace")}/${text(args, "resourceType")}`;
            const resourceGroup = text(args, "resourceGroupName");
            const id = buildId({ ...world, resourceGroup, type, names: [text(args, "resourceName")] });
            const {
                name,
                type: known,
                location,
                kind,
                sku,
                identity,
                tags,
                properties,
                ...others
            } = world.resources.get(id);
            const common = Object.entries({ location, kind, sku, identity, tags }).filter(
                ([, value]) => value !== undefined,
            );
            return {
                ...Object.fromEntries(common),
                id,
                name: name ?? "",
                type: known ?? type,
                properties: {
                    ...(properties === undefined ? others : object(properties)),
                    privateEndpointConnections: connectionsOf(world, id),
                },
            };
        },
    },
];
