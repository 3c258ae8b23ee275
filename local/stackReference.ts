import { dirname, join } from "node:path";
import { type StandIns, standInFile } from "./engine/standIns";
import { openState } from "./engine/state";
import type { Properties } from "./engine/values";
import { listRunning } from "./running";

/** The outputs of another stack, for a StackReference: from the stand-ins, from a local stack of the same project, or from one that runs. */
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
    const owner = parts.length === 1 ? project : (parts.at(-2) ?? "");
    const isOurs = owner === project;
    const isName = /^[\w.-]+$/.test(stack) && /\w/.test(stack);
    // Another project's folder is known while its stack runs.
    const running = isOurs
        ? undefined
        : listRunning().find((other) => other.project === owner && other.stack === stack);
    const place = isOurs && isName ? join(dirname(folder), stack) : running?.folder;
    if (place !== undefined) {
        const { state } = openState(place);
        if (state.resources.size > 0) {
            return { name, outputs: state.outputs, secretOutputNames: state.secretOutputs };
        }
    }
    throw new Error(
        `the stack reference ${name} has no outputs on this machine. ` +
            `${isOurs ? `Start that stack first (--stack ${stack})` : "It belongs to another project: start it there and leave it running"}, ` +
            `or give its outputs under stacks in ${standInFile}.`,
    );
}
