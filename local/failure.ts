import { printable } from "../emulator/core/printable";
import { standInFile } from "./engine/standIns";
import { recordedLine } from "./engine/unknownType";
import type { Update } from "./engine/update";

/** Exit code with which node refuses its arguments. */
const invalidArgument = 9;

/** Why an update failed, in a line for each resource that failed; undefined when it did not. `noFile` says that the stack has no file. */
export function failure({
    update,
    code,
    errors,
    nodeArgs = [],
    noFile,
    recorded = [],
}: {
    update: Update;
    code: number | NodeJS.Signals | null;
    errors: string[];
    /** Arguments of Pulumi.yaml for node. */
    nodeArgs?: readonly string[];
    noFile?: string;
    /** Types of resources whose outputs are only their inputs. */
    recorded?: string[];
}): string | undefined {
    const failed = update.steps.filter((step) => step.operation === "failed");
    if (failed.length > 0) {
        return failed.map((step) => `${step.type} ${printable(step.name)}: ${step.reason}`).join("\n");
    }
    if (code === 0) {
        return undefined;
    }
    if (code === invalidArgument && nodeArgs.length > 0) {
        return `Node refuses runtime.options.nodeargs of Pulumi.yaml, which is "${nodeArgs.join(" ")}". The line above names the argument.`;
    }
    if (noFile !== undefined && errors.some((text) => text.includes("Missing required configuration variable"))) {
        return `The program needs config, and ${noFile}.`;
    }
    if (typeof code === "string") {
        return `The program was ended by the signal ${code}.`;
    }
    const hint =
        recorded.length > 0
            ? ` What the local Azure only records has its inputs as outputs (${recordedLine(recorded)}): ` +
              `if the program needs others, give them under resources in ${standInFile}.`
            : "";
    return errors.length > 0 ? `The program failed.${hint}` : `The program ended with exit code ${code}.`;
}
