import { azureOutputs, azureResult } from "./azureAnswers";
import { type Engine, startMonitor } from "./monitor";
import { startProgram } from "./program";
import { type Project, readProject, readStackConfig } from "./project";
import type { Registration } from "./registration";
import { buildUrn, type Place } from "./urn";
import type { Properties } from "./values";

export interface Recorded extends Registration {
    urn: string;
}

export interface Recorder {
    engine: Engine;
    resources: Recorded[];
    /** Messages that the program logged as errors. */
    errors: string[];
}

/** An engine that creates nothing: it records every resource that a program registers, and answers as Azure would. */
export function createRecorder({ project, stack }: Place): Recorder {
    const resources: Recorded[] = [];
    const errors: string[] = [];
    return {
        resources,
        errors,
        engine: {
            async register(registration) {
                const { type, name, custom, parent, inputs } = registration;
                const urn = buildUrn({ project, stack, type, name, ...(parent && { parent }) });
                if (resources.some((one) => one.urn === urn)) {
                    throw new Error(`two resources have the URN ${urn}`);
                }
                resources.push({ ...registration, urn });
                if (!custom) {
                    return { urn, id: "", values: {}, secrets: [] };
                }
                const { id, state } = azureOutputs({ type, name, inputs });
                return {
                    urn,
                    id,
                    values: onTheWire(state),
                    secrets: [...registration.secretInputs, ...registration.additionalSecretOutputs],
                };
            },
            registerOutputs() {},
            read: ({ type, name, id }) => ({
                urn: buildUrn({ project, stack, type, name }),
                id,
                values: {},
                secrets: [],
            }),
            invoke: async ({ token, values }) => ({
                values: onTheWire(azureResult({ token, inputs: values })),
                secrets: [],
            }),
            log: ({ level, text }) => void (level === "error" && errors.push(text)),
        },
    };
}

/** The value as JSON would carry it: a property that is undefined does not exist. */
const onTheWire = (value: unknown) => JSON.parse(JSON.stringify(value)) as Properties;

export interface RecordOptions {
    /** Folder with Pulumi.yaml. */
    directory: string;
    stack: string;
    /** Values that win over the stack's file, by full key. */
    overrides?: Record<string, string>;
    /** Fields that replace those read from Pulumi.yaml. */
    project?: Partial<Project>;
}

/** Runs a stack's program through the SDK's own runner and returns every resource that it registers. */
export async function recordProgram({
    directory,
    stack,
    overrides = {},
    project: changes,
}: RecordOptions): Promise<Recorded[]> {
    const project = { ...readProject(directory), ...changes };
    const config = readStackConfig({ project, stack, overrides });
    const recorder = createRecorder({ project: project.name, stack });
    const monitor = await startMonitor(recorder.engine);
    const lines: string[] = [];
    try {
        const program = startProgram({
            project,
            stack,
            config: config.values,
            secretKeys: config.secretKeys,
            address: monitor.address,
            preview: false,
            onLine: (line) => lines.push(line),
        });
        const code = await program.finished;
        if (code !== 0) {
            throw new Error(`stack ${stack} ended with ${code}: ${[...recorder.errors, ...lines].join("\n")}`);
        }
    } finally {
        monitor.close();
    }
    return recorder.resources;
}
