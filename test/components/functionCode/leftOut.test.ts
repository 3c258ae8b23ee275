import assert from "node:assert/strict";
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

    it("is fine where two files load one another", () => {
        const files = { "index.js": 'const b = require("./b");', "b.js": 'const a = require("./index");' };
        assert.deepEqual(faultsOf(files), []);
    });
});
