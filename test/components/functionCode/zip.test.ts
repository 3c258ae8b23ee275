import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { listPackageFiles } from "../../../components/functionCode/files";
import { storePackage } from "../../../components/functionCode/zip";
import { functionFolder, smallestApp } from "../../support/functionFolder";

const newFolder = () => functionFolder({});
const filesWith = (text: string) => listPackageFiles(functionFolder({ ...smallestApp, "text.txt": text }));

describe("a stored package", () => {
    it("is a zip with the hash it says", () => {
        const { hash, path } = storePackage(filesWith("a"), newFolder());
        assert.equal(createHash("sha256").update(readFileSync(path)).digest("hex"), hash);
    });

    it("is not made again for the same content, wherever it lies", () => {
        const folder = newFolder();
        const first = storePackage(filesWith("a"), folder);
        utimesSync(first.path, new Date(1e12), new Date(1e12));
        assert.deepEqual(storePackage(filesWith("a"), folder), first);
        assert.equal(statSync(first.path).mtimeMs, 1e12);
    });

    it("is another one for other content", () => {
        const folder = newFolder();
        const [first, second] = [storePackage(filesWith("a"), folder), storePackage(filesWith("b"), folder)];
        assert.notEqual(first.hash, second.hash);
        assert.notEqual(first.path, second.path);
        // What one file has more, the next has less.
        const moved = (one: string, other: string) =>
            storePackage(listPackageFiles(functionFolder({ ...smallestApp, "x.txt": one, "y.txt": other })), folder)
                .hash;
        assert.notEqual(moved("ab", "c"), moved("a", "bc"));
    });

    it("leaves nothing unfinished behind, and keeps the twenty newest", () => {
        const folder = newFolder();
        for (let index = 0; index < 25; index++) {
            const { path } = storePackage(filesWith(String(index)), folder);
            utimesSync(path, index, index);
        }
        const left = readdirSync(folder);
        assert.equal(left.length, 20);
        assert.ok(left.every((name) => /^[0-9a-f]{64}\.zip$/.test(name)));
    });

    it("is made where it is told, and else in the cache of the project's packages", () => {
        const { path } = storePackage(filesWith("cached"));
        assert.equal(path.startsWith(join(__dirname, "../../../node_modules/.cache/azure-realtime/")), true);
        assert.equal(existsSync(path), true);
    });

    it("is what was read, when a file changes meanwhile", () => {
        const folder = newFolder();
        const files = filesWith("before");
        const text = files.find(({ path }) => path === "text.txt");
        assert.ok(text);
        const first = storePackage(files, folder);
        writeFileSync(text.source, "after");
        assert.notEqual(storePackage(files, folder).hash, first.hash);
        writeFileSync(text.source, "before");
        assert.equal(storePackage(files, folder).hash, first.hash);
    });
});
