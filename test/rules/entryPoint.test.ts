import assert from "node:assert/strict";
import { describeMissingEntryPoint, findEntryPoints } from "../../rules/entryPoint";

const paths = [
    "index.js",
    "host.json",
    "dist/index.js",
    "dist/index.js.map",
    "dist/functions/a.js",
    "dist/functions/b.js",
    "dist/functions/deep/c.js",
    "dist/.hidden/d.js",
    "dist/.e.js",
    "src/[id].js",
    "a b/c d.mjs",
];
const below = (folder: string) => paths.filter((path) => folder === "" || path.startsWith(`${folder}/`));
const files = {
    isFile: (path: string) => paths.includes(path),
    isFolder: (path: string) => below(path).length > 0 && !paths.includes(path),
    list: below,
};

// Sources: startApp.ts of azure-functions-nodejs-worker 3, and globby 11 with fast-glob 3, which it calls with the app's folder.
describe("main in package.json", () => {
    const cases: [main: string, found: string[]][] = [
        ["index.js", ["index.js"]],
        ["./index.js", ["index.js"]],
        ["././index.js", ["index.js"]],
        ["dist/index.js", ["dist/index.js"]],
        ["dist/*.js", ["dist/index.js"]],
        ["./dist/*.js", ["dist/index.js"]],
        ["dist/{index.js,functions/*.js}", ["dist/functions/a.js", "dist/functions/b.js", "dist/index.js"]],
        ["dist/functions/*.js", ["dist/functions/a.js", "dist/functions/b.js"]],
        ["dist/functions/**/*.js", ["dist/functions/a.js", "dist/functions/b.js", "dist/functions/deep/c.js"]],
        ["dist/**/*.js", ["dist/functions/a.js", "dist/functions/b.js", "dist/functions/deep/c.js", "dist/index.js"]],
        ["dist/functions/[ab].js", ["dist/functions/a.js", "dist/functions/b.js"]],
        ["dist/functions/?.js", ["dist/functions/a.js", "dist/functions/b.js"]],
        ["dist/functions/!(a).js", ["dist/functions/b.js"]],
        ["dist/functions/@(a|b).js", ["dist/functions/a.js", "dist/functions/b.js"]],
        ["{dist,src}/index.js", ["dist/index.js"]],
        ["dist/.hidden/*.js", ["dist/.hidden/d.js"]],
        ["dist/.*.js", ["dist/.e.js"]],
        ["**/c.js", ["dist/functions/deep/c.js"]],
        // A folder stands for every file in it, and the worker loads them all.
        ["dist/functions", ["dist/functions/a.js", "dist/functions/b.js", "dist/functions/deep/c.js"]],
        ["dist/functions/", ["dist/functions/a.js", "dist/functions/b.js", "dist/functions/deep/c.js"]],
        ["a b/c d.mjs", ["a b/c d.mjs"]],
        ["src/\\[id\\].js", ["src/[id].js"]],
        // A backslash escapes, so that this is distindex.js.
        ["dist\\index.js", []],
        ["Index.js", []],
        ["dist/index", []],
        ["dist/main.js", []],
        ["dist/*.ts", []],
        ["index.js/", []],
        ["build", []],
        ["!dist/*.js", []],
        ["#index.js", []],
        // Each of these was run through globby 11.1.
        [".", paths.filter((path) => !/\/\./.test(path)).sort()],
        ["./", paths.filter((path) => !/\/\./.test(path)).sort()],
        ["dist//index.js", ["dist/index.js"]],
        [".//index.js", ["index.js"]],
        ["dist/./index.js", ["dist/index.js"]],
        ["dist/../index.js", ["index.js"]],
        ["dist/functions/.", ["dist/functions/a.js", "dist/functions/b.js", "dist/functions/deep/c.js"]],
        ["dist/functions/(a|b).js", ["dist/functions/a.js", "dist/functions/b.js"]],
        ["(dist|src)/index.js", ["dist/index.js"]],
        ["dist/functions/**.js", ["dist/functions/a.js", "dist/functions/b.js"]],
        [
            "**.js",
            [
                "dist/functions/a.js",
                "dist/functions/b.js",
                "dist/functions/deep/c.js",
                "dist/index.js",
                "index.js",
                "src/[id].js",
            ],
        ],
        ["**index.js", ["index.js"]],
        ["/index.js", []],
        ["/dist/index.js", []],
        ["../app/index.js", []],
        ["../app/*.js", []],
        ["dist/../../app/*.js", []],
        ["!(x).js", []],
        [" index.js", []],
        ["index.js ", []],
    ];
    for (const [main, found] of cases) {
        it(`'${main}' finds ${found.join(", ") || "nothing"}`, () =>
            assert.deepEqual(findEntryPoints(main, files), found));
    }

    for (const [main, reason] of [
        ["dist/main.js", "File does not exist"],
        ["index.js", "File does not exist. Learn more here: https://aka.ms/AAla7et"],
        ["dist/*.ts", "Found zero files matching the supplied pattern"],
        ["dist\\main.js", "Found zero files matching the supplied pattern"],
        ["!main.js", "Found zero files matching the supplied pattern"],
        ["main[1].js", "Found zero files matching the supplied pattern"],
        ["main(1).js", "File does not exist"],
        ["{main}.js", "File does not exist"],
        ["/index.js", "File does not exist"],
    ] as const) {
        it(`'${main}' that finds nothing is named in the worker's words`, () => {
            assert.equal(describeMissingEntryPoint(main), `Worker was unable to load entry point "${main}": ${reason}`);
        });
    }
});
