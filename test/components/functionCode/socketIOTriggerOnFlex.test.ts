import assert from "node:assert/strict";
import { FunctionCode, type FunctionCodeArgs, SocketIOBackend, type SocketIOBackendArgs } from "../../../components";
import { functionFolder, smallestAppFor } from "../../support/functionFolder";
import { plain, runProgram } from "../../support/pulumi";
import { refusalOf } from "../../support/refusals";

const { "host.json": host = "" } = smallestAppFor("socketio");
const bindings = (scriptFile: string) =>
    JSON.stringify({ scriptFile, bindings: [{ type: "socketiotrigger", hub: "h", eventName: "e", name: "request" }] });

/** A folder of each language with a Socket.IO trigger, and the file that declares it. */
const folders: [NonNullable<FunctionCodeArgs["runtime"]>, string, Record<string, string>][] = [
    [
        "node",
        "dist/index.js",
        {
            "package.json": '{"main":"dist/index.js"}',
            "dist/index.js": 'app.generic("chat", { trigger: trigger.generic({ type: "socketiotrigger" }) });',
        },
    ],
    [
        "python",
        "function_app.py",
        {
            "function_app.py": '@app.generic_trigger(arg_name="request", type="socketiotrigger")',
            ".python_packages/lib/site-packages/a.py": "",
        },
    ],
    ["java", "chat/function.json", { "chat/function.json": bindings("../chat.jar"), "chat.jar": "" }],
    ["powershell", "chat/function.json", { "chat/function.json": bindings("run.ps1"), "chat/run.ps1": "" }],
    [
        "dotnet-isolated",
        "functions.metadata",
        { "functions.metadata": '[{"bindings":[{"type":"SocketIOTrigger"}]}]', "worker.config.json": "{}" },
    ],
];

describe("A Socket.IO trigger on Flex Consumption", () => {
    for (const [runtime, path, files] of folders) {
        it(`in ${runtime} is refused before anything is made, with the reports of it and what to use instead`, async () => {
            const codePath = functionFolder({ "host.json": host, ...files });
            const args = { resourceGroupName: "group", codePath, runtime };
            assert.equal(
                await refusalOf(() => new FunctionCode("chat", args)),
                `FunctionCode "chat": plan: ${path} in "${codePath}" has a Socket.IO trigger, which FlexConsumption does not start: ` +
                    "Azure answers its events with 404, as reported in https://github.com/Azure/azure-webpubsub/issues/877 and " +
                    "https://github.com/Azure/azure-functions-host/issues/11493. " +
                    "Use plan Consumption, Dedicated or ElasticPremium, or set allowSocketIOTriggerOnFlex to try it all the same.",
            );
            const allowed = await runProgram(
                () => new FunctionCode("chat", { ...args, allowSocketIOTriggerOnFlex: true }),
            );
            assert.equal(allowed.names("azure-native:storage:Blob").length, 1);
            const dedicated = await runProgram(() => new FunctionCode("chat", { ...args, plan: "Dedicated" }));
            assert.equal(dedicated.names("azure-native:storage:Blob").length, 1);
        });
    }

    const codeIn = (language: string) => {
        const [, , files = {}] = folders.find(([runtime]) => runtime === language) ?? [];
        return functionFolder({ "host.json": host, ...files });
    };

    it("is refused by a backend too, unless its one argument lets it be tried", async () => {
        const make = (args: Partial<SocketIOBackendArgs>) =>
            new SocketIOBackend("chat", { codePath: codeIn("node"), plan: "FlexConsumption", ...args });
        assert.match(
            await refusalOf(() => make({})),
            /^SocketIOBackend "chat": plan: dist\/index\.js in .* has a Socket\.IO trigger/,
        );
        const tried = await runProgram(() => make({ allowSocketIOTriggerOnFlex: true }));
        assert.equal(plain(tried.find("azure-native:web:AppServicePlan"), "sku.name"), "FC1");
    });

    it("is not there by default: Socket.IO goes to Consumption, and Python to Dedicated", async () => {
        const planOf = async (runtime: "node" | "python") => {
            const codePath = codeIn(runtime);
            const made = await runProgram(() => new SocketIOBackend("chat", { codePath, runtime }));
            return plain(made.find("azure-native:web:AppServicePlan"), "sku.name");
        };
        assert.equal(await planOf("node"), "Y1");
        assert.equal(await planOf("python"), "B1");
    });
});
