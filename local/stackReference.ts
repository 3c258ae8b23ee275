import { dirname, join } from "node:path";
import { type StandIns, standInFile } from "./engine/standIns";
import { openState } from "./engine/state";
import type { Properties } from "./engine/values";

/** The outputs of another stack, for a StackReference: from the stand-ins, or from a local stack of the same project. */
export function readOtherStack({
    name,
    project,
    folder,
    standIns,
}: {
    /** `organization/project/stack`, or the stack alone. */
    name: string;
    /** The project of the stack that asks. */
    project: string;
    /** Its folder: stacks of one project lie beside each other. */
    folder: string;
    standIns: StandIns;
}): Properties {
    const given = standIns.stacks.get(name);
    if (given !== undefined) {
        return { name, outputs: given, secretOutputNames: [] };
    }
    const parts = name.split("/");
    const stack = parts.at(-1) ?? "";
    const isOurs = parts.length === 1 || parts.at(-2) === project;
    if (isOurs && /^[\w.-]+$/.test(stack) && /\w/.test(stack)) {
        const { state } = openState(join(dirname(folder), stack));
        if (state.resources.size > 0) {
            return { name, outputs: state.outputs, secretOutputNames: state.secretOutputs };
        }
    }
    throw new Error(
        `the stack reference ${name} has no outputs on this machine. ` +
            `${isOurs ? `Start that stack first (--stack ${stack})` : "It belongs to another project"}, ` +
            `or give its outputs under stacks in ${standInFile}.`,
    );
}
