import { isDeepStrictEqual } from "node:util";
import { groupId, parseId } from "./azure/ids";
import type { World } from "./azure/world";
import type { Handlers } from "./engine/handlers";
import { type ExistingStandIn, standInFile } from "./engine/standIns";
import type { AdoptedState, StateFile } from "./engine/state";

interface AdoptOptions {
    world: World;
    existing: ExistingStandIn[];
    handlers: Handlers;
    file: StateFile;
}

/** Makes the resources that exist before the program runs, as far as the local Azure emulates their types. */
export async function adoptExisting({ world, existing, handlers, file }: AdoptOptions): Promise<void> {
    const { adopted } = file.state;
    const kept: AdoptedState[] = [];
    for (const standIn of existing) {
        const before = adopted.find(({ id }) => id.toLowerCase() === standIn.id.toLowerCase());
        kept.push(await adopt({ standIn, before, world, handlers }));
    }
    file.state.adopted = kept;
    if (kept.length > 0 || adopted.length > 0) {
        file.save();
    }
}

function requireOwnSubscription({ id }: ExistingStandIn, { subscriptionId }: World): void {
    const { subscription } = parseId(id);
    if (subscription?.toLowerCase() !== subscriptionId.toLowerCase()) {
        throw new Error(
            `${standInFile}: ${id} is not in subscription ${subscriptionId}, which is that of this stack. ` +
                `Set the config azure-native:subscriptionId to ${subscription ?? "the subscription of the id"}.`,
        );
    }
}

async function adopt({
    standIn,
    before,
    world,
    handlers,
}: {
    standIn: ExistingStandIn;
    before: AdoptedState | undefined;
    world: World;
    handlers: Handlers;
}): Promise<AdoptedState> {
    const { type, id, inputs: given } = standIn;
    requireOwnSubscription(standIn, world);
    const { resourceGroup, name } = parseId(id);
    const group = groupId({ ...world, resourceGroup: resourceGroup ?? "" });
    if (resourceGroup !== undefined && world.resources.find(group) === undefined) {
        world.resources.add(group, { name: resourceGroup, location: world.location ?? "westeurope" });
    }
    const handler = handlers.get(type);
    if (handler?.inputsOf === undefined) {
        const outputs = { name, ...given };
        world.resources.add(id, outputs);
        return { type, id, inputs: given, outputs, keep: {} };
    }
    try {
        const all = { ...handler.inputsOf(id), ...given };
        const inputs = handler.check({ logicalName: name, inputs: all, preview: false, settings: world });
        const same = before !== undefined && isDeepStrictEqual(before.inputs, inputs);
        const made = same
            ? await handler.resume({ world, inputs, before: { ...before } })
            : await handler.create({ world, inputs });
        return { type, id: made.id, inputs, outputs: made.outputs, keep: made.keep ?? {} };
    } catch (error) {
        throw new Error(
            `${standInFile}: ${type} ${id} cannot be made: ${error instanceof Error ? error.message : error}`,
        );
    }
}
