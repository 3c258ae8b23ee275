import assert from "node:assert/strict";
import type { FunctionRuntime } from "../../../components";
import { checkPackage } from "../../../components/functionCode/package";
import { functionFolder } from "../../support/functionFolder";

const host = { "host.json": JSON.stringify({ version: "2.0" }) };
const trigger = (scriptFile?: string) =>
    JSON.stringify({ scriptFile, bindings: [{ type: "httpTrigger", direction: "in", name: "req" }] });

/** What each language's own build leaves in the folder that is deployed. */
const finished: Record<FunctionRuntime, Record<string, string>> = {
    node: { ...host, "package.json": '{"main":"dist/{index,other}.js"}', "dist/index.js": "" },
    python: {
        ...host,
        "function_app.py": "import azure.functions as func\napp = func.FunctionApp()\n",
        "requirements.txt": "azure-functions\n",
        ".python_packages/lib/site-packages/azure/functions/__init__.py": "",
    },
    "dotnet-isolated": {
        ...host,
        "functions.metadata": "[]",
        "worker.config.json": "{}",
        "Chat.dll": "",
        ".azurefunctions/function.deps.json": "{}",
    },
    java: { ...host, "chat-1.0.jar": "", "negotiate/function.json": trigger("../chat-1.0.jar") },
    powershell: { ...host, "profile.ps1": "", "negotiate/function.json": trigger(), "negotiate/run.ps1": "" },
};

describe("a code folder", () => {
    for (const [runtime, files] of Object.entries(finished) as [FunctionRuntime, Record<string, string>][]) {
        it(`of ${runtime} is packed whole, as its build left it`, () => {
            const found = checkPackage({ codePath: functionFolder(files), runtime });
            assert.deepEqual(found.faults, []);
            assert.deepEqual(
                found.files.map(({ path }) => path),
                Object.keys(files).sort(),
            );
        });
    }

    const without = (runtime: FunctionRuntime, path: string) => {
        const { [path]: _, ...rest } = finished[runtime];
        return rest;
    };
    const packages = ".python_packages/lib/site-packages/azure/functions/__init__.py";
    const refused: [string, FunctionRuntime, Record<string, string>, RegExp][] = [
        ["without Python packages", "python", without("python", packages), /holds no \.python_packages, .*remoteBuild/],
        ["without functions", "python", without("python", "function_app.py"), /neither function_app\.py nor/],
        [
            "before dotnet publish",
            "dotnet-isolated",
            without("dotnet-isolated", "functions.metadata"),
            /functions\.metadata is not there/,
        ],
        [
            "of sources of .NET",
            "dotnet-isolated",
            without("dotnet-isolated", "worker.config.json"),
            /worker\.config\.json is not there/,
        ],
        [
            "without its jar",
            "java",
            without("java", "chat-1.0.jar"),
            /names the scriptFile "\.\.\/chat-1\.0\.jar", which is not there/,
        ],
        [
            "of sources of Java",
            "java",
            without("java", "negotiate/function.json"),
            /no <function>\/function\.json is there/,
        ],
        [
            "without functions",
            "powershell",
            without("powershell", "negotiate/function.json"),
            /no <function>\/function\.json/,
        ],
    ];
    for (const [what, runtime, files, message] of refused) {
        it(`of ${runtime} ${what} is refused`, () => {
            const { faults } = checkPackage({ codePath: functionFolder(files), runtime });
            assert.match(faults.join("\n"), message);
        });
    }

    it("of Python without packages may be built on Azure, from its requirements.txt", () => {
        const folder = functionFolder(without("python", packages));
        assert.deepEqual(checkPackage({ codePath: folder, runtime: "python", remoteBuild: true }).faults, []);
        const bare = { ...without("python", packages) };
        delete bare["requirements.txt"];
        const { faults } = checkPackage({ codePath: functionFolder(bare), runtime: "python", remoteBuild: true });
        assert.match(faults.join("\n"), /has no requirements\.txt/);
    });

    const triggers: [FunctionRuntime, string, string][] = [
        ["node", "dist/index.js", 'app.generic("c",{trigger:{type:"socketIOTrigger"}})'],
        ["python", "function_app.py", '@app.generic_trigger(arg_name="r", type="socketiotrigger")'],
        ["dotnet-isolated", "functions.metadata", '[{"bindings":[{"type":"SocketIOTrigger"}]}]'],
        ["java", "negotiate/function.json", '{"scriptFile":"../chat-1.0.jar","bindings":[{"type":"socketiotrigger"}]}'],
        ["powershell", "negotiate/function.json", '{"bindings":[{"type":"socketiotrigger"}]}'],
    ];
    for (const [runtime, path, text] of triggers) {
        it(`of ${runtime} is read for a Socket.IO trigger`, () => {
            const codePath = functionFolder({ ...finished[runtime], [path]: text });
            assert.equal(checkPackage({ codePath, runtime }).socketIOTrigger, path);
            const plain = functionFolder(finished[runtime]);
            assert.equal(checkPackage({ codePath: plain, runtime }).socketIOTrigger, undefined);
        });
    }

    it("is not read for triggers in the packages of others", () => {
        const files = { ...finished.node, "node_modules/other/index.js": '"socketiotrigger"' };
        assert.equal(checkPackage({ codePath: functionFolder(files), runtime: "node" }).socketIOTrigger, undefined);
    });
});
