import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { HostingPlan } from "../../../components";
import { checkPackage } from "../../../components/functionCode/package";
import { functionFolder } from "../../support/functionFolder";

// What .funcignore leaves out is not on Azure: the entry point that loads it fails (test/emulator/functions/entryPoint.test.ts), and so do
// all functions.

const app = (files: Record<string, string>) =>
    functionFolder({ "host.json": '{"version":"2.0"}', "package.json": '{"main":"index.js"}', ...files });
const faultsOf = (files: Record<string, string>) => checkPackage({ codePath: app(files), runtime: "node" }).faults;

describe("a file that .funcignore leaves out", () => {
    const needed: [how: string, files: Record<string, string>, fault: RegExp][] = [
        [
            "require",
            { "index.js": 'const a = require("./lib/a");' },
            /^index\.js in ".*" loads "\.\/lib\/a", which \.funcignore/,
        ],
        ["import", { "index.js": "import './lib/a.js';" }, /loads "\.\/lib\/a\.js"/],
        [
            "an import of several lines",
            { "index.js": 'import {\n    a,\n} from "./lib/a.js";' },
            /loads "\.\/lib\/a\.js"/,
        ],
        ["export", { "index.js": 'export * from "./lib/a.js";' }, /loads "\.\/lib\/a\.js"/],
        ["a compiler's export", { "index.js": '__exportStar(require("./lib/a"), exports);' }, /loads "\.\/lib\/a"/],
        ["a folder", { "index.js": 'const a = require("./lib");', "lib/index.js": "" }, /loads "\.\/lib"/],
        ["JSON", { "index.js": 'const a = require("./lib/words");', "lib/words.json": "{}" }, /loads "\.\/lib\/words"/],
        [
            "a file of the app in between",
            { "index.js": 'const b = require("./b");', "b.js": 'const a = require("./lib/a");' },
            /^b\.js in /,
        ],
        [
            "a function's script",
            {
                "package.json": "{}",
                "fn/function.json": '{"bindings":[{"type":"httpTrigger","name":"req"}]}',
                "fn/index.js": 'const a = require("../lib/a");',
            },
            /^fn\/index\.js in .* loads "\.\.\/lib\/a"/,
        ],
        [
            "a script that function.json names",
            {
                "package.json": "{}",
                "fn/function.json": '{"scriptFile":"../dist/fn.js", "bindings":[{"type":"httpTrigger","name":"req"}]}',
                "dist/fn.js": 'const a = require("../lib/a");',
            },
            /^dist\/fn\.js in /,
        ],
    ];
    for (const [how, files, fault] of needed) {
        it(`is refused where the code needs it, by ${how}`, () => {
            const faults = faultsOf({ "lib/a.js": "", ...files, ".funcignore": "lib" });
            assert.equal(faults.length, 1, faults.join("\n"));
            assert.match(faults[0] ?? "", fault);
        });
    }

    const fine: [why: string, files: Record<string, string>][] = [
        ["the code does not load it", { "index.js": "" }],
        [
            "only a script loads it that the worker does not",
            { "index.js": "", "build.js": 'const a = require("./lib/a");' },
        ],
        ["the code may do without it", { "index.js": 'if (process.env.DEV) {\n    require("./lib/a");\n}' }],
        ["the code loads it later", { "index.js": 'const later = () => require("./lib/a");' }],
        ["a comment names it", { "index.js": '// const a = require("./lib/a");\n/*\n * import "./lib/a";\n */' }],
        ["a text names it", { "index.js": 'log("see ./lib/a");' }],
        ["another file has the name", { "index.js": 'const a = require("./lib");', "lib.js": "" }],
    ];
    for (const [why, files] of fine) {
        it(`is fine where ${why}`, () => {
            assert.deepEqual(faultsOf({ "lib/a.js": "", ...files, ".funcignore": "lib/" }), []);
        });
    }

    // Azure runs all plans but Consumption on Linux, where the case of a name counts and on most laptops it does not.
    describe("or whose name differs by case", () => {
        const cases: [files: Record<string, string>, fault?: RegExp][] = [
            [
                { "index.js": 'const a = require("./Lib/a");' },
                /^index\.js in ".*" loads "\.\/Lib\/a", but the file is "lib\/a\.js"/,
            ],
            [{ "index.js": 'import "./lib/A.js";' }, /but the file is "lib\/a\.js": on Linux, case counts/],
            [{ "index.js": 'export * from "./LIB";', "lib/index.js": "" }, /but the file is "lib\/index\.js"/],
            [
                {
                    "index.js": 'const b = require("./b");',
                    "b.js": 'const W = require("./words");',
                    "Words.json": "{}",
                },
                /^b\.js in /,
            ],
            [{ "index.js": 'const a = require("./lib/a");' }],
            [{ "index.js": 'const a = require("./lib/gone");' }],
            [{ "index.js": 'const later = () => require("./LIB/a");' }],
        ];
        for (const [files, fault] of cases) {
            it(`is ${fault === undefined ? "fine" : "refused"}: ${files["index.js"]}`, () => {
                const faults = faultsOf({ "lib/a.js": "", ...files });
                assert.equal(faults.length, fault === undefined ? 0 : 1, faults.join("\n"));
                assert.match(faults.join(), fault ?? /^$/);
            });
        }

        it("is fine on Windows", () => {
            const codePath = app({ "index.js": 'const a = require("./LIB/A");', "lib/a.js": "" });
            assert.deepEqual(checkPackage({ codePath, runtime: "node", plan: HostingPlan.Consumption }).faults, []);
        });
    });

    it("is refused where it is a link to nothing that the code loads", () => {
        const codePath = app({ "index.js": 'const a = require("./a");' });
        symlinkSync("gone.js", join(codePath, "a.js"));
        symlinkSync("gone.md", join(codePath, "unused.md"));
        const { faults } = checkPackage({ codePath, runtime: "node" });
        assert.equal(faults.length, 1, faults.join("\n"));
        assert.match(faults[0] ?? "", /^index\.js in .* loads "\.\/a", a link to "gone\.js", which does not exist/);
    });

    it("is fine where two files load one another", () => {
        const files = { "index.js": 'const b = require("./b");', "b.js": 'const a = require("./index");' };
        assert.deepEqual(faultsOf(files), []);
    });
});
