import { readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "mocha";
import { buildPackage } from "../support/build";
import { hasCli } from "../support/pulumiCli";
import { repositoryRoot } from "../support/registeredFunctions";
import { createLanguageProject, has, type LanguageProject } from "../support/sdks";

interface Language {
    title: string;
    /** Folder of the example. */
    example: string;
    /** Name of the language in `pulumi package gen-sdk`. */
    language: string;
    /** What must be on the machine, besides the Pulumi CLI; undefined when it is there. */
    missing(): string | undefined;
    compile(project: LanguageProject): Promise<unknown>;
}

const sdkModule = "example.com/pulumi-azure-realtime/sdk/go";
const goModule = "github.com/pulumi/pulumi/sdk/v3";

/** Versions of Pulumi's Go SDK that this machine has, because the test downloads none. */
async function goSdkVersions(project: LanguageProject): Promise<string[]> {
    const cache = (await project.tool("go", "env", "GOMODCACHE")).trim();
    try {
        const names = readdirSync(join(cache, "cache/download", goModule, "@v"));
        const versions = names.filter((name) => name.endsWith(".zip")).map((name) => name.replace(/\.zip$/, ""));
        return versions.sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
    } catch {
        return [];
    }
}

/** For a project, the CLI writes the module's file, and other import paths than `gen-sdk` does. */
async function addForGo(project: LanguageProject): Promise<void> {
    const file = join(project.folder, "Pulumi.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace(/^packages:\n.*\n/m, ""));
    await project.tool("pulumi", "package", "add", join(repositoryRoot, "plugin"));
}

const javaScriptProgram = `
import { HostKeySource, ServiceSku, SocketIOBackend } from "./sdks/azure-realtime";

const chat = new SocketIOBackend("chat", {
    codePath: "functions",
    sku: ServiceSku.StandardS1,
    hubs: [{ name: "hub" }],
    keySource: HostKeySource.HostKey,
});
export const url: import("@pulumi/pulumi").Output<string> = chat.negotiateUrl;
`;

const languages: Language[] = [
    {
        title: "Go",
        example: "go",
        language: "go",
        missing: () => (has("go", "version") ? undefined : "go"),
        async compile(project) {
            const version = (await goSdkVersions(project)).at(-1);
            if (version === undefined) {
                throw new MissingError(`${goModule} in Go's module cache`);
            }
            await project.tool("go", "mod", "edit", `-require=${goModule}@${version}`);
            await addForGo(project);
            await project.tool("go", "vet", ".", `${sdkModule}/azurerealtime`);
        },
    },
    {
        title: "Python",
        example: "python",
        language: "python",
        missing: () =>
            ["mypy", "pyright"].some((name) => has(name, "--version")) && has("python3", "-c", "import pulumi")
                ? undefined
                : "mypy or pyright, and the Python package pulumi",
        compile: (project) =>
            has("mypy", "--version")
                ? project.tool("mypy", "--check-untyped-defs", "__main__.py")
                : project.tool("pyright", "__main__.py"),
    },
    {
        title: "JavaScript",
        example: "tenants",
        language: "nodejs",
        missing: () => undefined,
        async compile(project) {
            symlinkSync(join(repositoryRoot, "node_modules"), join(project.folder, "node_modules"));
            writeFileSync(join(project.folder, "program.ts"), javaScriptProgram);
            const options = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--types", "node"];
            const modules = ["--module", "nodenext", "--moduleResolution", "nodenext"];
            const tsc = join(repositoryRoot, "node_modules/typescript/bin/tsc");
            await project.tool(process.execPath, tsc, ...options, ...modules, "program.ts");
        },
    },
    {
        title: "Java",
        example: "java",
        language: "java",
        missing: () => (has("javac", "-version") && has("mvn", "--version") ? undefined : "a JDK and Maven"),
        compile: (project) => project.tool("mvn", "-o", "-q", "-B", "compile"),
    },
    {
        title: "C#",
        example: "csharp",
        language: "dotnet",
        missing: () => (has("dotnet", "--version") ? undefined : "dotnet"),
        compile: (project) => project.tool("dotnet", "build", "--nologo"),
    },
];

class MissingError extends Error {}

/** What tools say when something would have to be downloaded, or when Pulumi has no support for the language here. */
const isAbsent = /no language plugin|GOPROXY=off|offline mode|NU1101|NU1301|Unable to load the service index/;

function skip(context: Context, what: string): never {
    context.test!.title += `, skipped without ${what}`;
    return context.skip();
}

describe("the package's SDK for each language, generated by the Pulumi CLI,", function () {
    this.timeout(600_000);
    let project: LanguageProject | undefined;
    before(function () {
        if (!hasCli) {
            this.skip();
        }
        buildPackage();
    });
    afterEach(() => {
        project?.remove();
        project = undefined;
    });

    for (const { title, example, language, missing, compile } of languages) {
        it(`in ${title} compiles, with a program that uses it`, async function () {
            const what = missing();
            if (what !== undefined) {
                skip(this, what);
            }
            try {
                project = await createLanguageProject(example, language);
                await compile(project);
            } catch (error) {
                const { message } = error as Error;
                if (error instanceof MissingError || isAbsent.test(message)) {
                    skip(this, error instanceof MissingError ? message : "what the language needs on this machine");
                }
                throw error;
            }
        });
    }
});
