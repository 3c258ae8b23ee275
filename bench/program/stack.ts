import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { type Project, readProject, readStackConfig } from "../../local/engine/project";

export const root = resolve(__dirname, "../..");

/** The function apps of this repository. */
export const apps = ["socketio-chat", "webpubsub-chat", "signalr-chat"] as const;

/** Builds a function app into its dist folder. Throws an error with the compiler's messages when the build fails. */
export function buildApp(app: string): string {
    const built = spawnSync(process.execPath, [join(root, "functions", "build.mjs"), app], { encoding: "utf8" });
    if (built.status !== 0) {
        throw new Error(`functions/${app} does not build:\n${built.stderr}`);
    }
    return join(root, "functions", app);
}

/** Copies a built function app to a folder outside functions/, where the program does not build the app again. */
export function copyApp(options: { app: string; folder: string }): string {
    const from = buildApp(options.app);
    const to = join(options.folder, options.app);
    mkdirSync(to, { recursive: true });
    for (const part of ["dist", "host.json", "package.json", ".funcignore"]) {
        cpSync(join(from, part), join(to, part), { recursive: true });
    }
    return to;
}

/** Writes a program that Pulumi compiles with its default settings. Returns the project's `main`. */
export function writeProgram(options: { folder: string; name: string; text: string }): string {
    const program = join(options.folder, `${options.name}.ts`);
    writeFileSync(program, options.text);
    return relative(root, program);
}

/** Reads a stack of this repository and changes some of its configuration. The keys belong to the project's namespace. */
export function readStack(options: { stack: string; changes: Record<string, string> }): {
    project: Project;
    config: Record<string, string>;
} {
    const project = readProject(root);
    const overrides = Object.fromEntries(
        Object.entries(options.changes).map(([key, value]) => [`${project.name}:${key}`, value]),
    );
    return { project, config: readStackConfig({ project, stack: options.stack, overrides }).values };
}
