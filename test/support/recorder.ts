import { join } from "node:path";
import type { Project } from "../../local/engine/project";
import { type Recorded, recordProgram } from "../../local/engine/recorder";
import { keys } from "../../stacks/config";

export interface StackVariant {
    label: string;
    stack: string;
    /** Values that override the stack's file, by full key. */
    overrides: Record<string, string>;
    /** Fields that replace those from Pulumi.yaml. */
    project?: Partial<Project>;
}

/** Every environment with its own config, and `dev` with each of the other backends. */
export const stackVariants: StackVariant[] = [
    ...["dev", "staging", "prod", "local", "private"].map((stack) => ({ label: stack, stack, overrides: {} })),
    ...keys.backend.allowed
        .filter((backend) => backend !== keys.backend.default)
        .map((backend) => ({
            label: `dev with ${backend}`,
            stack: "dev",
            overrides: { "azure-realtime:backend": backend },
        })),
];

const runs = new Map<string, Promise<Recorded[]>>();

/** Every resource that a variant's program registers. Each variant runs once per process. */
export function recordStack({ label, ...variant }: StackVariant): Promise<Recorded[]> {
    const known = runs.get(label) ?? recordProgram({ ...variant, directory: join(__dirname, "../..") });
    runs.set(label, known);
    return known;
}
