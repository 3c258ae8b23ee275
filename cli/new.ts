import {
    copyFileSync,
    cpSync,
    existsSync,
    mkdirSync,
    readdirSync,
    readFileSync,
    renameSync,
    rmSync,
    statSync,
    writeFileSync,
} from "node:fs";
import { basename, join, resolve } from "node:path";
import { messageOf } from "../emulator/core/errors";
import { hasCoreTools } from "../emulator/functions/coreTools";
import { ownPath, ownVersion } from "./ownPackage";
import { type ServiceName, services } from "./services";
import { UsageError } from "./words";

export interface NewProject {
    /** Folder of the project, which is made. */
    folder: string;
    template: ServiceName;
    language: Language;
}

/** Languages of the function app. The Pulumi program is in TypeScript, so that `npm start` needs no other tool to run it. */
export const languages = ["typescript", "python"] as const;
type Language = (typeof languages)[number];

const install = "pip install --target app/.python_packages/lib/site-packages -r app/requirements.txt";

/** What npm runs before `start` and `check`: the packages are installed once. */
const installOnce =
    "node -e \"fs.existsSync('app/.python_packages') || child_process.execSync('npm run packages', { stdio: 'inherit' })\"";

/** What a language changes in the files of the program. */
const texts: Record<Language, Record<"arguments" | "ignored" | "scripts" | "host", string>> = {
    typescript: { arguments: "", ignored: "", scripts: "", host: "" },
    python: {
        arguments: ', runtime: "python"',
        ignored: ".python_packages/\n.venv/\n__pycache__/\n",
        scripts: `        "packages": "${install}",\n        "prestart": ${JSON.stringify(installOnce)},\n        "precheck": "npm run prestart",\n`,
        host: `
The function app is in Python. On this machine \`func\` runs it: install the Azure Functions Core Tools with
\`npm install -g azure-functions-core-tools@4\`, and a Python that they support. \`func\` takes packages from the Python that it finds in
\`PATH\`, such as an active virtual environment; the first \`npm start\` puts those of \`app/requirements.txt\` beside the code, where the app on
Azure finds them, and \`npm run packages\` does it again when the file has changed. A package with compiled parts must be the one for
Linux and for the app's Python, which is 3.13 unless \`runtimeVersion\` says another: on another machine, add
\`--platform manylinux2014_x86_64 --python-version 3.13 --only-binary=:all:\` to that script.
`,
    },
};

const backends: Record<ServiceName, string> = {
    socketio: "SocketIOBackend",
    webpubsub: "WebPubSubBackend",
    signalr: "SignalRBackend",
};

const missingCoreTools =
    "A function app in Python runs in func, the Azure Functions Core Tools 4, which is not in PATH: npm install -g azure-functions-core-tools@4";

// What Pulumi takes as a project's name and npm as a package's.
const namePattern = /^[a-z][a-z0-9._-]{0,99}$/;

/** Writes a project that runs: a program, and the function app of a small chat. Returns the lines that tell what to do next. */
export function writeNewProject({ folder, template, language }: NewProject): string[] {
    const path = resolve(folder);
    const name = basename(path);
    if (!namePattern.test(name)) {
        throw new UsageError(
            `The folder's name "${name}" becomes the project's: it must be 1-100 lower-case letters, digits, hyphens, underscores and periods, and begin with a letter.`,
        );
    }
    const isNew = !existsSync(path);
    if (!isNew && !statSync(path).isDirectory()) {
        throw new UsageError(`${path} is a file. Name a folder that is new or empty.`);
    }
    const others = isNew ? [] : readdirSync(path).filter((entry) => entry !== ".git");
    if (others.length > 0) {
        throw new UsageError(`${path} is not empty: it has ${others[0]}. Name a folder that is new or empty.`);
    }
    const templates = ownPath("templates");
    try {
        writeFiles({ templates, path, name, template, language });
    } catch (error) {
        removeAgain(path, isNew);
        throw new UsageError(`${path} cannot be written: ${messageOf(error)}. Name a folder that you may write.`);
    }
    const enter = path === process.cwd() ? [] : [`  cd ${shellWord(folder)}`];
    return [
        `${name} is a project with a ${services[template].title} backend. Next:`,
        ...enter,
        "  npm install",
        "  npm start",
        ...(language === "python" && !hasCoreTools() ? [missingCoreTools] : []),
    ];
}

/** A folder as a shell takes it in one piece. */
function shellWord(folder: string): string {
    const plain = folder.startsWith("-") ? `./${folder}` : folder;
    if (process.platform === "win32") {
        return /[\s&()^;,=]/.test(plain) ? `"${plain}"` : plain;
    }
    return /^[\w@%+=:,./~-]+$/.test(plain) ? plain : `'${plain.replaceAll("'", "'\\''")}'`;
}

/** Removes what was written before a fault: everything but the folder that was there, and its `.git`. */
function removeAgain(path: string, isNew: boolean): void {
    if (!existsSync(path)) {
        return;
    }
    const made = isNew
        ? [path]
        : readdirSync(path)
              .filter((name) => name !== ".git")
              .map((name) => join(path, name));
    for (const entry of made) {
        rmSync(entry, { recursive: true, force: true });
    }
}

function writeFiles({
    templates,
    path,
    name,
    template,
    language,
}: Omit<NewProject, "folder"> & { templates: string; path: string; name: string }): void {
    mkdirSync(path, { recursive: true });
    cpSync(join(templates, "program"), path, { recursive: true });
    const app = join(path, "app");
    for (const part of ["common", template]) {
        cpSync(join(templates, language === "python" ? "python" : "apps", part), app, { recursive: true });
    }
    if (language === "python") {
        // Both languages serve the same page, and load the same extension.
        copyFileSync(join(templates, "apps", template, "index/page.html"), join(app, "page.html"));
        copyFileSync(join(templates, "apps", template, "host.json"), join(app, "host.json"));
    }
    // npm leaves a .gitignore out of a package.
    renameSync(join(path, "gitignore"), join(path, ".gitignore"));
    const values = new Map(
        Object.entries({
            name,
            version: ownVersion(),
            backend: backends[template],
            title: services[template].title,
            ...texts[language],
        }),
    );
    for (const file of readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isFile())) {
        const text = readFileSync(join(path, file.name), "utf8");
        writeFileSync(
            join(path, file.name),
            text.replace(/\{\{(\w+)\}\}/g, (whole, key: string) => values.get(key) ?? whole),
        );
    }
}
