import { existsSync, statSync } from "node:fs";
import { basename, dirname, relative, resolve, sep } from "node:path";
import { watch } from "chokidar";
import { placeOfProgram, readProject, stackFile } from "./engine/project";
import type { ResourceState } from "./engine/state";
import { linkedPackages } from "./linkedPackages";
import { dataFolder } from "./place";

export interface WatchOptions {
    projectDir: string;
    stack: string;
    /** Folders of function code, which may lie outside of the project. Asked again after each update. */
    codeFolders(): string[];
    /** Called with the changed files, relative to the project. The next call waits until this one has resolved. */
    onChange(files: string[]): Promise<void>;
}

export interface Watching {
    /** Resolves when the watcher notices changes. */
    ready: Promise<void>;
    close(): Promise<void>;
}

// An editor saves in several steps, and a formatter may follow. This pause combines them into one update.
const quietMilliseconds = 150;
const ignoredFolders = new Set(["node_modules", ".git", dataFolder, ".venv", "venv"]);
/** Results of builds. Only those that are deployed are watched, and not while an update may build them. */
const buildFolders = new Set(["dist", "build", "out", "bin", "obj"]);

/** Files that a program may import or read. In the program's own folder and in deployed code, every file counts. */
const source = /\.(?:[cm]?[jt]sx?|json|ya?ml|css|html)$/;

/** Folders of the code that a stack has deployed. The program names them from its own folder. */
export function codeFoldersOf(resources: ResourceState[], projectDir: string): string[] {
    const { cwd } = placeOfProgram(readProject(projectDir));
    return resources
        .filter(({ type }) => type === "azure-realtime:index:FunctionCode")
        .map(({ outputs }) => outputs.codePath)
        .filter((path): path is string => typeof path === "string")
        .map((path) => resolve(cwd, path));
}

/** When a file was written; endless for one that is gone, so that its end counts as a change. */
const changedAt = (path: string) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;

const isInside = (path: string, folder: string) => path === folder || path.startsWith(`${folder}${sep}`);

/** Watches the sources of the project and of the packages of its workspace, and the function code. */
export function watchProject({ projectDir, stack, codeFolders, onChange }: WatchOptions): Watching {
    const changed = new Set<string>();
    let timer: NodeJS.Timeout | undefined;
    let running: Promise<void> | undefined;
    let closed = false;
    const project = readProject(projectDir);
    const { cwd } = placeOfProgram(project);
    // A program may import what the build of a linked package writes, as it may what it deploys.
    const watchedFolders = () => [
        ...codeFolders(),
        ...linkedPackages(cwd).filter((folder) => !isInside(projectDir, folder)),
    ];
    let code = watchedFolders();
    let lastUpdate = Date.now();

    const inBuild = (path: string) =>
        relative(projectDir, path)
            .split(sep)
            .some((part) => buildFolders.has(part));
    // The stack's file may be written later, and may lie outside of the project.
    const stackFiles = dirname(stackFile(project, stack));
    const watcher = watch([projectDir, cwd, stackFiles, ...code].filter(existsSync), {
        ignoreInitial: true,
        ignored: (path, stats) => {
            const name = basename(path);
            if (code.includes(path)) {
                return false;
            }
            const isProgram = [cwd, ...code].some((folder) => isInside(path, folder));
            if (stats?.isFile() === true && !isProgram && !source.test(name)) {
                return true;
            }
            const isUndeployedBuild =
                buildFolders.has(name) && !code.some((folder) => isInside(folder, path) || isInside(path, folder));
            return ignoredFolders.has(name) || isUndeployedBuild || /^\.|~$|\.sw.$/.test(name);
        },
    });

    function flush(): void {
        if (running || closed || changed.size === 0) {
            return;
        }
        const files = [...changed];
        changed.clear();
        running = onChange(files).finally(() => {
            running = undefined;
            lastUpdate = Date.now();
            code = watchedFolders();
            watcher.add(code);
            flush();
        });
    }

    watcher.on("all", (_event, path) => {
        // An update may build the code. That must not cause the next update.
        if (inBuild(path) && (running !== undefined || changedAt(path) <= lastUpdate)) {
            return;
        }
        changed.add(relative(projectDir, path));
        clearTimeout(timer);
        timer = setTimeout(flush, quietMilliseconds);
    });
    return {
        ready: new Promise((resolveReady) => watcher.once("ready", () => resolveReady())),
        async close() {
            closed = true;
            clearTimeout(timer);
            await watcher.close();
            await running?.catch(() => undefined);
        },
    };
}
