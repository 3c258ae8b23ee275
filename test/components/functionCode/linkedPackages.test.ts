import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, realpathSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { listPackageFiles } from "../../../components/functionCode/files";
import { checkPackage } from "../../../components/functionCode/package";
import { serviceKinds } from "../../../components/shared/serviceKinds";
import { functionFolder } from "../../support/functionFolder";

/** A package whose version is its export, with the exports of its dependencies. */
function library(name: string, version: string, dependencies: readonly string[] = []): Record<string, string> {
    const needs = dependencies.map(
        (dependency) => `${JSON.stringify(dependency)}: require(${JSON.stringify(dependency)})`,
    );
    return {
        "package.json": JSON.stringify({
            name,
            version,
            dependencies: Object.fromEntries(dependencies.map((d) => [d, "*"])),
        }),
        "index.js": `exports.version = ${JSON.stringify(version)};\nexports.needs = () => ({ ${needs.join(", ")} });\n`,
    };
}

const under = (folder: string, files: Record<string, string>) =>
    Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]));

function link(folder: string, links: Record<string, string>): void {
    for (const [path, target] of Object.entries(links)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        symlinkSync(target, join(folder, path));
    }
}

/** Copies the package to another place, as a deployment does, and runs a line of code there. */
function runPacked(codePath: string, line: string): unknown {
    const target = mkdtempSync(join(realpathSync(tmpdir()), "packed-"));
    for (const { path, source } of listPackageFiles(codePath)) {
        mkdirSync(dirname(join(target, path)), { recursive: true });
        cpSync(source, join(target, path));
    }
    return JSON.parse(
        execFileSync(process.execPath, ["-p", `JSON.stringify(${line})`], { cwd: target, encoding: "utf8" }),
    );
}

const paths = (folder: string) => listPackageFiles(folder).map(({ path }) => path);

// The layout that pnpm 9 writes: https://pnpm.io/symlinked-node-modules-structure
describe("packages of pnpm", () => {
    const store = (name: string, version: string) =>
        `node_modules/.pnpm/${name.replace("/", "+")}@${version}/node_modules/${name}`;
    const app = (links: Record<string, string>, ...packages: Record<string, string>[]) => {
        const folder = functionFolder({
            "package.json": '{"main":"index.js"}',
            "index.js": "",
            "node_modules/.modules.yaml": "machine",
            "node_modules/.bin/a": "#!/bin/sh",
            ...Object.assign({}, ...packages),
        });
        link(folder, links);
        return folder;
    };

    it("are packed where they find each other, without the store", () => {
        const folder = app(
            {
                "node_modules/a": ".pnpm/a@1/node_modules/a",
                "node_modules/@s/c": "../.pnpm/@s+c@1/node_modules/@s/c",
                "node_modules/.pnpm/a@1/node_modules/b": "../../b@2/node_modules/b",
                "node_modules/.pnpm/@s+c@1/node_modules/@s/b": "../../../b@2/node_modules/b",
            },
            under(store("a", "1"), library("a", "1", ["b"])),
            under(store("b", "2"), library("b", "2")),
            under(store("@s/c", "1"), library("@s/c", "1")),
        );
        assert.deepEqual(paths(folder), [
            "index.js",
            "node_modules/@s/c/index.js",
            "node_modules/@s/c/package.json",
            "node_modules/a/index.js",
            "node_modules/a/package.json",
            "node_modules/b/index.js",
            "node_modules/b/package.json",
            "package.json",
        ]);
        assert.equal(runPacked(folder, 'require("a").needs().b.version'), "2");
    });

    it("keep their versions, also where one hides another", () => {
        const folder = app(
            {
                "node_modules/a": ".pnpm/a@1/node_modules/a",
                "node_modules/x": ".pnpm/x@1/node_modules/x",
                "node_modules/.pnpm/a@1/node_modules/p": "../../p@1/node_modules/p",
                "node_modules/.pnpm/a@1/node_modules/x": "../../x@2/node_modules/x",
                "node_modules/.pnpm/p@1/node_modules/x": "../../x@1/node_modules/x",
            },
            under(store("a", "1"), library("a", "1", ["p", "x"])),
            under(store("p", "1"), library("p", "1", ["x"])),
            under(store("x", "1"), library("x", "1")),
            under(store("x", "2"), library("x", "2")),
        );
        const line = '[require("x").version, require("a").needs().x.version, require("a").needs().p.needs().x.version]';
        assert.deepEqual(runPacked(folder, line), ["1", "2", "1"]);
    });

    it("may need each other in a circle", () => {
        const folder = app(
            {
                "node_modules/a": ".pnpm/a@1/node_modules/a",
                "node_modules/.pnpm/a@1/node_modules/b": "../../b@1/node_modules/b",
                "node_modules/.pnpm/b@1/node_modules/a": "../../a@1/node_modules/a",
            },
            under(store("a", "1"), library("a", "1", ["b"])),
            under(store("b", "1"), library("b", "1", ["a"])),
        );
        assert.equal(runPacked(folder, 'require("a").needs().b.needs().a.version'), "1");
        assert.equal(paths(folder).length, 6);
    });
});

// The layouts of npm and Yarn workspaces: links to folders of the same repository, whose packages lie further up.
describe("packages of a workspace", () => {
    it("are packed with what they load from outside of the folder", () => {
        const root = functionFolder({
            "app/package.json": '{"main":"index.js","dependencies":{"shared":"*"}}',
            "app/index.js": 'require("shared");',
            "app/host.json": '{"version":"2.0"}',
            ...under("shared", library("shared", "3", ["deep"])),
            "shared/node_modules/developer/index.js": "",
            ...under("node_modules/deep", library("deep", "4")),
        });
        link(root, { "app/node_modules/shared": "../../shared" });
        const codePath = join(root, "app");
        assert.equal(runPacked(codePath, 'require("shared").needs().deep.version'), "4");
        assert.ok(!paths(codePath).some((path) => path.includes("developer")));
        assert.deepEqual(checkPackage({ codePath, runtime: "node" }).faults, []);
    });

    it("are refused by name where the folder has no link to them", () => {
        const root = functionFolder({
            "app/package.json": '{"main":"index.js","dependencies":{"shared":"*","unused":"*","bundled":"*"}}',
            "app/index.js": 'import shared from "shared/sub";\nvar bundled = () => {};',
            "app/host.json": '{"version":"2.0"}',
            ...under("node_modules/shared", library("shared", "1")),
        });
        const { faults } = checkPackage({ codePath: join(root, "app"), runtime: "node" });
        assert.equal(faults.length, 1);
        assert.match(
            faults[0] ?? "",
            /^index\.js in .* loads packages that the package to deploy does not hold, shared: they are in .*node_modules, outside of the folder, where a workspace keeps packages\./,
        );
        assert.deepEqual(checkPackage({ codePath: join(root, "app"), runtime: "node", remoteBuild: true }).faults, []);
    });

    it("that link to the app itself end there", () => {
        const folder = functionFolder({ "package.json": '{"name":"app","main":"index.js"}', "index.js": "" });
        link(folder, { "node_modules/app": ".." });
        assert.deepEqual(paths(folder), ["index.js", "package.json"]);
    });

    it("that link to nothing are named", () => {
        const folder = functionFolder({
            "package.json": '{"main":"index.js"}',
            "index.js": "",
            "host.json": '{"version":"2.0"}',
        });
        link(folder, { "node_modules/gone": "../../nowhere", "node_modules/.bin/tool": "../gone/tool.js" });
        assert.deepEqual(checkPackage({ codePath: folder, runtime: "node" }).faults, [
            'node_modules/gone is a link to "../../nowhere", which does not exist. Install the packages again.',
        ]);
    });
});

describe(".funcignore that drops what the code needs", () => {
    const app = {
        "host.json": '{"version":"2.0"}',
        "package.json": '{"main":"dist/index.js","dependencies":{"left":"1"}}',
        "dist/index.js": 'const { app } = require("@azure/functions");\nimport("left");',
        ...under("node_modules/@azure/functions", library("@azure/functions", "4")),
        ...under("node_modules/left", library("left", "1")),
    };
    const faultsOf = (funcignore: string, more: Record<string, string> = {}, remoteBuild = false) => {
        const codePath = functionFolder({ ...app, ".funcignore": funcignore, ...more });
        return checkPackage({ codePath, runtime: "node", remoteBuild }).faults.join("\n");
    };

    it("is right where it drops what the code does not need", () => {
        assert.equal(faultsOf("*.ts\n.git*\nREADME.md\nnode_modules/typescript\n"), "");
    });

    // The official azd quickstart in TypeScript drops node_modules, and has Azure build the app.
    it("may drop node_modules with a remote build only", () => {
        for (const rule of ["node_modules", "node_modules/", "/node_modules/**"]) {
            assert.match(
                faultsOf(rule),
                /dist\/index\.js in .* loads packages that the package to deploy does not hold, @azure\/functions, left: \.funcignore leaves them out of node_modules.*remoteBuild on plan FlexConsumption/,
            );
        }
        assert.equal(faultsOf("node_modules", {}, true), "");
    });

    it("may drop node_modules where the code has the packages in it", () => {
        assert.equal(faultsOf("node_modules", { "dist/index.js": "var left = (() => 1)();" }), "");
    });

    it("may not drop one package", () => {
        assert.match(faultsOf("node_modules/left"), /does not hold, left: \.funcignore leaves them out/);
    });

    const dropped: [rule: string, message: RegExp, more?: Record<string, string>][] = [
        ["host.json", /has no host\.json: \.funcignore leaves it out/],
        ["*.json", /has no host\.json: \.funcignore leaves it out/],
        ["package.json", /neither package\.json nor <function>\/function\.json is there\. \.funcignore leaves it out/],
        [
            "dist",
            /main "dist\/index\.js" in package\.json matches no file, after \.funcignore\. \.funcignore leaves it out/,
        ],
        ...["dist/src/functions/*.js", "./dist/src/{index.js,functions/*.js}", "dist/src/**/*.js"].map(
            (main): [string, RegExp, Record<string, string>] => [
                "src",
                /matches no file, after \.funcignore\. \.funcignore leaves it out \("dist\/src[^)]*"\)\. A line such as src/,
                { "package.json": JSON.stringify({ main }), "dist/src/functions/a.js": "", "src/functions/a.ts": "" },
            ],
        ),
        [
            "lib",
            /scriptFile' property is set to a file that does not exist.*\.funcignore leaves it out/,
            {
                "fn/function.json": '{"scriptFile":"../lib/fn.js","bindings":[{"type":"httpTrigger","name":"req"}]}',
                "lib/fn.js": "",
            },
        ],
        ...["index.js", "index.mjs", "run.js"].map((script): [string, RegExp, Record<string, string>] => [
            `fn/${script}`,
            new RegExp(`Unable to determine the primary function script.*leaves it out \\("fn/${script}"\\)`),
            { "fn/function.json": '{"bindings":[{"type":"httpTrigger","name":"req"}]}', [`fn/${script}`]: "" },
        ]),
    ];
    for (const [rule, message, more] of dropped) {
        it(`may not drop what '${rule}' drops${more === undefined ? "" : ` of ${Object.values(more)[0]}`}`, () =>
            assert.match(faultsOf(rule, more), message));
    }
});

describe(".funcignore beside installed extensions", () => {
    const assembly = "Microsoft.Azure.WebJobs.Extensions.WebPubSubForSocketIO";
    const faultsOf = (more: Record<string, string>) => {
        const codePath = functionFolder({
            "host.json": '{"version":"2.0"}',
            "package.json": '{"main":"index.js"}',
            "index.js": "",
            ...more,
        });
        return checkPackage({ codePath, runtime: "node", kind: serviceKinds.socketio }).faults.join("\n");
    };
    const list = `{ // made by func\n 'extensions': [{ 'typeName': 'X.Startup, ${assembly}, Version=1.0.0.0' }, ] }`;

    for (const path of ["bin/extensions.json", "extensions.json", ".azurefunctions/extensions.json"]) {
        it(`is right where ${path} is packed`, () => assert.equal(faultsOf({ [path]: list }), ""));
    }

    it("may not drop their list", () => {
        const found = faultsOf({ "bin/extensions.json": list, ".funcignore": "bin" });
        assert.match(found, /no installed extensions\.json lists .*\.funcignore leaves out bin\/extensions\.json\./);
    });

    it("says what installs them where only their project is there", () => {
        assert.match(
            faultsOf({ "extensions.csproj": "<Project/>" }),
            /no installed extensions\.json.*run `func extensions sync`/,
        );
    });
});

// Source: FunctionLoadHandler.ts of azure-functions-nodejs-worker: a failed entry point fails every function.
describe("main beside function.json", () => {
    const files = {
        "host.json": '{"version":"2.0"}',
        "fn/function.json": '{"bindings":[{"type":"httpTrigger","name":"req"}]}',
        "fn/index.js": "",
    };
    const faultsOf = (json: string) =>
        checkPackage({ codePath: functionFolder({ ...files, "package.json": json }), runtime: "node" }).faults.join(
            "\n",
        );

    it("must name a file", () => {
        assert.match(
            faultsOf('{"main":"dist/index.js"}'),
            /main "dist\/index\.js" in package\.json matches no file.*The worker loads main before it loads a function\.json/,
        );
        assert.match(faultsOf('{"main":"fn\\\\index.js"}'), /a backslash escapes the character after it/);
        assert.equal(faultsOf('{"main":"fn/index.js"}'), "");
        assert.equal(faultsOf('{"main":"fn"}'), "");
    });

    it("may be left out, be of another type, or stand in a file that Node does not read", () => {
        for (const json of ["{}", '{"main":""}', '{"main":["a.js"]}', "// no JSON\n{}"]) {
            assert.equal(faultsOf(json), "");
        }
    });
});
