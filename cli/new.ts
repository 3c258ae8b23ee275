import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { type ServiceName, services } from "./services";
import { UsageError } from "./words";

export interface NewProject {
    /** Folder of the project, which is made. */
    folder: string;
    template: ServiceName;
}

const backends: Record<ServiceName, string> = {
    socketio: "SocketIOBackend",
    webpubsub: "WebPubSubBackend",
    signalr: "SignalRBackend",
};

/** A folder of this package, from the sources or from the build. */
function ownPath(name: string): string {
    const found = ["..", "../.."].map((up) => join(__dirname, up, name)).find(existsSync);
    if (found === undefined) {
        throw new Error(`The package azure-realtime is incomplete: it has no ${name}. Install it again.`);
    }
    return found;
}

// What Pulumi takes as a project's name and npm as a package's.
const namePattern = /^[a-z][a-z0-9._-]{0,99}$/;

/** Writes a project that runs: a program, and the function app of a small chat. Returns the lines that tell what to do next. */
export function writeNewProject({ folder, template }: NewProject): string[] {
    const path = resolve(folder);
    const name = basename(path);
    if (!namePattern.test(name)) {
        throw new UsageError(
            `The folder's name "${name}" becomes the project's: it must be 1-100 lower-case letters, digits, hyphens, underscores and periods, and begin with a letter.`,
        );
    }
    const others = existsSync(path) ? readdirSync(path).filter((entry) => entry !== ".git") : [];
    if (others.length > 0) {
        throw new UsageError(`${path} is not empty: it has ${others[0]}. Name a folder that is new or empty.`);
    }
    mkdirSync(path, { recursive: true });
    const templates = ownPath("templates");
    cpSync(join(templates, "program"), path, { recursive: true });
    for (const part of ["common", template]) {
        cpSync(join(templates, "apps", part), join(path, "app"), { recursive: true });
    }
    // npm leaves a .gitignore out of a package.
    renameSync(join(path, "gitignore"), join(path, ".gitignore"));
    const { version } = JSON.parse(readFileSync(ownPath("package.json"), "utf8")) as { version: string };
    const values = new Map(
        Object.entries({ name, version, backend: backends[template], title: services[template].title }),
    );
    for (const file of readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isFile())) {
        const text = readFileSync(join(path, file.name), "utf8");
        writeFileSync(
            join(path, file.name),
            text.replace(/\{\{(\w+)\}\}/g, (whole, key: string) => values.get(key) ?? whole),
        );
    }
    const enter = path === process.cwd() ? [] : [`  cd ${folder}`];
    return [
        `${name} is a project with a ${services[template].title} backend. Next:`,
        ...enter,
        "  npm install",
        "  npm start",
    ];
}
