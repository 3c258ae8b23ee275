import assert from "node:assert/strict";
import path from "node:path";
import { createEnvironment } from "../../../emulator/functions/environment";
import { placeOf } from "../../../emulator/functions/host/worker/loadFile";
import { checkName } from "../../../emulator/functions/package/unpack";
import { killTree, type ProcessSystem } from "../../../emulator/functions/processTree";

describe("functions: names in a package", () => {
    const folder = "C:\\Temp\\app";
    for (const name of ["index.js", "dist/index.js", "dist/", "a b/ä.js", "..a/b..js"]) {
        it(`'${name}' is inside of the folder on every system`, () => {
            checkName(name, "linux");
            checkName(name, "win32");
            for (const [paths, place] of [
                [path.posix, "/tmp/app"],
                [path.win32, folder],
            ] as const) {
                assert.doesNotMatch(paths.relative(place, paths.join(place, name)), /^\.\.(?:[\\/]|$)/);
            }
        });
    }

    for (const name of ["../x", "a/../../x", "/x", "..\\x", "a\\b", "\\\\server\\share\\x", "C:\\x", "a\0b"]) {
        it(`'${name.replace("\0", "\\0")}' is refused on every system`, () => {
            for (const system of ["linux", "win32"] as const) {
                assert.throws(() => checkName(name, system), /which would be outside of its folder/);
            }
        });
    }

    for (const name of ["C:/x", "C:x", "index.js:stream"]) {
        it(`'${name}' is refused on Windows only`, () => {
            checkName(name, "linux");
            assert.throws(() => checkName(name, "win32"), /whose name Windows cannot hold/);
        });
    }
});

describe("functions: where a script failed to load", () => {
    const cases: [stack: string, place: string | undefined][] = [
        ["/app/dist/index.js:2\nthis is not\n\nSyntaxError: Unexpected identifier", "/app/dist/index.js:2"],
        ["file:///app/index.mjs:3\nx\n\nSyntaxError: y", "/app/index.mjs:3"],
        ["C:\\app (x86)\\dist\\index.js:2\nthis is not\n\nSyntaxError: y", "C:\\app (x86)\\dist\\index.js:2"],
        ["file:///C:/app/index.mjs:3\nx\n\nSyntaxError: y", "C:/app/index.mjs:3"],
        ["Error: no\n    at Object.<anonymous> (/app/index.js:7:1)\n    at x (/y.js:1:1)", "/app/index.js:7"],
        ["Error: no\n    at run (C:\\app\\index.js:7:1)", "C:\\app\\index.js:7"],
        ["Error: no\n    at run (file:///C:/app/index.mjs:7:1)", "C:/app/index.mjs:7"],
        ["Error: no\n    at run (node:internal/modules:7:1)", undefined],
    ];
    for (const [stack, place] of cases) {
        it(`${place ?? "nowhere"}: ${stack.split("\n").slice(0, 2).join(" ")}`, () => {
            assert.equal(placeOf(Object.assign(new Error(), { stack })), place);
        });
    }

    it("is shown from the app's folder, on Windows too", () => {
        const place = placeOf(Object.assign(new Error(), { stack: "file:///C:/app/dist/index.mjs:3\nx" }));
        assert.equal(path.win32.relative("C:\\app", place ?? ""), "dist\\index.mjs:3");
    });
});

describe("functions: the end of a process and of what it started", () => {
    function killedBy(system: Pick<ProcessSystem, "platform" | "systemRoot">): unknown[] {
        const calls: unknown[] = [];
        killTree(7, {
            ...system,
            kill: (...call) => void calls.push(call),
            run: (...call) => void calls.push(call),
        });
        return calls;
    }

    it("is a signal to the process group on Linux and macOS", () => {
        for (const platform of ["linux", "darwin"] as const) {
            assert.deepEqual(killedBy({ platform, systemRoot: undefined }), [[-7, "SIGKILL"]]);
        }
    });

    it("is taskkill with the tree on Windows, wherever Windows is", () => {
        for (const [systemRoot, file] of [
            ["D:\\Win", "D:\\Win\\System32\\taskkill.exe"],
            [undefined, "C:\\Windows\\System32\\taskkill.exe"],
        ] as const) {
            assert.deepEqual(killedBy({ platform: "win32", systemRoot }), [[file, ["/PID", "7", "/T", "/F"]]]);
        }
    });
});

describe("functions: PATH of an app", () => {
    const platform = { options: { id: "", name: "app" }, hostName: "localhost:1", instanceId: "i", homeFolder: "/h" };

    it("holds the system's own folders on Linux and macOS", () => {
        assert.match(
            createEnvironment({ settings: {}, platform, system: "darwin" }).PATH ?? "",
            /^\/usr\/local\/sbin:/,
        );
    });

    it("is left to Node on Windows, where that list would hide the system's folders", () => {
        assert.equal("PATH" in createEnvironment({ settings: {}, platform, system: "win32" }), false);
    });
});
