import { existsSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { watch } from "chokidar";
import { readProject, stackFile } from "./engine/project";

export interface WatchOptions {
    projectDir: string;
    stack: string;
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
const ignoredFolders = new Set(["node_modules", "dist", ".git", ".local"]);

function watchedPaths(projectDir: string, stack: string): string[] {
    const project = readProject(projectDir);
    const program = dirname(join(projectDir, project.main));
    const folders = [program, join(projectDir, "functions"), join(projectDir, "components")];
    return [...folders, join(projectDir, "Pulumi.yaml"), stackFile(project, stack)].filter(existsSync);
}

/** Watches the program, its components and the function code. Ignores build results, because an update writes them. */
export function watchProject({ projectDir, stack, onChange }: WatchOptions): Watching {
    const changed = new Set<string>();
    let timer: NodeJS.Timeout | undefined;
    let running: Promise<void> | undefined;
    let closed = false;

    const watcher = watch(watchedPaths(projectDir, stack), {
        ignoreInitial: true,
        ignored: (path) => ignoredFolders.has(basename(path)) || /^\.|~$|\.sw.$/.test(basename(path)),
    });

    function flush(): void {
        if (running || closed || changed.size === 0) {
            return;
        }
        const files = [...changed];
        changed.clear();
        running = onChange(files).finally(() => {
            running = undefined;
            flush();
        });
    }

    watcher.on("all", (_event, path) => {
        changed.add(relative(projectDir, path));
        clearTimeout(timer);
        timer = setTimeout(flush, quietMilliseconds);
    });
    return {
        ready: new Promise((resolve) => watcher.once("ready", () => resolve())),
        async close() {
            closed = true;
            clearTimeout(timer);
            await watcher.close();
            await running?.catch(() => undefined);
        },
    };
}
