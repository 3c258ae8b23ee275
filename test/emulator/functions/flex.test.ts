import assert from "node:assert/strict";
import path from "node:path";
import { flexListeners, type PlanSku } from "../../../emulator/functions";
import { fixtures, openTestApp, type TestApp, type TestAppOptions } from "../../support/functionApp";

const connection = "Endpoint=http://localhost;Port=8080;AccessKey=7aab239577fd4f24bc919802fb629f5f;Version=1.0;";
const signature = "sha256=7767effcb3946f3e1de039df4b986ef02c110b1469d02c0a06f41b3b727ab561";
const flex = { sku: "FlexConsumption" } as const;

// Source: azure-functions-host, FunctionGroupListenerDecorator and BindingMetadataExtensions.
describe("functions: listeners of the plan", () => {
    let test: TestApp | undefined;
    afterEach(async () => {
        await test?.close();
        test = undefined;
    });

    async function open(folder: string, options: TestAppOptions & { more?: Record<string, string> }): Promise<TestApp> {
        const { more, ...rest } = options;
        test = await openTestApp({
            codeFolder: path.join(fixtures, folder),
            ...rest,
            settings: {
                WebPubSubForSocketIOConnectionString: connection,
                WebPubSubConnectionString: connection,
                ...more,
            },
        });
        await test.app.ready();
        return test;
    }

    async function send(extension: string, method: string, more: Record<string, string> = {}): Promise<number> {
        const { systemKeys } = await test!.app.hostKeys();
        const code = encodeURIComponent(systemKeys[`${extension}_extension`] ?? "");
        const response = await fetch(test!.url(`/runtime/webhooks/${extension}?code=${code}`), {
            method,
            headers: { "WebHook-Request-Origin": "localhost", ...more },
        });
        await response.text();
        return response.status;
    }

    const sendEvent = (extension: string, method = "POST") =>
        send(extension, method, {
            "ce-hub": "testhub",
            "ce-type": "azure.webpubsub.sys.connected",
            "ce-eventName": "connected",
            "ce-connectionId": "0f9c97a2f0bf4706afe87a14e0797b11",
            "ce-namespace": "/",
            "ce-socketId": "socketId",
            "ce-signature": signature,
        });

    it("know their origin, and no Socket.IO", () => {
        assert.match(flexListeners.source, /azure-functions-host.*11489/);
        assert.match(flexListeners.date, /^\d{4}-\d\d-\d\d$/);
        assert.deepEqual(flexListeners.triggers, [
            "httpTrigger",
            "eventGridTrigger",
            "signalRTrigger",
            "assistantSkillTrigger",
            "webPubSubTrigger",
        ]);
    });

    it("leave out Socket.IO on Flex Consumption: listed, validated, and events answered with 404", async () => {
        const { app, logged, url } = await open("v4", flex);
        assert.ok(app.functions().includes("connected"));
        const { message } = await logged(/'connected' belongs to group function:connected/);
        assert.match(message, /not to group http.*no listener of its socketIOTrigger is enabled.*404/i);
        assert.equal(await send("socketio", "OPTIONS"), 200);
        assert.equal(await send("socketio", "GET"), 200);
        assert.equal(await sendEvent("socketio"), 404);
        assert.equal(await sendEvent("socketio", "PUT"), 404);
        assert.equal(await (await fetch(url("/api/slow?ms=0"))).text(), "none");
    });

    for (const sku of ["Dynamic", "ElasticPremium", "Dedicated"] satisfies PlanSku[]) {
        it(`all start on ${sku}`, async () => {
            await open("v4", { sku });
            assert.equal(await sendEvent("socketio"), 200);
            assert.equal(await sendEvent("socketio", "PUT"), 400);
        });
    }

    it("start for Socket.IO on a later host whose list has it", async () => {
        await open("v4", { ...flex, flexListeners: { triggers: ["httpTrigger", "SocketIOTrigger"] } });
        assert.equal(await sendEvent("socketio"), 200);
    });

    it("follow a change of the list", async () => {
        const { app } = await open("v4", flex);
        assert.equal(await sendEvent("socketio"), 404);
        await app.update({ flexListeners: { triggers: ["socketIOTrigger"] } });
        assert.equal(await sendEvent("socketio"), 200);
    });

    it("start for Web PubSub on Flex Consumption", async () => {
        await open("webpubsub", flex);
        assert.equal(await send("webpubsub", "OPTIONS"), 200);
        assert.equal(await sendEvent("webpubsub"), 200);
    });

    // Source: azure-functions-host issue 11493, and IsValidAbuseProtectionOrigin of the extension since 1.10.1.
    it("without Web PubSub, as before pull request 11489, refuse even the validation", async () => {
        await open("webpubsub", { ...flex, flexListeners: { triggers: ["httpTrigger", "signalRTrigger"] } });
        assert.equal(await send("webpubsub", "OPTIONS"), 400);
        assert.equal(await sendEvent("webpubsub"), 404);
    });

    it("keep timers, which run on other instances on Azure", async () => {
        const { entries } = await open("timers", { ...flex, more: { Schedule: "0 0 0 1 1 *" } });
        assert.ok(!entries.some(({ message }) => /belongs to group/.test(message)));
        await test!.logged(/atStart: past due/);
    });
});
