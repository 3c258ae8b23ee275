import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { messageOf } from "../../emulator/core/errors";
import { isRecord } from "../../emulator/core/persistence";
import { type ConfigDeclaration, resolveConfig, type StackConfig } from "./config";
import { createDecrypt } from "./secrets";
import { mapAt, readYaml } from "./yaml";

/** Settings from `Pulumi.yaml`. */
export interface Project {
    directory: string;
    name: string;
    /** The program, relative to the directory: a file, or a folder whose package.json names the file. */
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

/** Extensions of the CLI's project files that the local Azure reads. */
const extensions = [".yaml", ".yml"];

/** Reads `Pulumi.yaml`. Throws an error with file and field when the project is not a Node project with a program. */
export function readProject(directory: string): Project {
    const paths = extensions.map((extension) => join(directory, `Pulumi${extension}`));
    const file = paths.find(existsSync) ?? paths[0] ?? "";
    const yaml = readYaml(file);
    if (yaml === undefined) {
        throw new Error(
            `There is no Pulumi.yaml in ${directory}. Run the command in a Pulumi project, or name its folder with -C.`,
        );
    }
    const runtime: { name?: unknown; options?: unknown } = isRecord(yaml.runtime)
        ? yaml.runtime
        : { name: yaml.runtime };
    if (runtime.name === undefined || runtime.name === null || runtime.name === "") {
        throw new Error(`${file}: runtime is missing. Set runtime: nodejs for a program in TypeScript or JavaScript.`);
    }
    if (runtime.name !== "nodejs") {
        throw new Error(
            `${file}: runtime is ${String(runtime.name)}, and this command runs nodejs programs. ` +
                "Run the program with the Pulumi CLI instead: `azure-realtime with -- pulumi up`.",
        );
    }
    const { options } = runtime;
    if (options !== undefined && options !== null && !isRecord(options)) {
        throw new Error(`${file}: runtime.options must be a map of settings, not ${String(options)}`);
    }
    const { typescript = true, tsconfig, nodeargs = "" } = options ?? {};
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
    const { main = "." } = yaml;
    if (typeof main !== "string" || !existsSync(resolve(directory, main))) {
        throw new Error(
            `${file}: main must be a file or folder that exists, such as stacks/index.ts, not ${String(main)}`,
        );
    }
    // Before stackConfigDir, config was the name of that folder, and the CLI still takes it.
    const { stackConfigDir = typeof yaml.config === "string" ? yaml.config : undefined } = yaml;
    return {
        directory,
        name: yaml.name,
        main,
        typescript,
        ...(tsconfig !== undefined && { tsconfig }),
        nodeArgs: nodeargs.split(/\s+/).filter((word) => word !== ""),
        stackConfigDir: typeof stackConfigDir === "string" ? stackConfigDir : ".",
        config:
            typeof yaml.config === "string" ? {} : (mapAt(yaml, "config", file) as Record<string, ConfigDeclaration>),
    };
}

/** Where the SDK runs the program, and the program seen from there. */
export function placeOfProgram({ directory, main }: Pick<Project, "directory" | "main">): {
    cwd: string;
    program: string;
} {
    const path = resolve(directory, main);
    // The SDK looks a folder's program up in its package.json when the program is ".".
    return statSync(path).isDirectory() ? { cwd: path, program: "." } : { cwd: dirname(path), program: path };
}

export function stackFile(project: Project, stack: string): string {
    const paths = extensions.map((extension) =>
        join(project.directory, project.stackConfigDir, `Pulumi.${stack}${extension}`),
    );
    return paths.find(existsSync) ?? paths[0] ?? "";
}

/** Config of one stack, checked against the declarations and completed by their defaults. `overrides` win over the file. */
export function readStackConfig(options: {
    project: Project;
    stack: string;
    overrides?: Record<string, string>;
}): StackConfig {
    const { project, stack } = options;
    const file = stackFile(project, stack);
    const yaml = readYaml(file) ?? {};
    try {
        return resolveConfig({
            project: project.name,
            declarations: project.config,
            values: { ...mapAt(yaml, "config", file), ...options.overrides },
            file,
            ...(existsSync(file) ? {} : { noFile: describeNoFile(project, stack) }),
            decrypt: createDecrypt({ salt: yaml.encryptionsalt, provider: yaml.secretsprovider }),
        });
    } catch (error) {
        const environments = describeEnvironments(project, stack);
        throw environments === undefined ? error : new Error(`${messageOf(error)} Note that ${environments}.`);
    }
}

/** Says which environments of Pulumi ESC a stack takes values from; undefined when there is none. */
export function describeEnvironments(project: Project, stack: string): string | undefined {
    const given = readYaml(stackFile(project, stack))?.environment;
    const imported = isRecord(given) ? (given.imports ?? ["of its own"]) : given;
    const names = (Array.isArray(imported) ? imported : []).map((item) =>
        isRecord(item) ? Object.keys(item).join() : String(item),
    );
    return names.length === 0
        ? undefined
        : `stack "${stack}" takes values from Pulumi ESC (environment ${names.join(", ")}), which the local Azure does not open: give those that the program needs under config`;
}

/** Says that a stack has no file, and which stacks have one. */
function describeNoFile(project: Project, stack: string): string {
    const folder = resolve(project.directory, project.stackConfigDir);
    const names = existsSync(folder) ? readdirSync(folder) : [];
    const files = names.filter((name) => /^Pulumi\..+\.ya?ml$/.test(name)).sort();
    const wayOut =
        files.length === 0
            ? "no stack of the project has one: write it"
            : `the project has ${files.join(", ")}: choose a stack with --stack, or write the file`;
    return `stack "${stack}" has no file Pulumi.${stack}.yaml; ${wayOut}`;
}

/** Says why a program may lack config; undefined when its stack has a file with all of it. */
export function missingStackFile(project: Project, stack: string): string | undefined {
    return existsSync(stackFile(project, stack))
        ? describeEnvironments(project, stack)
        : describeNoFile(project, stack);
}
