import type { Engine } from "../../local/engine/monitor";
import type { Registration } from "../../local/engine/registration";
import { buildUrn } from "../../local/engine/urn";
import type { Properties } from "../../local/engine/values";
import { azureOutputs, azureResult } from "../../test/support/azureAnswers";

/** What a program registered, in its order. */
export type Recorded = Registration & { urn: string };

export interface Recorder {
    engine: Engine;
    recorded: Recorded[];
    errors: string[];
}

/** An engine that makes nothing: it answers at once what Azure would, so that only the program's own work is left. */
export function createRecorder(place: { project: string; stack: string }): Recorder {
    const recorded: Recorded[] = [];
    const errors: string[] = [];
    return {
        recorded,
        errors,
        engine: {
            async register(registration) {
                const urn = buildUrn({ ...place, ...registration });
                recorded.push({ ...registration, urn });
                const secrets = [...registration.secretInputs, ...registration.additionalSecretOutputs];
                if (!registration.custom) {
                    return { urn, id: "", values: registration.inputs, secrets };
                }
                const { id, state } = azureOutputs(registration);
                return { urn, id, values: withoutUndefined(state), secrets };
            },
            registerOutputs() {},
            read({ type }) {
                throw new Error(`${type} is read, which the bench has no answer to`);
            },
            async invoke({ token, values }) {
                return { values: withoutUndefined(azureResult({ token, inputs: values })), secrets: [] };
            },
            log: ({ level, text }) => void (level === "error" && errors.push(text)),
        },
    };
}

/** The wire has no undefined. */
function withoutUndefined(values: Record<string, unknown>): Properties {
    return JSON.parse(JSON.stringify(values)) as Properties;
}
