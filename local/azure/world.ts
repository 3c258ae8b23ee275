import type { Emulator } from "../../emulator";
import type { RealtimeService } from "../../emulator/core/service/types";
import type { AzureTiming } from "../../emulator/core/timing";
import type { FunctionApp } from "../../emulator/functions";
import type { Principal } from "../../emulator/identity";
import type { SignalRService } from "../../emulator/signalr";
import type { StorageAccount } from "../../emulator/storage";
import type { Vault } from "../../emulator/vault";
import type { ProviderSettings } from "../engine/settings";
import type { Properties } from "../engine/values";
import { parseId } from "./ids";

/** Open resources of one kind, by ARM id. Azure ignores the case of ids. */
export interface Registry<T> {
    add(id: string, thing: T): void;
    remove(id: string): void;
    find(id: string): T | undefined;
    all(): T[];
    /** The ids, in lower case. */
    ids(): string[];
    /** Removes every thing that lies inside the resource with this id. */
    removeInside(id: string): void;
    /** Throws when no resource has the id, as Azure Resource Manager does for a missing parent. */
    get(id: string): T;
}

export function createRegistry<T>(kind: string): Registry<T> {
    const things = new Map<string, T>();
    return {
        add: (id, thing) => void things.set(id.toLowerCase(), thing),
        remove: (id) => void things.delete(id.toLowerCase()),
        all: () => [...things.values()],
        ids: () => [...things.keys()],
        removeInside(id) {
            for (const key of [...things.keys()].filter((other) => other.startsWith(`${id.toLowerCase()}/`))) {
                things.delete(key);
            }
        },
        find: (id) => things.get(id.toLowerCase()),
        get(id) {
            const thing = things.get(id.toLowerCase());
            if (thing !== undefined) {
                return thing;
            }
            const { resourceGroup, name } = parseId(id);
            const where = resourceGroup ? ` in resource group "${resourceGroup}"` : "";
            throw new Error(`${kind} "${name}"${where} does not exist in the local Azure (resource id ${id})`);
        },
    };
}

export interface RoleAssignment {
    id: string;
    name: string;
    /** Scope, role and principal. Azure refuses a second assignment of the same content. */
    content: string;
}

/** Forbids to delete what lies in a scope, or to change it. */
export interface Lock {
    id: string;
    scope: string;
    level: string;
}

/** A private endpoint connection of a resource. */
export interface PrivateConnection {
    /** Below the id of its target. */
    id: string;
    targetId: string;
    /** The private endpoint or the shared private link that asked for it. */
    from: string;
    status: string;
    /** What the one who asked for it wrote. */
    description: string;
}

/** The local Azure, for resource handlers: the emulator and the resources open in it. */
export interface World extends ProviderSettings {
    emulator: Emulator;
    /** Folder for unpacked function code. */
    folder: string;
    now(): number;
    /** Given when the local Azure is as slow and as strict as the real one. */
    azureTiming?: AzureTiming;
    /** Outputs of every resource, for functions that look one up. */
    resources: Registry<Properties>;
    assignments: Registry<RoleAssignment>;
    connections: Registry<PrivateConnection>;
    vaults: Registry<Vault>;
    storageAccounts: Registry<StorageAccount>;
    /** Web PubSub services of either kind. */
    services: Registry<RealtimeService>;
    signalRServices: Registry<SignalRService>;
    apps: Registry<FunctionApp>;
    locks: Registry<Lock>;
    /** User-assigned identities by their own id, system-assigned ones by the id of their resource. */
    principals: Registry<Principal>;
}

export function createWorld(
    options: ProviderSettings & Pick<World, "emulator" | "folder" | "now" | "azureTiming">,
): World {
    return {
        ...options,
        resources: createRegistry("Resource"),
        assignments: createRegistry("Role assignment"),
        connections: createRegistry("Private endpoint connection"),
        vaults: createRegistry("Key Vault"),
        storageAccounts: createRegistry("Storage account"),
        services: createRegistry("Web PubSub service"),
        signalRServices: createRegistry("SignalR Service"),
        apps: createRegistry("Function App"),
        locks: createRegistry("Lock"),
        principals: createRegistry("Managed identity"),
    };
}

/** Forgets what Azure deletes together with a resource: everything inside it, and the roles assigned on it. */
export function forgetInside(world: World, id: string): void {
    world.resources.removeInside(id);
    world.connections.removeInside(id);
    const inside = world.assignments.all().filter((other) => other.id.toLowerCase().startsWith(`${id.toLowerCase()}/`));
    for (const assignment of inside) {
        world.assignments.remove(assignment.id);
        world.emulator.identity.removeRole(assignment.id);
    }
}
