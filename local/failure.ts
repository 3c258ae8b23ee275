import type { Update } from "./engine/update";

/** Why an update failed, in a line for each resource that failed; undefined when it did not. `noFile` says that the stack has no file. */
export function failure({
    update,
    code,
    errors,
    noFile,
}: {
    update: Update;
    code: number | null;
    errors: string[];
    noFile?: string;
}): string | undefined {
    const failed = update.steps.filter((step) => step.operation === "failed");
    if (failed.length > 0) {
        return failed.map((step) => `${step.type} ${step.name}: ${step.reason}`).join("\n");
    }
    if (code === 0) {
        return undefined;
    }
    if (noFile !== undefined && errors.some((text) => text.includes("Missing required configuration variable"))) {
        return `The program needs config, and ${noFile}.`;
    }
    return errors.length > 0 ? "The program failed." : `The program ended with exit code ${code}.`;
}
