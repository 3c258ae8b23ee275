import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import {
    accessSync,
    constants,
    cpSync,
    existsSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    rmSync,
    watch,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildPackage } from "../support/build";
import { repositoryRoot } from "../support/registeredFunctions";
import { until } from "../support/until";

const run = promisify(execFile);
const record = (name: string) =>
    `require("node:fs").appendFileSync(${JSON.stringify("calls")}, JSON.stringify(["${name}", ...process.argv.slice(2)]) + "\\n");`;

describe("the built command", () => {
    // npx links to the file in a checkout and makes it executable once, so that a build that forgets it ends in "Permission denied".
    it("is a file that can be run", function () {
        if (process.platform === "win32") {
            this.skip();
        }
        buildPackage();
        accessSync(join(repositoryRoot, "dist/cli/azure-realtime.js"), constants.X_OK);
    });
});

/** What `npm install` in plugin/ runs in a checkout, with an npm and a build that only write down their arguments. */
async function prepare({
    hasSources,
    hasPackages,
}: {
    hasSources: boolean;
    hasPackages: boolean;
}): Promise<string[][]> {
    const folder = mkdtempSync(join(tmpdir(), "checkout-"));
    try {
        cpSync(join(repositoryRoot, "plugin/prepare.js"), join(folder, "plugin/prepare.js"));
        cpSync(join(repositoryRoot, "package.json"), join(folder, "package.json"));
        writeFileSync(join(folder, "npm.cjs"), record("npm"));
        if (hasSources) {
            const made = `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`;
            writeFileSync(join(folder, "build.mjs"), made + record("build"));
        }
        if (hasPackages) {
            mkdirSync(join(folder, "node_modules/esbuild"), { recursive: true });
        }
        await run(process.execPath, ["prepare.js"], {
            cwd: join(folder, "plugin"),
            env: { ...process.env, npm_execpath: join(folder, "npm.cjs") },
        });
        const calls = join(folder, "calls");
        return existsSync(calls)
            ? readFileSync(calls, "utf8")
                  .trim()
                  .split("\n")
                  .map((line) => JSON.parse(line))
            : [];
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

describe("the plugin in a Git checkout", () => {
    it("installs what builds and runs it, and builds", async () => {
        const { devDependencies } = JSON.parse(readFileSync(join(repositoryRoot, "package.json"), "utf8"));
        const [install, build, ...more] = await prepare({ hasSources: true, hasPackages: false });
        assert.deepEqual(install?.slice(0, 2), ["npm", "install"]);
        assert.ok(install?.includes("--omit=dev") && install.includes("--no-save"));
        assert.deepEqual(
            install?.slice(2).filter((word) => !word.startsWith("--")),
            ["@pulumi/azure-native", "@pulumi/pulumi", "esbuild"].map((name) => `${name}@${devDependencies[name]}`),
        );
        assert.deepEqual([build, more], [["build", "plugin"], []]);
    });

    it("installs nothing into a contributor's checkout, and builds so that the plugin is never stale", async () => {
        assert.deepEqual(await prepare({ hasSources: true, hasPackages: true }), [["build", "plugin"]]);
    });

    it("does nothing in the npm package, which has no sources", async () => {
        assert.deepEqual(await prepare({ hasSources: false, hasPackages: false }), []);
    });

    it("builds from this repository's sources alone, without any development package", () => {
        buildPackage();
        for (const file of ["index.js", "plugin.js"]) {
            assert.doesNotMatch(readFileSync(join(repositoryRoot, "dist", file), "utf8"), /^ *\/\/ node_modules\//m);
        }
    });
});

describe("a build of the package", function () {
    this.timeout(300_000);
    const build = () => run(process.execPath, [join(repositoryRoot, "build.mjs"), "types"]);

    it("works while another process builds, and takes no declaration away meanwhile", async () => {
        const folder = join(repositoryRoot, "dist/types/components/backend");
        if (!existsSync(join(folder, "check.d.ts"))) {
            await build();
        }
        const declared = readdirSync(folder);
        const changed = new Set<string>();
        const missing: string[] = [];
        const watcher = watch(folder, (_, name) => {
            changed.add(String(name));
            missing.push(...declared.filter((one) => !existsSync(join(folder, one))));
        });
        try {
            await Promise.all([build(), build()]);
            await until(() => changed.has("check.d.ts"), "the new declaration");
        } finally {
            watcher.close();
        }
        assert.deepEqual(missing, []);
    });
});
