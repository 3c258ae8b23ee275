import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { messageOf } from "../../emulator/core/errors";
import { type ConfigDeclaration, resolveConfig, type StackConfig } from "./config";

/** Settings from `Pulumi.yaml`. */
export interface Project {
    directory: string;
    name: string;
    /** File of the program, relative to the directory. */
    main: string;
    /** Whether the SDK compiles the program, with ts-node. */
    typescript: boolean;
    /** The program's tsconfig.json, relative to the program's folder; the one in that folder unless said. */
    tsconfig?: string;
    /** Arguments for node itself. */
    nodeArgs: string[];
    /** Folder of the stacks' files, relative to the directory. */
    stackConfigDir: string;
    config: Record<string, ConfigDeclaration>;
}

function readYaml(file: string): Record<string, unknown> {
    let content: unknown;
    try {
        content = parse(readFileSync(file, "utf8"));
    } catch (error) {
        throw new Error(`${file} cannot be read: ${messageOf(error)}`);
    }
    if (typeof content !== "object" || content === null || Array.isArray(content)) {
        throw new Error(`${file} must be a map of settings`);
    }
    return content as Record<string, unknown>;
}

/** Reads `Pulumi.yaml`. Throws an error with file and field when the project is not a Node project with a program file. */
export function readProject(directory: string): Project {
    const file = join(directory, "Pulumi.yaml");
    if (!existsSync(file)) {
        throw new Error(`There is no Pulumi.yaml in ${directory}`);
    }
    const yaml = readYaml(file);
    const runtime: { name?: unknown; options?: Record<string, unknown> } =
        typeof yaml.runtime === "object" && yaml.runtime !== null ? yaml.runtime : { name: yaml.runtime };
    if (runtime.name !== "nodejs") {
        throw new Error(`${file}: runtime must be nodejs, not ${String(runtime.name)}`);
    }
    const { typescript = true, tsconfig, nodeargs = "" } = runtime.options ?? {};
    if (typeof typescript !== "boolean") {
        throw new Error(`${file}: runtime.options.typescript must be true or false, not ${String(typescript)}`);
    }
    if (tsconfig !== undefined && typeof tsconfig !== "string") {
        throw new Error(`${file}: runtime.options.tsconfig must be the path of a file, not ${String(tsconfig)}`);
    }
    // The CLI splits as a shell does; no argument of node needs that.
    if (typeof nodeargs !== "string" || /["'\\]/.test(nodeargs)) {
        throw new Error(`${file}: runtime.options.nodeargs must be words without quotes, not ${String(nodeargs)}`);
    }
    if (typeof yaml.name !== "string") {
        throw new Error(`${file}: name must be a text`);
    }
    // For a folder, the SDK would run the entry point in a package.json, which may create no resource at all.
    if (typeof yaml.main !== "string" || !/\.[cm]?[jt]s$/.test(yaml.main)) {
        throw new Error(`${file}: main must be the program's file, such as stacks/index.ts, not ${String(yaml.main)}`);
    }
    if (!existsSync(join(directory, yaml.main))) {
        throw new Error(`${file}: main is ${yaml.main}, which does not exist`);
    }
    return {
        directory,
        name: yaml.name,
        main: yaml.main,
        typescript,
        ...(tsconfig !== undefined && { tsconfig }),
        nodeArgs: nodeargs.split(/\s+/).filter((word) => word !== ""),
        stackConfigDir: typeof yaml.stackConfigDir === "string" ? yaml.stackConfigDir : ".",
        config: (yaml.config ?? {}) as Record<string, ConfigDeclaration>,
    };
}

export function stackFile(project: Project, stack: string): string {
    return join(project.directory, project.stackConfigDir, `Pulumi.${stack}.yaml`);
}

/** Config of one stack, checked against the declarations and completed by their defaults. `overrides` win over the file. */
export function readStackConfig(options: {
    project: Project;
    stack: string;
    overrides?: Record<string, string>;
}): StackConfig {
    const file = stackFile(options.project, options.stack);
    const yaml = existsSync(file) ? readYaml(file) : {};
    return resolveConfig({
        project: options.project.name,
        declarations: options.project.config,
        values: { ...((yaml.config ?? {}) as Record<string, unknown>), ...options.overrides },
        file,
    });
}
