import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listPackageFiles } from "../../components/functionCode/files";
import { zipPackage } from "../../components/functionCode/zip";
import { buildFunctionApp } from "../../stacks/build";
import { repositoryRoot } from "../support/registeredFunctions";

describe("building a function app", () => {
    let folder: string;

    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "function-app-"));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    const build = (app: string) =>
        spawnSync(process.execPath, [join(repositoryRoot, "functions", "build.mjs"), app], { encoding: "utf8" });

    it("writes what host.json and package.json need, from a path relative to the repository", () => {
        const app = buildFunctionApp("functions/socketio-chat");
        assert.equal(app, join(repositoryRoot, "functions", "socketio-chat"));
        const { main } = JSON.parse(readFileSync(join(app, "package.json"), "utf8"));
        assert.ok(readFileSync(join(app, main), "utf8").includes("socketiotrigger"));
        assert.ok(readFileSync(join(app, "dist", "index.html"), "utf8").startsWith("<!doctype html>"));
    });

    it("writes the same bytes wherever the sources are", () => {
        const app = buildFunctionApp("functions/socketio-chat");
        const copy = join(folder, "socketio-chat");
        for (const name of ["src", "page"]) {
            cpSync(join(app, name), join(copy, name), { recursive: true });
        }
        cpSync(join(repositoryRoot, "functions", "shared"), join(folder, "shared"), { recursive: true });
        symlinkSync(join(repositoryRoot, "node_modules"), join(folder, "node_modules"));
        assert.equal(build(copy).status, 0);
        for (const name of ["index.js", "index.html"]) {
            const [here, there] = [app, copy].map((root) => readFileSync(join(root, "dist", name)));
            assert.ok(here?.equals(there as Buffer), `${name} differs`);
        }
    });

    it("deploys four files, fewer than 100 kB zipped", () => {
        const files = listPackageFiles(buildFunctionApp("functions/socketio-chat"));
        assert.deepEqual(
            files.map(({ path }) => path),
            ["dist/index.html", "dist/index.js", "host.json", "package.json"],
        );
        const { zip } = zipPackage(files);
        assert.ok(zip.length < 100_000, `${zip.length} bytes`);
    });

    it("leaves a folder outside this repository unchanged", () => {
        mkdirSync(join(folder, "src"));
        writeFileSync(join(folder, "src", "index.ts"), "this does not compile");
        assert.equal(buildFunctionApp(folder), folder);
    });

    it("fails with the compiler's own messages, and keeps the previous build", () => {
        mkdirSync(join(folder, "src"));
        mkdirSync(join(folder, "dist"));
        writeFileSync(join(folder, "dist", "index.js"), "before");
        writeFileSync(join(folder, "src", "index.ts"), "const broken = ;");
        const { status, stderr } = build(folder);
        assert.equal(status, 1);
        assert.match(stderr, /Unexpected ";"/);
        assert.match(stderr, /src\/index\.ts:1:15/);
        assert.equal(readFileSync(join(folder, "dist", "index.js"), "utf8"), "before");
    });

    it("names the missing file when there is nothing to build", () => {
        const { status, stderr } = build(folder);
        assert.deepEqual(
            [status, stderr],
            [2, `${folder} has no src/index.ts: give the folder of a function app, such as socketio-chat\n`],
        );
    });
});
