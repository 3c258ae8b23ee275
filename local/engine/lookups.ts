import type { World } from "../azure/world";
import type { ProviderFunction } from "./handler";
import type { ProviderSettings } from "./settings";
import { answerOf, type StandIns, standInFile } from "./standIns";
import type { StateFile } from "./state";
import { withoutVersion } from "./unknownType";
import type { Decoded, Properties } from "./values";

export interface LookupOptions {
    preview: boolean;
    file: StateFile;
    functions: Map<string, ProviderFunction>;
    settings: ProviderSettings;
    /** Opens the local Azure, with every resource of the last run in it. A preview never calls this. */
    world: () => Promise<World>;
    /** The stand-ins of the project, read before each update. */
    standIns: StandIns;
    /** The outputs of another stack, for a StackReference. */
    otherStack(name: string): Properties;
}

const stackReferenceType = "pulumi:pulumi:StackReference";

/** The outputs of a resource that the program reads by id: `SomeResource.get` or a StackReference. */
export async function readResource(
    { type, id }: { type: string; id: string },
    { preview, file: { state }, world, standIns, otherStack }: LookupOptions,
): Promise<Decoded> {
    if (type === stackReferenceType) {
        return { values: otherStack(id), secrets: [] };
    }
    const isIt = (other: { id: string }) => other.id.toLowerCase() === id.toLowerCase();
    const found = [...state.resources.values()].find((resource) => resource.type === type && isIt(resource));
    if (found) {
        return { values: found.outputs, secrets: found.secrets };
    }
    const adopted = state.adopted.find(isIt)?.outputs;
    const outputs = preview
        ? (adopted ?? standIns.existing.find(isIt)?.inputs)
        : ((await world()).resources.find(id) ?? adopted);
    if (outputs === undefined) {
        throw new Error(
            `${type} "${id}" does not exist in the local Azure. Give it under resources in ${standInFile}, by type and id.`,
        );
    }
    return { values: outputs, secrets: [] };
}

/** The answer of a provider function: from the stand-ins, or from the local Azure, or in a preview from the last update. */
export async function invokeFunction(
    { token, values, secrets }: Decoded & { token: string },
    { preview, file: { state }, functions, settings, world, standIns }: LookupOptions,
): Promise<Decoded> {
    const given = answerOf(standIns, { token, args: values });
    if (given !== undefined) {
        return { values: given, secrets };
    }
    const providerFunction = functions.get(withoutVersion(token));
    if (providerFunction === undefined) {
        throw new Error(
            `Function ${token} is not supported by the local Azure. Supported are: ${[...functions.keys()].join(", ")}. ` +
                `Give its answer under functions in ${standInFile}, by token and args.`,
        );
    }
    const key = JSON.stringify([token, values]);
    if (preview) {
        const answer = providerFunction.known?.(settings) ?? state.answers[key];
        if (!answer) {
            throw new Error(`${token} cannot be answered in a preview before the first update. Run the update first.`);
        }
        return { values: answer, secrets };
    }
    const answer = await providerFunction.run({ world: await world(), args: values });
    state.answers[key] = answer;
    return { values: answer, secrets };
}
