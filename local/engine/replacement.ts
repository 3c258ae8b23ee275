import { existsError } from "../azure/armErrors";
import type { Handler } from "./handler";
import type { Registration } from "./registration";
import type { ProviderSettings } from "./settings";
import type { ResourceState, StackState } from "./state";

/** Whether a replaced resource is deleted before the new one is created: as the program says, or else when both have one id. */
export function deletesFirst({
    registration: { inputs, deleteBeforeReplace },
    handler,
    before,
    settings,
}: {
    registration: Registration;
    handler: Handler;
    before: ResourceState;
    settings: ProviderSettings;
}): boolean {
    return deleteBeforeReplace ?? handler.id({ inputs, settings }) === before.id;
}

export function refuseProtected({ name, protect }: ResourceState): void {
    if (protect) {
        throw new Error(
            `the resource ${name} is protected, and this change replaces it. Remove the protect option first.`,
        );
    }
}

/** Refuses to create what the stack has under another name already, as the provider does because Azure has it. */
export function refuseExisting({ handler, id, state }: { handler: Handler; id: string; state: StackState }): void {
    const isArm = id.startsWith("/") && handler.singleton !== true;
    const known = [...state.resources.values(), ...state.adopted];
    if (isArm && known.some((other) => other.id.toLowerCase() === id.toLowerCase())) {
        throw existsError(id);
    }
}
