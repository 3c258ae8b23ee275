import { join } from "node:path";
import { type Engine, startMonitor } from "../../local/engine/monitor";
import { startProgram } from "../../local/engine/program";
import { type Project, readProject, readStackConfig } from "../../local/engine/project";
import type { Registration } from "../../local/engine/registration";
import { buildUrn } from "../../local/engine/urn";
import type { Properties } from "../../local/engine/values";
import { keys } from "../../stacks/config";
import { azureOutputs, azureResult } from "./azureAnswers";

export interface Recorded extends Registration {
    urn: string;
}

export interface Recorder {
    engine: Engine;
    resources: Recorded[];
    /** What was logged as an error. */
    errors: string[];
}

/** An engine that makes nothing: it remembers what is asked for, and answers as Azure would. */
export function createRecorder({ project, stack }: { project: string; stack: string }): Recorder {
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
                    throw new Error(`two resources are ${urn}`);
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

/** As it would come back from Azure: what is not there is no property. */
const onTheWire = (value: unknown) => JSON.parse(JSON.stringify(value)) as Properties;

export interface StackVariant {
    label: string;
    stack: string;
    /** Values that win over the stack's file, by full key. */
    overrides: Record<string, string>;
    /** What Pulumi.yaml says otherwise of the program; nothing by default. */
    project?: Partial<Project>;
}

/** Every environment as it stands, and dev with each of the other backends. */
export const stackVariants: StackVariant[] = [
    ...["dev", "staging", "prod", "local"].map((stack) => ({ label: stack, stack, overrides: {} })),
    ...keys.backend.allowed
        .filter((backend) => backend !== keys.backend.default)
        .map((backend) => ({
            label: `dev with ${backend}`,
            stack: "dev",
            overrides: { "azure-realtime:backend": backend },
        })),
];

const runs = new Map<string, Promise<Recorded[]>>();

/** Every resource that a stack's program asks for through the SDK's own runner. Each variant runs once. */
export function recordStack(variant: StackVariant): Promise<Recorded[]> {
    const known = runs.get(variant.label) ?? runStackProgram(variant);
    runs.set(variant.label, known);
    return known;
}

async function runStackProgram(options: StackVariant): Promise<Recorded[]> {
    const project = { ...readProject(join(__dirname, "../..")), ...options.project };
    const config = readStackConfig({ ...options, project });
    const recorder = createRecorder({ project: project.name, stack: options.stack });
    const monitor = await startMonitor(recorder.engine);
    const lines: string[] = [];
    try {
        const program = startProgram({
            project,
            stack: options.stack,
            config: config.values,
            secretKeys: config.secretKeys,
            address: monitor.address,
            preview: false,
            onLine: (line) => lines.push(line),
        });
        const code = await program.finished;
        if (code !== 0) {
            throw new Error(`stack ${options.stack} ended with ${code}: ${[...recorder.errors, ...lines].join("\n")}`);
        }
    } finally {
        monitor.close();
    }
    return recorder.resources;
}
