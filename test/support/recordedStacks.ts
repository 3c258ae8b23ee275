import { startMonitor } from "../../local/engine/monitor";
import { readProject, readStackConfig } from "../../local/engine/project";
import { createRecorder, type Recorded } from "../../local/engine/recorder";
import { startProgramHere } from "./programHere";
import type { StackVariant } from "./recorder";
import { repositoryRoot } from "./registeredFunctions";

const runs = new Map<string, Promise<Recorded[]>>();

/** Every resource that a variant's program registers in this process. Each variant runs once per process. */
export function recordStackHere(variant: StackVariant): Promise<Recorded[]> {
    const known = runs.get(variant.label) ?? run(variant);
    runs.set(variant.label, known);
    return known;
}

async function run({ stack, overrides }: StackVariant): Promise<Recorded[]> {
    const project = readProject(repositoryRoot);
    const { values, secretKeys } = readStackConfig({ project, stack, overrides });
    const recorder = createRecorder({ project: project.name, stack });
    const monitor = await startMonitor(recorder.engine);
    try {
        const { address } = monitor;
        const options = { project, stack, config: values, secretKeys, address, preview: false };
        await startProgramHere({ ...options, onLine() {} }).finished;
        if (recorder.errors.length > 0) {
            throw new Error(`stack ${stack} logged ${recorder.errors.join("\n")}`);
        }
        return recorder.resources;
    } finally {
        monitor.close();
    }
}
