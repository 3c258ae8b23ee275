import assert from "node:assert/strict";
import { join } from "node:path";
import { signingKey, signToken } from "../../../emulator/core/service/tokens";
import type { RealtimeService } from "../../../emulator/core/service/types";
import { openWebPubSubService } from "../../../emulator/webpubsub";
import { fixtures, openTestApp, type TestApp } from "../../support/functionApp";
import { openTestInspector, type TestInspector } from "../../support/inspector";
import { webPubSubId } from "../../support/webPubSubService";

const caller = { trace: "0af7651916cd43dd8448eb211c80319c", span: "b7ad6b7169203331" };

// The host gives a function its trace, as Azure's does, and leaves the app's own calls alone: without instrumentation they name no trace.
// Source: Azure/azure-functions-nodejs-library, src/InvocationContext.ts (traceContext), and
// Azure/azure-functions-nodejs-opentelemetry, src/instrumentation.ts, which does the rest in the app.
describe("the trace of a function's own calls", () => {
    let inspector: TestInspector;
    let test: TestApp;
    let service: RealtimeService;

    before(async () => {
        inspector = await openTestInspector();
        test = await openTestApp({
            codeFolder: join(fixtures, "traced"),
            isStopped: true,
            inspection: inspector.inspection,
        });
        service = await openWebPubSubService({ id: webPubSubId, name: "chat" }, test.core);
        service.setHub("chat", {});
        const tokens = ["instrumented", "plain", "byHand"].map((name) => {
            const path = `/api/hubs/chat/groups/${name}/:send?api-version=2024-12-01`;
            const token = signToken({
                key: signingKey(service.keys.primaryKey),
                claims: { aud: `${service.endpoint}${path.split("?")[0]}` },
                now: Date.now(),
                lifetimeSeconds: 600,
            });
            return [`TOKEN_${name}`, token];
        });
        await test.app.setAppSettings({
            AzureWebJobsSecretStorageType: "files",
            SERVICE: service.endpoint,
            ...Object.fromEntries(tokens),
        });
        await test.app.ready();
    });
    after(async () => {
        await service.close();
        await test.close();
        await inspector.close();
    });

    async function callOf(name: string) {
        const response = await fetch(test.url(`/api/${name}`), {
            method: "POST",
            headers: { traceparent: `00-${caller.trace}-${caller.span}-01` },
        });
        assert.equal(response.status, 202);
        const run = await inspector.event(
            (event) => event.kind === "function" && event.name === name && event.duration !== undefined,
            "the run",
        );
        const rest = await inspector.event(
            (event) => event.kind === "rest" && event.name.includes(`/groups/${name}/`) && event.duration !== undefined,
            "the call",
        );
        return { run, rest, told: await response.text() };
    }

    it("goes on in an app whose instrumentation takes the trace from context.traceContext", async () => {
        const { run, rest } = await callOf("instrumented");
        assert.equal(run.trace, caller.trace);
        assert.equal(rest.trace, caller.trace);
        assert.ok(rest.parent !== undefined && rest.parent !== run.span, "the call belongs to a span of the app");
        const kinds = (await inspector.events()).filter(({ trace }) => trace === caller.trace).map(({ kind }) => kind);
        assert.ok(["http", "function", "rest", "broadcast"].every((kind) => kinds.includes(kind as typeof run.kind)));
    });

    it("goes on where the code itself sends the header, right below the function", async () => {
        const { run, rest, told } = await callOf("byHand");
        assert.equal(told, `00-${run.trace}-${run.span}-01`);
        assert.deepEqual([rest.trace, rest.parent], [run.trace, run.span]);
    });

    it("ends in an app that is not instrumented: its calls begin traces of their own", async () => {
        const { run, rest } = await callOf("plain");
        assert.equal(run.trace, caller.trace);
        assert.notEqual(rest.trace, caller.trace);
        assert.equal(rest.parent, undefined);
    });
});
