import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, linkSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { listPackageFiles } from "../../../components/functionCode/files";
import { checkPackage, sizeFault } from "../../../components/functionCode/package";
import { zipPackage } from "../../../components/functionCode/zip";
import { serviceKinds } from "../../../components/shared/serviceKinds";
import { functionFolder, smallestAppFor } from "../../support/functionFolder";

const smallestApp = smallestAppFor("socketio");
const kind = serviceKinds.socketio;
const hash = (folder: string) => zipPackage(listPackageFiles(folder)).hash;
const paths = (folder: string) => listPackageFiles(folder).map((file) => file.path);

describe("a package's files", () => {
    it("are sorted by code unit, with / between folders", () => {
        const folder = functionFolder({ "b.js": "", "a/c.js": "", "Z.js": "", "a.js": "", "ä.js": "" });
        assert.deepEqual(paths(folder), ["Z.js", "a.js", "a/c.js", "b.js", "ä.js"]);
    });

    it("leave out what .funcignore lists, in gitignore's words", () => {
        const folder = functionFolder({
            ".funcignore": "*.ts\n!keep.ts\nsrc/\n/only-here.txt\n",
            "index.js": "",
            "a.ts": "",
            "keep.ts": "",
            "src/x.js": "",
            "only-here.txt": "",
            "deep/only-here.txt": "",
        });
        assert.deepEqual(paths(folder), ["deep/only-here.txt", "index.js", "keep.ts"]);
    });

    it("never contain a developer's secrets, even if .funcignore includes them", () => {
        const folder = functionFolder({
            ".funcignore": "!local.settings.json\n!.git\n",
            "local.settings.json": "{}",
            ".git/config": "",
            ".vscode/settings.json": "",
            "node_modules/.cache/x": "",
            "node_modules/.package-lock.json": "",
            "node_modules/a/index.js": "",
            "__azurite_db_blob__.json": "",
        });
        assert.deepEqual(paths(folder), ["node_modules/a/index.js"]);
    });

    it("follow links to files and folders, but not in circles", () => {
        const folder = functionFolder({ "real/a.js": "a" });
        symlinkSync(join(folder, "real"), join(folder, "linked"));
        symlinkSync(folder, join(folder, "real/up"));
        symlinkSync(join(folder, "nowhere"), join(folder, "broken"));
        assert.deepEqual(paths(folder), ["linked/a.js", "real/a.js"]);
    });
});

describe("a package", () => {
    it("is the same for the same content, regardless of times, modes and folders", () => {
        const first = functionFolder();
        const second = functionFolder(Object.fromEntries(Object.entries(smallestApp).reverse()));
        utimesSync(join(second, "host.json"), new Date(0), new Date(1_000_000_000_000));
        chmodSync(join(second, "host.json"), 0o600);
        assert.equal(hash(first), hash(second));
    });

    it("differs for different content or a different name", () => {
        const base = hash(functionFolder());
        assert.notEqual(hash(functionFolder({ ...smallestApp, "dist/index.js": "1" })), base);
        assert.notEqual(hash(functionFolder({ ...smallestApp, "dist/other.js": "" })), base);
    });

    it("is the same whether or not two files are linked on disk", () => {
        const linked = functionFolder({ ...smallestApp, "a.js": "same" });
        linkSync(join(linked, "a.js"), join(linked, "b.js"));
        assert.equal(hash(linked), hash(functionFolder({ ...smallestApp, "a.js": "same", "b.js": "same" })));
    });

    it("is the same in every time zone and under every umask", () => {
        const folder = functionFolder();
        const script = `
            const { listPackageFiles } = require("./components/functionCode/files");
            const { zipPackage } = require("./components/functionCode/zip");
            process.umask(Number(process.argv[1]));
            process.stdout.write(zipPackage(listPackageFiles(process.argv[2])).hash);`;
        const inZone = (zone: string, umask: string) =>
            execFileSync(process.execPath, ["-r", "./test/support/typescript.js", "-e", script, umask, folder], {
                env: { ...process.env, TZ: zone },
                cwd: join(__dirname, "../../.."),
                encoding: "utf8",
            });
        assert.equal(inZone("Pacific/Kiritimati", "63"), hash(folder));
        assert.equal(inZone("America/Los_Angeles", "0"), hash(folder));
    });

    it("unzips to the original files, ready to run", () => {
        const files = { ...smallestApp, "dist/ä.txt": "grüße" };
        const { zip } = zipPackage(listPackageFiles(functionFolder(files)));
        const out = Object.entries(unzipSync(zip)).map(([path, bytes]) => [path, Buffer.from(bytes).toString()]);
        assert.deepEqual(Object.fromEntries(out), files);
        // The central directory says that the files come from Unix and that everybody may read and execute them.
        const entry = Buffer.from(zip).indexOf(Buffer.from("PK\x01\x02"));
        assert.equal(zip[entry + 5], 3);
        assert.equal(Buffer.from(zip).readUInt32LE(entry + 38) >>> 16, 0o100755);
    });
});

const host = (value: object) => ({ ...smallestApp, "host.json": JSON.stringify({ version: "2.0", ...value }) });
const functionJson = (scriptFile?: string) =>
    JSON.stringify({ scriptFile, bindings: [{ type: "httpTrigger", direction: "in", name: "req" }] });
const without = (path: string) => Object.fromEntries(Object.entries(smallestApp).filter(([name]) => name !== path));
const installed = (assembly: string) => ({
    ...host({ version: "2.0" }),
    "bin/extensions.json": JSON.stringify({
        extensions: [{ name: "x", typeName: `${assembly}.Startup, ${assembly}, Version=1.0.0.0` }],
    }),
});

const refused: [string, Record<string, string>, RegExp][] = [
    ["without host.json", without("host.json"), /has no host\.json\. Give the folder that holds it/],
    ["with a host.json that is not JSON", { ...smallestApp, "host.json": "{" }, /is not a JSON object/],
    ["with a host.json that is a list", { ...smallestApp, "host.json": "[]" }, /is not a JSON object/],
    [
        "with the bundle that lacks the binding",
        host({ extensionBundle: { id: "Microsoft.Azure.Functions.ExtensionBundle", version: "[4.*, 5.0.0)" } }),
        /"Microsoft\.Azure\.Functions\.ExtensionBundle" in host\.json does not hold the socketio binding\. The socketio binding is in Microsoft\.Azure\.Functions\.ExtensionBundle\.Preview/,
    ],
    [
        "with a bundle but no version",
        host({ extensionBundle: { id: "Microsoft.Azure.Functions.ExtensionBundle.Preview" } }),
        /has no version/,
    ],
    ["with neither bundle nor extensions", host({ version: "2.0" }), /names no extension bundle and no installed/],
    [
        "with another extension installed",
        installed("Microsoft.Azure.WebJobs.Extensions.WebPubSub"),
        /no installed extensions\.json lists Microsoft\.Azure\.WebJobs\.Extensions\.WebPubSubForSocketIO/,
    ],
    ["without package.json", without("package.json"), /neither package\.json nor <function>\/function\.json/],
    ["without main", { ...smallestApp, "package.json": "{}" }, /package\.json names no main file/],
    ["without the main file", without("dist/index.js"), /main "dist\/index\.js" in package\.json matches no file/],
    [
        "with the main file left out by .funcignore",
        { ...smallestApp, ".funcignore": "dist" },
        /matches no file, after \.funcignore/,
    ],
];

const taken: [string, Record<string, string>][] = [
    ["with a main file", smallestApp],
    ["with a main file after ./", { ...smallestApp, "package.json": '{"main":"./dist/index.js"}' }],
    [
        "with a pattern as main",
        { ...smallestApp, "package.json": '{"main":"dist/{index.js,functions/*.js}"}', "dist/functions/a.js": "" },
    ],
    ["with function.json", { ...without("package.json"), "chat/function.json": functionJson(), "chat/index.js": "" }],
    ["with the extension installed", installed("Microsoft.Azure.WebJobs.Extensions.WebPubSubForSocketIO")],
    ["with a byte order mark in host.json", { ...smallestApp, "host.json": `\uFEFF${smallestApp["host.json"]}` }],
];

describe("a code folder", () => {
    for (const [name, files, reason] of refused) {
        it(`${name} is refused`, () => {
            const { faults } = checkPackage({ codePath: functionFolder(files), runtime: "node", kind });
            assert.equal(faults.length, 1);
            assert.match(faults[0] ?? "", reason);
        });
    }
    for (const [name, files] of taken) {
        it(`${name} is accepted`, () => {
            const { faults } = checkPackage({ codePath: functionFolder(files), runtime: "node", kind });
            assert.deepEqual(faults, []);
        });
    }

    it("that is missing, a file, empty or not text is refused", () => {
        const folder = functionFolder({});
        writeFileSync(join(folder, "local.settings.json"), "{}");
        const faultOf = (codePath: string) => checkPackage({ codePath, runtime: "node", kind }).faults[0] ?? "";
        assert.match(faultOf(join(folder, "no")), /no" does not exist\. Build the function app first/);
        assert.match(faultOf(join(folder, "local.settings.json")), /is not a folder/);
        assert.match(faultOf(folder), /holds no file to deploy/);
        assert.match(faultOf(""), /is not a folder/);
    });

    it("with two faults reports both", () => {
        const files = { "host.json": "{}", "a.txt": "" };
        assert.equal(checkPackage({ codePath: functionFolder(files), runtime: "node", kind }).faults.length, 2);
    });

    it("that is huge is refused before any file is read", () => {
        const many = Array.from({ length: 65_536 }, () => ({ size: 1 }));
        assert.match(sizeFault("app", many) ?? "", /"app" holds 65536 files\. Allowed: 65535 at most/);
        assert.equal(sizeFault("app", many.slice(1)), undefined);
        assert.match(sizeFault("app", [{ size: 1024 ** 3 }, { size: 1 }]) ?? "", /holds 1025 MiB\. Allowed: 1024 MiB/);
        assert.equal(sizeFault("app", [{ size: 1024 ** 3 }]), undefined);
    });

    it("needs no bundle when it uses no extension", () => {
        const codePath = functionFolder(host({ version: "2.0" }));
        assert.deepEqual(checkPackage({ codePath, runtime: "node" }).faults, []);
    });

    it("may use the general bundle with the other services", () => {
        const bundle = { id: "Microsoft.Azure.Functions.ExtensionBundle", version: "[4.*, 5.0.0)" };
        const codePath = functionFolder(host({ extensionBundle: bundle }));
        for (const other of [serviceKinds.webpubsub, serviceKinds.signalr]) {
            assert.deepEqual(checkPackage({ codePath, runtime: "node", kind: other }).faults, []);
        }
    });

    for (const [runtime, entry, rest] of [
        ["python", "function_app.py", { ".python_packages/a.py": "" }],
        ["dotnet-isolated", "functions.metadata", { "worker.config.json": "{}" }],
        ["java", "chat/function.json", { "chat.jar": "" }],
        ["powershell", "chat/function.json", { "chat.jar": "" }],
    ] as const) {
        it(`of ${runtime} needs ${entry}`, () => {
            const files = { ...without("package.json"), ...rest };
            const question = { runtime, kind };
            assert.match(
                checkPackage({ ...question, codePath: functionFolder(files) }).faults[0] ?? "",
                /no entry point for/,
            );
            assert.deepEqual(
                checkPackage({
                    ...question,
                    codePath: functionFolder({ ...files, [entry]: functionJson("../chat.jar") }),
                }).faults,
                [],
            );
        });
    }
});
