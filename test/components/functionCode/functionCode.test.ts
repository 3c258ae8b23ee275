import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { FunctionCode, type FunctionCodeArgs } from "../../../components";
import { functionFolder, smallestAppFor } from "../../support/functionFolder";
import { known, plain, runProgram } from "../../support/pulumi";
import { refusalOf } from "../../support/refusals";

const make = (args: Partial<FunctionCodeArgs> = {}) =>
    new FunctionCode("code", { resourceGroupName: "group", codePath: functionFolder(), ...args });
const smallestApp = smallestAppFor("socketio");
const deploymentType = "azure-native:resources:Deployment";

describe("FunctionCode", () => {
    it("uploads the package under its hash, to an account for packages only", async () => {
        const run = await runProgram(() => make());
        assert.deepEqual(run.types(), [
            "azure-native:storage:Blob",
            "azure-native:storage:BlobContainer",
            "azure-native:storage:StorageAccount",
            "azure-realtime:index:FunctionCode",
            "random:index/randomString:RandomString",
        ]);
        const blob = run.find("azure-native:storage:Blob");
        const { path } = plain(blob, "source") as { path: string };
        const hash = createHash("sha256").update(readFileSync(path)).digest("hex");
        assert.equal(plain(blob, "blobName"), `${hash}/released-package.zip`);
        assert.equal(await known(run.result.packageHash), hash);
        assert.equal(
            await known(run.result.packageUri),
            `https://codeabc123.blob.core.windows.net/packages/${hash}/released-package.zip`,
        );
        assert.equal(plain(run.find("azure-native:storage:BlobContainer"), "publicAccess"), "None");
        assert.equal(plain(run.find("azure-native:storage:StorageAccount"), "allowBlobPublicAccess"), false);
        assert.equal(plain(run.find("azure-native:storage:StorageAccount"), "minimumTlsVersion"), "TLS1_2");
        assert.equal(run.result.functionAppName, undefined);
    });

    it("makes an app fetch the package with a signature that only the template creates", async () => {
        const run = await runProgram(() => make({ functionAppName: "my-app" }));
        const deployment = run.find(deploymentType);
        const hash = await known(run.result.packageHash);
        assert.deepEqual(plain(deployment, "properties.parameters"), {
            appName: { value: "my-app" },
            packageUrl: { value: `https://codeabc123.blob.core.windows.net/packages/${hash}/released-package.zip` },
            storageAccountId: { value: await known(run.result.packageAccountId) },
            canonicalizedResource: { value: `/blob/codeabc123/packages/${hash}/released-package.zip` },
            signedProtocol: { value: "https" },
        });
        assert.doesNotMatch(JSON.stringify(run.resources), /sig=/);
        assert.ok(run.comesAfter(deployment, run.find("azure-native:storage:Blob")));
        assert.deepEqual(run.invokes, []);
        assert.ok(run.result.functionAppName);
        assert.equal(await known(run.result.functionAppName), "my-app");
    });

    it("uses only template functions that exist", async () => {
        const run = await runProgram(() => make({ functionAppName: "my-app" }));
        const template = JSON.stringify(plain(run.find(deploymentType), "properties.template"));
        const used = [...template.matchAll(/([A-Za-z]+)\(/g)].map(([, name]) => name);
        assert.deepEqual([...new Set(used)].sort(), [
            "concat",
            "dateTimeAdd",
            "listServiceSas",
            "parameters",
            "utcNow",
            "variables",
        ]);
    });

    it("registers the same package without a change, and a different one after a change of the code", async () => {
        const inputs = async (files: Record<string, string>) => {
            const run = await runProgram(() => make({ codePath: functionFolder(files), functionAppName: "my-app" }));
            return JSON.stringify(run.find(deploymentType).inputs);
        };
        assert.equal(await inputs(smallestApp), await inputs(smallestApp));
        assert.notEqual(await inputs(smallestApp), await inputs({ ...smallestApp, "dist/index.js": "1" }));
    });
});

describe("A path that no system takes", () => {
    for (const [codePath, code] of [
        ["x".repeat(5000), "ENAMETOOLONG"],
        ["a\0b", "ERR_INVALID_ARG_VALUE"],
    ] as const) {
        it(`is refused by its name: ${code}`, async () => {
            const message = await refusalOf(() => make({ codePath }));
            assert.match(
                message,
                /^FunctionCode "code": codePath: \S+ cannot be read \([A-Z_]+\)\. Give a folder that can be\.$/,
            );
            assert.ok(message.includes(code), message);
        });
    }
});

describe("Several faults", () => {
    it("in a code folder are both reported", async () => {
        const message = await refusalOf(
            () => new FunctionCode("chat", { resourceGroupName: "g", codePath: functionFolder({ "a.txt": "" }) }),
        );
        assert.match(message, /codePath: .* has no host\.json[\s\S]*codePath: .* has no entry point for node/);
    });
});
