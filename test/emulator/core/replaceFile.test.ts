import assert from "node:assert/strict";
import { type FileReplacer, replaceFile } from "../../../emulator/core/replaceFile";

/** A file system whose renames fail with each of these codes in order, and then succeed. */
function system(platform: NodeJS.Platform, ...codes: string[]): FileReplacer & { calls: string[] } {
    const calls: string[] = [];
    return {
        platform,
        calls,
        rename(from, to) {
            calls.push(`${from} to ${to}`);
            const code = codes.shift();
            if (code !== undefined) {
                throw Object.assign(new Error(code), { code });
            }
        },
        wait: (milliseconds) => void calls.push(`${milliseconds} ms`),
    };
}

describe("a file in the place of another", () => {
    it("is renamed once where nothing is in the way", () => {
        for (const platform of ["linux", "win32"] as const) {
            const files = system(platform);
            replaceFile("a", "b", files);
            assert.deepEqual(files.calls, ["a to b"]);
        }
    });

    it("waits on Windows for whoever has the old file open", () => {
        const files = system("win32", "EPERM", "EBUSY", "EACCES");
        replaceFile("a", "b", files);
        assert.deepEqual(files.calls, ["a to b", "10 ms", "a to b", "20 ms", "a to b", "50 ms", "a to b"]);
    });

    it("is given up on Windows after less than a second", () => {
        const files = system("win32", ...Array.from({ length: 20 }, () => "EPERM"));
        assert.throws(() => replaceFile("a", "b", files), { code: "EPERM" });
        assert.equal(files.calls.filter((call) => call === "a to b").length, 7);
    });

    it("is not tried again for another reason, nor on another system", () => {
        for (const files of [system("win32", "ENOENT"), system("linux", "EPERM"), system("darwin", "EACCES")]) {
            assert.throws(() => replaceFile("a", "b", files));
            assert.deepEqual(files.calls, ["a to b"]);
        }
    });
});
