import assert from "node:assert/strict";
import { type BackendArgs, SignalRBackend, SocketIOBackend, WebPubSubBackend } from "../../../components";
import { functionFolder, smallestApp } from "../../support/functionFolder";
import { known, runProgram } from "../../support/pulumi";
import { refusalOf } from "../../support/refusals";

const app = "https://chat-app-abc123.azurewebsites.net";
const previewBundle = JSON.parse(smallestApp["host.json"] ?? "") as object;
const codeWith = (routePrefix: string) =>
    functionFolder({
        ...smallestApp,
        "host.json": JSON.stringify({ ...previewBundle, extensions: { http: { routePrefix } } }),
    });

for (const Backend of [SocketIOBackend, WebPubSubBackend, SignalRBackend]) {
    describe(`The negotiateUrl of ${Backend.name}`, () => {
        const urlOf = async (args: Partial<BackendArgs>) => {
            const codePath = functionFolder();
            const run = await runProgram(() => new Backend("chat", { codePath, ...args }));
            return known(run.result.negotiateUrl);
        };

        it("starts with the route prefix of host.json", async () => {
            assert.equal(await urlOf({ codePath: codeWith("") }), `${app}/negotiate`);
            assert.equal(await urlOf({ codePath: codeWith("/v1/chat/") }), `${app}/v1/chat/negotiate`);
        });

        it("ends with the function that is named", async () => {
            assert.equal(await urlOf({ negotiateFunctionName: "signIn" }), `${app}/api/signIn`);
        });

        it("needs the name of a function", async () => {
            const codePath = functionFolder();
            assert.equal(
                await refusalOf(() => new Backend("chat", { codePath, negotiateFunctionName: "sign/in" })),
                `${Backend.name} "chat": negotiateFunctionName: "sign/in" is not a function name. Allowed: 1-128 letters, digits, underscores and hyphens, a letter first.`,
            );
        });
    });
}
