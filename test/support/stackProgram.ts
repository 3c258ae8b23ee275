import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { type ProgramRun, runProgram } from "./pulumi";
import { repositoryRoot } from "./registeredFunctions";

const program = join(repositoryRoot, "stacks", "index.ts");

/** Runs the program with a stack's own file and what is given besides; the result is the error it ended with, if any. */
export function runStack(stack: string, values: Record<string, string> = {}): Promise<ProgramRun<unknown>> {
    const file = parse(readFileSync(join(repositoryRoot, "stacks", `Pulumi.${stack}.yaml`), "utf8"));
    return runProgram(() => {
        const given = Object.entries({ ...file.config, ...prefixed(values) });
        const ours = given.map(([key, value]) => [
            key.replace("azure-realtime:", `${pulumi.getProject()}:`),
            String(value),
        ]);
        pulumi.runtime.setAllConfig(Object.fromEntries(ours));
        delete require.cache[program];
        try {
            require(program);
            return undefined;
        } catch (error) {
            return error;
        }
    });
}

const prefixed = (values: Record<string, string>) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [`azure-realtime:${key}`, value]));
