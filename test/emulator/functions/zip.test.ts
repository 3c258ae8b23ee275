import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Zippable, zipSync } from "fflate";
import { makeTemporaryFolder } from "../../../emulator/core/temporaryFolder";
import { unpack } from "../../../emulator/functions/package/unpack";
import { listEntries } from "../../../emulator/functions/package/zip";
import { seededRandom } from "../../support/seededRandom";

const utf8 = (text: string) => new TextEncoder().encode(text);
const seed = Number(process.env.ZIP_SEED ?? Date.now() % 1_000_000);
const { whole } = seededRandom(seed);

/** A package with a stored and a deflated file. */
const sample = () =>
    zipSync({
        "host.json": [utf8('{"version":"2.0"}'), { level: 0 }],
        "src/index.js": utf8("module.exports = 1;\n".repeat(200)),
        "empty.txt": new Uint8Array(),
        "schön/ünï.txt": utf8("x"),
    });

/** Where a four-byte signature begins, the last one. */
function lastOf(bytes: Uint8Array, signature: number): number {
    const zip = Buffer.from(bytes);
    const wanted = Buffer.alloc(4);
    wanted.writeUInt32LE(signature);
    return zip.lastIndexOf(wanted);
}

/** A copy with a 32-bit number changed, a distance behind the last header of a kind. */
function changed(header: number, distance: number, to: (value: number) => number): Uint8Array {
    const zip = Buffer.from(sample());
    const at = lastOf(zip, header) + distance;
    zip.writeUInt32LE(to(zip.readUInt32LE(at)) >>> 0, at);
    return zip;
}

const typescript = join(__dirname, "../../support/typescript.js");

/** Unpacks a package in a process of its own, and prints by how much that raised the most memory that the process ever had. */
const measure = `
    const { unpack } = require(${JSON.stringify(join(__dirname, "../../../emulator/functions/package/unpack"))});
    const { readFileSync, statSync } = require("node:fs");
    const bytes = readFileSync(process.env.PACKAGE);
    const most = () => process.resourceUsage().maxRSS * 1024;
    const before = most();
    unpack({ bytes, name: "large" }).then((folder) => {
        const { size } = statSync(folder + "/zeros.bin");
        process.stdout.write(JSON.stringify({ size, grown: most() - before }));
    });`;

describe("functions: the zip of a package", () => {
    // All folders of this process lie in one.
    const place = dirname(makeTemporaryFolder("zip-test"));
    const folders = () => readdirSync(place).sort();

    async function refused(bytes: Uint8Array, message: RegExp): Promise<void> {
        const before = folders();
        await assert.rejects(unpack({ bytes, name: "app" }), (error: Error) => {
            assert.match(error.message, message);
            assert.doesNotMatch(error.message, /EISDIR|EEXIST|ENAMETOOLONG|ENOTDIR/);
            return true;
        });
        assert.deepEqual(folders(), before, "the refused package left a folder");
    }

    it("is unpacked byte by byte: stored, deflated, empty, with any name and in folders", async () => {
        const large = new Uint8Array(randomBytes(300_000));
        const folder = await unpack({
            bytes: zipSync({
                ...(listedFiles() as Zippable),
                "large.bin": large,
                "__proto__/a": utf8("p"),
                "dir/": [new Uint8Array(), {}],
            }),
            name: "app",
        });
        assert.deepEqual(new Uint8Array(readFileSync(join(folder, "large.bin"))), large);
        assert.equal(readFileSync(join(folder, "__proto__/a"), "utf8"), "p");
        assert.equal(readFileSync(join(folder, "schön/ünï.txt"), "utf8"), "x");
        assert.equal(readFileSync(join(folder, "empty.txt"), "utf8"), "");
        assert.equal(statSync(join(folder, "dir")).isDirectory(), true);
        rmSync(folder, { recursive: true });
    });

    function listedFiles(): Record<string, Uint8Array> {
        return { "empty.txt": new Uint8Array(), "schön/ünï.txt": utf8("x") };
    }

    it("is refused with one byte of any file's content changed", async () => {
        const zip = sample();
        for (const { offset, compressedSize, name } of listEntries(zip).filter((entry) => entry.compressedSize > 0)) {
            const start = offset + 30 + Buffer.byteLength(name);
            for (const at of new Set([start, start + compressedSize - 1, start + whole(compressedSize)])) {
                const damaged = zip.slice();
                damaged[at]! ^= 1;
                await refused(damaged, /The package is damaged: file '.+' ?: .+\. It was not unpacked\./);
            }
        }
    });

    it(`is whole or refused after any one byte is changed, and never cut or changed in silence (ZIP_SEED=${seed})`, async () => {
        const zip = sample();
        const contents = await contentsOf(zip);
        for (let round = 0; round < 400; round += 1) {
            const damaged = zip.slice();
            damaged[whole(zip.length)] = whole(256);
            const before = folders();
            const found = await contentsOf(damaged).catch((error: Error) => {
                assert.match(error.message, /package/);
                return undefined;
            });
            assert.deepEqual(folders(), before);
            // A changed date, attribute or name leaves each content as it was.
            assert.ok(found === undefined || found.every((text) => contents.includes(text)), `round ${round}`);
        }
    });

    it("is refused when it is cut anywhere", async () => {
        const zip = sample();
        for (let length = 0; length < zip.length; length += 1 + whole(9)) {
            await refused(zip.slice(0, length), /The package (is not a zip file that can be read|is damaged)/);
        }
    });

    for (const [title, bytes, message] of [
        ["says less than its size", () => changed(0x02014b50, 24, (size) => size + 1), /directory says/],
        ["says more than its size", () => changed(0x02014b50, 24, () => 0), /has more bytes than|directory says/],
        ["has another checksum", () => changed(0x02014b50, 16, (crc) => crc ^ 1), /checksum is wrong/],
        ["claims 4 GB", () => changed(0x02014b50, 24, () => 0xfffffffe), /larger than 1073741824 bytes/],
        ["lies elsewhere", () => changed(0x02014b50, 42, (at) => at + 1), /not where the directory says/],
        ["uses another compression", () => changed(0x02014b50, 10, (value) => (value & 0xffff0000) | 14), /method 14/],
        ["is encrypted", () => changed(0x02014b50, 8, (value) => value | 1), /is encrypted/],
        [
            "is more than the directory counts",
            () => changed(0x06054b50, 8, () => 0x00010001),
            /more than the 1 entries/,
        ],
        [
            "is missing, so that the directory counts too many",
            () => changed(0x06054b50, 8, () => 0x00090009),
            /damaged/,
        ],
    ] as const) {
        it(`is refused when an entry ${title}`, () => refused(bytes(), message));
    }

    for (const [title, files, message] of [
        ["a file where a folder is needed", { a: "1", "a/b": "2" }, /'a\/b', but also a file 'a'/],
        ["a folder where a file is needed", { "a/b": "2", a: "1" }, /'a\/b', but also a file 'a'/],
        ["a name of 300 bytes", { ["n".repeat(300)]: "1" }, /whose name is too long/],
        ["a path of 2,000 characters", { [`${"d/".repeat(1000)}f`]: "1" }, /whose name is too long/],
        ["a file named .", { "a/.": "1" }, /is no name of a file/],
        ["a file without a name", { "": "1" }, /is no name of a file/],
        ["a file outside", { "../a": "1" }, /outside of its folder/],
    ] as const) {
        it(`is refused with ${title}`, () =>
            refused(
                zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, utf8(text)]))),
                message,
            ));
    }

    it("takes the later one of two entries with one name, as other programs do", async () => {
        const zip = Buffer.from(zipSync({ aa: [utf8("one"), { level: 0 }], ab: [utf8("two"), { level: 0 }] }));
        for (let at = zip.indexOf("ab"); at >= 0; at = zip.indexOf("ab", at + 1)) {
            zip.write("aa", at);
        }
        assert.deepEqual(await contentsOf(zip), ["two"]);
    });

    it("is refused with more files than anybody deploys", async () => {
        const many: Zippable = {};
        for (let index = 0; index < 100_001; index += 1) {
            many[String(index)] = [new Uint8Array(), { level: 0 }];
        }
        await refused(zipSync(many), /has 100001 files|not a zip file/);
    });

    it("is refused by the number of files that it states, before any of them is read", () => {
        const zip = Buffer.from(zipSync({ a: new Uint8Array() }));
        zip.writeUInt16LE(11, zip.length - 12);
        assert.throws(() => listEntries(zip, 10), { name: "TooManyEntriesError", count: 11 });
        zip.writeUInt16LE(1, zip.length - 12);
        assert.equal(listEntries(zip, 1).length, 1);
    });

    for (const [title, options] of [
        ["deflated", { level: 1 }],
        ["stored", { level: 0 }],
    ] as const) {
        it(`is written piece by piece: a ${title} file of 200 MB takes no more memory than the package itself`, () => {
            const folder = makeTemporaryFolder("large-zip");
            const file = join(folder, "large.zip");
            writeFileSync(file, zipSync({ "zeros.bin": [new Uint8Array(200_000_000), options] }));
            const output = execFileSync(process.execPath, ["-r", typescript, "-e", measure], {
                env: { ...process.env, PACKAGE: file },
                encoding: "utf8",
            });
            const { size, grown } = JSON.parse(output) as { size: number; grown: number };
            assert.equal(size, 200_000_000);
            assert.ok(grown < 100_000_000, `${grown} bytes`);
            rmSync(folder, { recursive: true });
        });
    }

    async function contentsOf(bytes: Uint8Array): Promise<string[]> {
        const folder = await unpack({ bytes, name: "app" });
        try {
            const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
                entry.isFile(),
            );
            return names.map(({ parentPath, name }) => readFileSync(join(parentPath, name), "utf8")).sort();
        } finally {
            rmSync(folder, { recursive: true, force: true });
        }
    }
});
