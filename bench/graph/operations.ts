import type { Recorded } from "../../local/engine/recorder";
import { durationOf } from "./durations";
import type { Operation } from "./schedule";

/** What the engine has to do for a program, and in which order it may: a resource waits for what it depends on and for its parent. */
export function toOperations(recorded: readonly Recorded[]): Operation[] {
    return recorded.map(({ urn, name, type, custom, dependencies, parent, inputs }) => {
        const isCode = type.endsWith(":Deployment") && JSON.stringify(inputs).includes("onedeploy");
        return {
            id: urn,
            name,
            type,
            after: [...dependencies, ...(parent === undefined ? [] : [parent])],
            seconds: custom ? durationOf(isCode ? "code deployed through the resource manager" : type) : 0,
        };
    });
}
