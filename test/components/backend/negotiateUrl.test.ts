import assert from "node:assert/strict";
import type { BackendArgs, RealtimeExtension } from "../../../components";
import { backends, codePaths } from "../../support/backend";
import { functionFolder, smallestAppFor } from "../../support/functionFolder";
import { known, runProgram } from "../../support/pulumi";
import { refusalOf } from "../../support/refusals";

const app = "https://chat-app-abc123.azurewebsites.net";
const codeWith = (extension: RealtimeExtension, routePrefix: string) => {
    const files = smallestAppFor(extension);
    const host = JSON.parse(files["host.json"] ?? "") as object;
    return functionFolder({
        ...files,
        "host.json": JSON.stringify({ ...host, extensions: { http: { routePrefix } } }),
    });
};

for (const { Backend, extension } of backends) {
    const codePath = codePaths[extension];
    describe(`The negotiateUrl of ${Backend.name}`, () => {
        const urlOf = async (args: Partial<BackendArgs>) => {
            const run = await runProgram(() => new Backend("chat", { codePath, ...args }));
            return known(run.result.negotiateUrl);
        };

        it("starts with the route prefix of host.json", async () => {
            assert.equal(await urlOf({ codePath: codeWith(extension, "") }), `${app}/negotiate`);
            assert.equal(await urlOf({ codePath: codeWith(extension, "/v1/chat/") }), `${app}/v1/chat/negotiate`);
        });

        it("ends with the given function's name", async () => {
            assert.equal(await urlOf({ negotiateFunctionName: "signIn" }), `${app}/api/signIn`);
        });

        it("needs the name of a function", async () => {
            assert.equal(
                await refusalOf(() => new Backend("chat", { codePath, negotiateFunctionName: "sign/in" })),
                `${Backend.name} "chat": negotiateFunctionName: "sign/in" is not a function name. Allowed: 1-128 letters, digits, underscores and hyphens, a letter first.`,
            );
        });
    });
}
