import assert from "node:assert/strict";
import { decodeJwt } from "jose";
import { withTexts } from "../../../emulator/functions/host/bindings/texts";
import { readBindings } from "../../../rules/bindings";
import { appFolder, legacyApp } from "../../support/appFolder";
import { openTestApp, type TestApp } from "../../support/functionApp";

const http = [
    { name: "req", type: "httpTrigger", direction: "in", authLevel: "anonymous" },
    { name: "$return", type: "http", direction: "out" },
];
const connection = "Endpoint=http://localhost;Port=1;AccessKey=a-key-of-the-tests-which-signs-tokens;Version=1.0;";
const settings = {
    Wps: connection,
    WebPubSubForSocketIOConnectionString: connection,
    AzureSignalRConnectionString: connection,
};

/** The user of a negotiated token. */
function userOf(text: string): unknown {
    const info = JSON.parse(text) as { token?: string; accessToken?: string };
    const claims = decodeJwt((info.token ?? info.accessToken)!);
    return claims.sub ?? claims["asrs.s.uid"];
}

// Source: AttributeConverter.cs of azure-webjobs-sdk, CreateDirect: names ignore case, and numbers become texts.
describe("functions: properties of bindings in another case", () => {
    const other = Object.entries({
        webPubSubConnection: { HUB: "h", Connection: "Wps", UserID: 42 },
        socketIONegotiation: { Hub: "h", USERID: true },
        signalRConnectionInfo: { HubName: "h", connectionstringsetting: "Wps", userid: "u" },
    });
    let test: TestApp;
    before(async () => {
        const functions = other.map(([name, more]) => ({
            name,
            bindings: [...http, { name: "info", type: name, direction: "in", ...more }],
            handler: `async (context) => ({ body: JSON.stringify(context.bindings.info) })`,
        }));
        test = await openTestApp({ codeFolder: legacyApp(functions), settings });
    });
    after(() => test.close());

    for (const [index, [name]] of other.entries()) {
        it(`are known to ${name}`, async () => {
            const response = await fetch(test.url(`/api/${name}`));
            assert.equal(userOf(await response.text()), ["42", "True", "u"][index]);
        });
    }

    it("are known to triggers, and the exact name comes first", () => {
        const trigger = { name: "t", type: "webPubSubTrigger", direction: "in" as const };
        assert.deepEqual(
            readBindings([
                { ...trigger, Hub: "a", hub: "b", EVENTNAME: 5, CONNECTIONS: ["c"], Other: 1, schedule: 2 },
            ]).map(withTexts)[0],
            { ...trigger, hub: "b", eventName: "5", connections: ["c"], Other: 1, schedule: 2 },
        );
    });
});

// Source: fromCoreFunctionMetadata.ts and handleDefaultEnumCase.ts of azure-functions-nodejs-worker.
describe("functions: what the worker of version 4 refuses while the app loads", () => {
    const trigger = `name: "t", type: "timerTrigger", schedule: "0 0 0 1 1 *"`;
    const wrong = (options: string) => `app.generic("wrong", { ${options}, handler: () => undefined });`;
    const cases: [statement: string, message: RegExp][] = [
        [
            wrong(`trigger: { ${trigger}, dataType: "Binary" }`),
            /Unexpected value "Binary" for type "CoreRpcBindingDataType"\. Known are undefined, string, binary, stream/,
        ],
        [
            wrong(`trigger: { ${trigger} }, extraInputs: [{ name: "i", type: "signalRConnectionInfo", dataType: 1 }]`),
            /Unexpected value "1" for type "CoreRpcBindingDataType"/,
        ],
        [
            wrong(`trigger: { ${trigger} }, retry: { strategy: "FixedDelay", maxRetryCount: 1, delayInterval: 1 }`),
            /Unexpected value "FixedDelay" for type "CoreRpcRetryStrategy"/,
        ],
        [
            `require("@azure/functions-core").registerFunction({ name: "x", bindings: { t: { direction: "sideways" } } });`,
            /Unexpected value "sideways" for type "CoreRpcBindingDirection"\. Known are in, out, inout/,
        ],
    ];
    for (const [statement, message] of cases) {
        it(`refuses ${statement}`, async () => {
            const folder = appFolder({
                "package.json": JSON.stringify({ main: "index.js" }),
                "index.js": `const { app } = require("@azure/functions");
                    app.http("before", { authLevel: "anonymous", handler: () => ({ body: "x" }) });
                    ${statement}`,
            });
            const test = await openTestApp({ codeFolder: folder });
            try {
                assert.equal((await test.logged(message)).level, "error");
                assert.equal((await fetch(test.url("/api/before"))).status, 404);
            } finally {
                await test.close();
            }
        });
    }
});
