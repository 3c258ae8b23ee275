import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { listPackageFiles } from "../../../components/functionCode/files";
import { storePackage } from "../../../components/functionCode/zip";
import { functionFolder, smallestAppFor } from "../../support/functionFolder";

const smallestApp = smallestAppFor("socketio");
const newFolder = () => functionFolder({});
const filesWith = (text: string) => listPackageFiles(functionFolder({ ...smallestApp, "text.txt": text }));

describe("a stored package", () => {
    it("is a zip with the returned hash", () => {
        const { hash, path } = storePackage(filesWith("a"), newFolder());
        assert.equal(createHash("sha256").update(readFileSync(path)).digest("hex"), hash);
    });

    it("is not written again for the same content, whatever its folder", () => {
        const folder = newFolder();
        const first = storePackage(filesWith("a"), folder);
        utimesSync(first.path, new Date(1e12), new Date(1e12));
        assert.deepEqual(storePackage(filesWith("a"), folder), first);
        assert.equal(statSync(first.path).mtimeMs, 1e12);
    });

    it("differs for different content", () => {
        const folder = newFolder();
        const [first, second] = [storePackage(filesWith("a"), folder), storePackage(filesWith("b"), folder)];
        assert.notEqual(first.hash, second.hash);
        assert.notEqual(first.path, second.path);
        // Moves a character from one file to the next.
        const moved = (one: string, other: string) =>
            storePackage(listPackageFiles(functionFolder({ ...smallestApp, "x.txt": one, "y.txt": other })), folder)
                .hash;
        assert.notEqual(moved("ab", "c"), moved("a", "bc"));
    });

    it("leaves no unfinished file behind, and keeps the twenty newest", () => {
        const folder = newFolder();
        for (let index = 0; index < 25; index++) {
            const { path } = storePackage(filesWith(String(index)), folder);
            utimesSync(path, index, index);
        }
        const left = readdirSync(folder);
        assert.equal(left.length, 20);
        assert.ok(left.every((name) => /^[0-9a-f]{64}\.zip$/.test(name)));
    });

    it("is written to the given folder, or by default to the cache in node_modules", () => {
        const { path } = storePackage(filesWith("cached"));
        assert.equal(path.startsWith(join(__dirname, "../../../node_modules/.cache/azure-realtime/")), true);
        assert.equal(existsSync(path), true);
    });

    it("contains the current content when a file changes after it was listed", () => {
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
