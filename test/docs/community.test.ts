import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { globSync } from "tinyglobby";
import { parse, parseDocument } from "yaml";
import { repositoryRoot } from "../support/registeredFunctions";

const read = (path: string) => readFileSync(join(repositoryRoot, path), "utf8");
const yaml = <T>(path: string) => parse(read(path)) as T;
const packageJson = JSON.parse(read("package.json")) as { engines: { node: string }; scripts: Record<string, string> };

interface Step {
    name?: string;
    uses?: string;
    run?: string;
    with?: Record<string, unknown>;
}
interface Job {
    "runs-on": string;
    "timeout-minutes"?: number;
    permissions?: Record<string, string>;
    strategy?: { matrix: Record<string, unknown[]> };
    steps: Step[];
}
interface Workflow {
    on: { push: { branches?: string[]; tags?: string[] } };
    permissions?: Record<string, string>;
    jobs: Record<string, Job>;
}

const workflows = globSync(".github/workflows/*.yml", { cwd: repositoryRoot, dot: true }).sort();
const stepsOf = (path: string) => Object.values(yaml<Workflow>(path).jobs).flatMap(({ steps }) => steps);
const ci = () => yaml<Workflow>(".github/workflows/ci.yml").jobs;

/** The fault of one command in a workflow. Undefined when the command can run. */
function faultOf(command: string): string | undefined {
    const [program = "", argument = "", name = ""] = command.split(/\s+/);
    if (program === "npm") {
        const script = argument === "run" ? name : argument;
        const ownWords = ["ci", "install", "publish"];
        return ownWords.includes(script) || Object.hasOwn(packageJson.scripts, script)
            ? undefined
            : `there is no npm script "${script}"`;
    }
    if (program.includes("/")) {
        return existsSync(join(repositoryRoot, program)) ? undefined : `there is no file ${program}`;
    }
    return program === "test" ? undefined : `nobody knows whether ${program} is there`;
}

describe("the workflows", () => {
    it("are those of CI and of a release", () => {
        assert.deepEqual(workflows, [".github/workflows/ci.yml", ".github/workflows/release.yml"]);
    });

    for (const path of workflows) {
        it(`${path} parses and has the fields that GitHub requires`, () => {
            assert.deepEqual(parseDocument(read(path)).errors, []);
            const { on, jobs } = yaml<Workflow>(path);
            assert.ok(on.push);
            for (const [name, job] of Object.entries(jobs)) {
                assert.equal(typeof job["runs-on"], "string", name);
                assert.ok(job["timeout-minutes"], `${name} could hang for hours`);
                for (const step of job.steps) {
                    assert.ok((step.uses === undefined) !== (step.run === undefined), JSON.stringify(step));
                }
            }
        });

        it(`${path} runs only existing commands`, () => {
            const commands = stepsOf(path).flatMap(({ run = "" }) =>
                run.split(/&&|\n/).map((command) => command.trim()),
            );
            const faults = commands.filter((command) => command !== "").map(faultOf);
            assert.deepEqual(
                faults.filter((fault) => fault !== undefined),
                [],
            );
        });

        it(`${path} uses only GitHub's own actions, each by its major version`, () => {
            for (const { uses } of stepsOf(path)) {
                assert.match(uses ?? "actions/none@v1", /^actions\/[a-z-]+@v\d+$/);
            }
        });

        it(`${path} may only read the repository, unless it publishes`, () => {
            const { permissions, jobs } = yaml<Workflow>(path);
            assert.deepEqual(permissions, { contents: "read" });
            const more = path.endsWith("release.yml")
                ? [{ contents: "read", "id-token": "write" }]
                : [undefined, undefined, undefined];
            assert.deepEqual(
                Object.values(jobs).map((job) => job.permissions),
                more,
            );
        });
    }

    it("are refused with a missing command", () => {
        assert.equal(faultOf("npm run nothing"), 'there is no npm script "nothing"');
        assert.equal(faultOf("npm nothing"), 'there is no npm script "nothing"');
        assert.equal(faultOf(".ci/nothing"), "there is no file .ci/nothing");
        assert.equal(faultOf("curl x"), "nobody knows whether curl is there");
    });

    it("run .ci/run on Linux, and the chat on Windows and macOS", () => {
        const { test, chat } = ci();
        assert.equal(test?.["runs-on"], "ubuntu-latest");
        assert.deepEqual(test?.steps.map(({ run }) => run).filter(Boolean), [".ci/run"]);
        assert.ok((statSync(join(repositoryRoot, ".ci/run")).mode & 0o111) !== 0, ".ci/run cannot be run");
        assert.deepEqual(chat?.strategy?.matrix.os, ["windows-latest", "macos-latest"]);
        assert.deepEqual(chat?.steps.map(({ run }) => run).filter(Boolean), ["npm ci && npm start -- --check"]);
    });

    it("test with the newest Pulumi, every week too, because its releases can break what the lockfile holds", () => {
        const { on, jobs } = yaml<Workflow & { on: { schedule: { cron: string }[] } }>(".github/workflows/ci.yml");
        assert.match(on.schedule[0]?.cron ?? "", /^\d+ \d+ \* \* \d$/);
        assert.deepEqual(jobs.newest?.steps.map(({ run }) => run).filter(Boolean), [
            "npm ci",
            "npm install --no-save @pulumi/pulumi@latest @pulumi/azure-native@latest",
            "npm test",
        ]);
    });

    it("publish only a tag that equals the version, after the tests, with provenance", () => {
        const release = yaml<Workflow>(".github/workflows/release.yml");
        assert.deepEqual(release.on.push, { tags: ["v*"] });
        const runs = stepsOf(".github/workflows/release.yml").flatMap(({ run }) => run ?? []);
        assert.match(runs[0] ?? "", /package\.json.*GITHUB_REF_NAME/);
        assert.deepEqual(runs.slice(1), [".ci/run", "npm publish --provenance --access public"]);
    });
});

describe("the versions of Node", () => {
    const oldest = /^>=(\d+)(?:\.\d+)*$/.exec(packageJson.engines.node)?.[1];
    const preferred = read(".nvmrc").trim();

    it("in CI start with the oldest one of engines and include the one of .nvmrc", () => {
        const tested = ci().test?.strategy?.matrix.node ?? [];
        assert.deepEqual(tested, [20, 22, 24]);
        assert.equal(String(tested[0]), oldest);
        assert.ok(tested.map(String).includes(preferred));
        assert.equal(ci().chat?.steps[1]?.with?.["node-version-file"], ".nvmrc");
    });

    it("in the docs are tested, and the oldest one matches engines", () => {
        for (const page of ["README.md", "docs/getting-started.md"]) {
            const recommended = /Node (\d+) or (\d+)/.exec(read(page));
            assert.deepEqual(recommended?.slice(1), [preferred, "24"], page);
        }
        assert.ok(read("docs/getting-started.md").includes(packageJson.engines.node.replace(">=", "")));
    });
});

describe("what a contributor expects", () => {
    for (const path of ["bug.yml", "feature.yml"].map((name) => `.github/ISSUE_TEMPLATE/${name}`)) {
        it(`${path} is a form that GitHub shows`, () => {
            const form = yaml<{ name: string; description: string; body: Record<string, unknown>[] }>(path);
            assert.deepEqual(parseDocument(read(path)).errors, []);
            assert.ok(form.name && form.description);
            const ids = form.body.map(({ id }) => id).filter(Boolean);
            assert.equal(new Set(ids).size, ids.length);
            for (const { type, id, attributes } of form.body) {
                assert.ok(["markdown", "textarea", "input", "dropdown"].includes(String(type)), String(type));
                assert.ok(type === "markdown" ? (attributes as { value?: string }).value : id);
            }
        });
    }

    it("Dependabot looks at packages and actions every week, in groups", () => {
        assert.deepEqual(parseDocument(read(".github/dependabot.yml")).errors, []);
        const { version, updates } = yaml<{
            version: number;
            updates: { "package-ecosystem": string; schedule: { interval: string }; groups: object }[];
        }>(".github/dependabot.yml");
        assert.equal(version, 2);
        assert.deepEqual(
            updates.map(({ "package-ecosystem": ecosystem, schedule }) => [ecosystem, schedule.interval]),
            [
                ["npm", "weekly"],
                ["github-actions", "weekly"],
            ],
        );
        assert.ok(updates.every(({ groups }) => Object.keys(groups).length > 0));
    });

    it("editors indent as the formatter does", () => {
        const { formatter } = JSON.parse(read("biome.json")) as { formatter: Record<string, unknown> };
        const editor = read(".editorconfig");
        assert.match(editor, new RegExp(`^indent_style = ${formatter.indentStyle}$`, "m"));
        assert.match(editor, new RegExp(`^indent_size = ${formatter.indentWidth}$`, "m"));
        assert.match(editor, new RegExp(`^max_line_length = ${formatter.lineWidth}$`, "m"));
    });

    for (const page of ["SECURITY.md", ".github/PULL_REQUEST_TEMPLATE.md"]) {
        it(`${page} links only to existing files, and names no address`, () => {
            const targets = [...read(page).matchAll(/\]\(([^)#:]+)(#[^)]*)?\)/g)].map(([, target]) => target ?? "");
            assert.deepEqual(
                targets.filter((target) => !existsSync(join(repositoryRoot, dirname(page), target))),
                [],
            );
            assert.doesNotMatch(read(page), /\w@\w/);
        });
    }

    it("README's map covers every folder", () => {
        const folders = readdirSync(repositoryRoot, { withFileTypes: true })
            .filter((entry) => entry.isDirectory() && !/^\.|^(node_modules|dist)$/.test(entry.name))
            .map(({ name }) => name);
        const map = read("README.md");
        assert.deepEqual(
            folders.filter((name) => !map.includes(`| \`${name}/\` |`)),
            [],
        );
    });

    it("README shows no badge", () => {
        assert.doesNotMatch(read("README.md"), /!\[[^\]]*\]\(http/);
    });
});
