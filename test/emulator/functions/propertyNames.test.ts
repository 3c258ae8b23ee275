import assert from "node:assert/strict";
import { decodeJwt, UnsecuredJWT } from "jose";
import { models, type TestFunction } from "../../support/appFolder";
import { type FakeService, openFakeService } from "../../support/fakeService";
import { openTestApp, type TestApp } from "../../support/functionApp";
import { callWebhook, connected, invocation, message } from "../../support/signalRWebhook";

const key = "a-key-of-these-tests";
const http = { name: "$return", type: "http", direction: "out" };
const info = { name: "info", type: "SignalRConnectionInfo", direction: "in" };
const call = { name: "call", type: "SIGNALRTRIGGER", direction: "in" };

// Source: AttributeConverter.cs of azure-webjobs-sdk, which looks for each property of a binding without regard to case.
const functions: TestFunction[] = [
    {
        name: "hello",
        bindings: [
            {
                name: "req",
                type: "HTTPTRIGGER",
                direction: "IN",
                Route: "Say/{what}",
                AuthLevel: "Anonymous",
                METHODS: ["Post"],
            },
            http,
        ],
        handler: "async (_context, req) => ({ body: req.params.what })",
    },
    {
        name: "negotiate",
        bindings: [
            { name: "req", type: "httpTrigger", direction: "in", authlevel: "anonymous" },
            {
                ...info,
                ...{ HubName: "Odd", CONNECTIONSTRINGSETTING: "Other", UserID: "{query.u}" },
                ...{ IDToken: "{headers.x-token}", claimtypelist: ["city"] },
            },
            http,
        ],
        handler: `async (context) => ({ body: JSON.stringify(context.bindings?.info ?? context.extraInputs.get("info")) })`,
    },
    {
        name: "nowhere",
        bindings: [
            { name: "req", type: "httpTrigger", direction: "in", AUTHLEVEL: "anonymous" },
            { ...info, hubName: "odd", connectionStringSetting: " " },
            http,
        ],
        handler: "async () => ({})",
    },
    {
        name: "typed",
        bindings: [
            {
                ...call,
                ...{ HUBNAME: "odd", CATEGORY: "Messages", Event: "Typed", PARAMETERNAMES: ["who"] },
                ConnectionStringSetting: "Other",
            },
        ],
        handler: "async (context) => (context.triggerMetadata ?? context.bindingData).who",
    },
    {
        name: "unnamed",
        bindings: [{ ...call, hubName: "odd", category: "messages", event: "x", connectionStringSetting: "" }],
        handler: "async () => 1",
    },
    {
        name: "timed",
        bindings: [
            {
                name: "timer",
                type: "timerTrigger",
                direction: "in",
                Schedule: "0 0 0 1 1 *",
                RUNONSTARTUP: true,
                UseMonitor: false,
            },
        ],
        handler: `async (context) => { context.log("on time"); }`,
    },
];

for (const [model, write] of Object.entries(models)) {
    describe(`functions: names of properties in any case, ${model}`, () => {
        let test: TestApp;
        let service: FakeService;
        before(async () => {
            service = await openFakeService();
            test = await openTestApp({
                codeFolder: write(functions),
                settings: { Other: `Endpoint=http://localhost:${service.port};AccessKey=${key};` },
            });
        });
        after(async () => {
            await test.close();
            await service.close();
        });

        it("takes those of HTTP and timer triggers", async () => {
            assert.equal(await (await fetch(test.url("/api/say/hi"), { method: "POST" })).text(), "hi");
            assert.equal((await fetch(test.url("/api/say/hi"))).status, 404);
            await test.logged(/on time/);
        });

        it("takes those of SignalR bindings", async () => {
            const headers = { "x-token": new UnsecuredJWT({ city: "Ulm", street: "x" }).encode() };
            const answer = await fetch(test.url("/api/negotiate?u=ann"), { headers });
            const { url, accessToken } = JSON.parse(await answer.text()) as { url: string; accessToken: string };
            assert.equal(url, `${service.origin}/client/?hub=odd`);
            const { "asrs.s.uid": user, city, street } = decodeJwt(accessToken);
            assert.deepEqual([user, city, street], ["ann", "Ulm", undefined]);
            const { createHmac } = await import("node:crypto");
            const signature = createHmac("sha256", key)
                .update(connected["X-ASRS-Connection-Id"] ?? "")
                .digest("hex");
            const { status, body } = await callWebhook(test, {
                headers: message("typed", { "X-ASRS-Hub": "odd", "X-ASRS-Signature": `sha256=${signature}` }),
                body: invocation("typed", ["bob"]),
            });
            assert.deepEqual([status, JSON.parse(body.subarray(0, -1).toString()).result], [200, "bob"]);
        });

        it("refuses a connection without a name", async () => {
            assert.equal((await fetch(test.url("/api/nowhere"))).status, 500);
            const refusal = "is not allowed to be null or whitespace\\. Name an app setting, or leave it out";
            await test.logged(new RegExp(`connectionStringSetting of a SignalRConnectionInfo ${refusal}`));
            await test.logged(new RegExp(`The 'unnamed' function is in error: .* a SIGNALRTRIGGER ${refusal}`));
        });
    });
}
