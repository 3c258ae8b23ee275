import { ignoreChanges } from "./diff";
import type { Comparison, Handler } from "./handler";
import type { Registration } from "./registration";
import type { ProviderSettings } from "./settings";
import type { ResourceState } from "./state";

/** A registration with checked inputs, and what the handler's provider says of their changes, where it has one. */
export interface Checked {
    checked: Registration;
    compared?: Comparison;
}

/** Checks the inputs of a registration, in which ignored changes are undone. */
export async function checkInputs({
    registration,
    handler,
    before,
    preview,
    settings,
}: {
    registration: Registration;
    handler: Handler;
    before: ResourceState | undefined;
    preview: boolean;
    settings: ProviderSettings;
}): Promise<Checked> {
    const { name, inputs: after, ignoreChanges: paths } = registration;
    const inputs = await (handler.provider ?? handler).check({
        logicalName: name,
        inputs: before ? ignoreChanges({ before: before.inputs, after, paths }) : after,
        preview,
        settings,
        ...(before && { before: before.inputs }),
    });
    const compared = before && (await handler.provider?.compare({ inputs, before }));
    const deletesFirst = compared?.deleteFirst ? { deleteBeforeReplace: true } : {};
    return { checked: { ...deletesFirst, ...registration, inputs }, ...(compared && { compared }) };
}
