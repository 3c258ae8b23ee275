import { CheckError, type Handler } from "../engine/handler";
import { hasUnknown, isObject, type Properties } from "../engine/values";

export interface RandomKind {
    type: string;
    /** Names of the inputs besides `keepers`; every one is an output too. */
    inputNames: string[];
    /** Names of the other outputs. */
    results: string[];
    secretOutputs?: string[];
    /** What is wrong with the inputs, all of which are known. */
    faults(inputs: Properties): string[];
    make(inputs: Properties): { id: string; outputs: Properties };
}

/** The fault of an input that must be a whole number, and `least` or more. */
export function wholeFaults(inputs: Properties, name: string, least?: number): string[] {
    const value = inputs[name];
    if (Number.isSafeInteger(value) && (least === undefined || Number(value) >= least)) {
        return [];
    }
    const range = least === undefined ? "" : ` of at least ${least}`;
    return [`${name} is ${JSON.stringify(value)}: it must be a whole number${range}`];
}

export function randomHandler({ type, inputNames, results, secretOutputs, faults, make }: RandomKind): Handler {
    const names = ["keepers", ...inputNames];
    return {
        token: `random:index/${type}:${type.charAt(0).toUpperCase()}${type.slice(1)}`,
        // Every input affects the value, so any change replaces the resource.
        replaceOn: ["*"],
        ...(secretOutputs && { secretOutputs }),
        inputNames: () => names,
        outputNames: () => [...names, ...results],
        check({ inputs }) {
            // What another resource gives is known when the update makes that one: a preview cannot check it.
            const known = inputNames.every((name) => !hasUnknown(inputs[name]));
            const { keepers = {} } = inputs;
            const areMap = isObject(keepers) || hasUnknown(keepers);
            const found = [...(known ? faults(inputs) : []), ...(areMap ? [] : ["keepers must be a map of texts"])];
            if (found.length > 0) {
                throw new CheckError(found);
            }
            return inputs;
        },
        id: () => "",
        planned: (inputs) => inputs,
        create: async ({ inputs }) => {
            const { id, outputs } = make(inputs);
            return { id, outputs: { ...inputs, ...outputs } };
        },
        update: async ({ before }) => before,
        resume: async ({ before }) => before,
        remove: async () => {},
    };
}
