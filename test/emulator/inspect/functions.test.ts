import assert from "node:assert/strict";
import path from "node:path";
import { WebSocket } from "ws";
import type { InspectEvent } from "../../../emulator/core/inspect";
import type { RealtimeService } from "../../../emulator/core/service/types";
import { roles } from "../../../emulator/identity";
import { openWebPubSubService } from "../../../emulator/webpubsub";
import { fixtures, openTestApp, type TestApp } from "../../support/functionApp";
import { openTestInspector, type TestInspector } from "../../support/inspector";
import { until } from "../../support/until";
import { webPubSubId } from "../../support/webPubSubService";

const principal = { principalId: "22222222-0000-0000-0000-000000000001", clientId: "c1", resourceId: "/sites/app" };

describe("the inspector of a function app", () => {
    let inspector: TestInspector;
    let test: TestApp;
    let service: RealtimeService;

    before(async () => {
        inspector = await openTestInspector();
        test = await openTestApp({
            codeFolder: path.join(fixtures, "webpubsubLegacy"),
            identities: { systemAssigned: principal },
            isStopped: true,
            unansweredMilliseconds: 100,
            inspection: inspector.inspection,
        });
        service = await openWebPubSubService({ id: webPubSubId, name: "chat" }, test.core);
        await test.app.setAppSettings({
            AzureWebJobsSecretStorageType: "files",
            WebPubSubConnectionString__serviceUri: service.endpoint,
            WebPubSubConnectionString__credential: "managedidentity",
        });
        const { systemKeys } = await test.app.hostKeys();
        setHub(systemKeys.webpubsub_extension as string);
    });
    after(async () => {
        await service.close();
        await test.close();
        await inspector.close();
    });

    function setHub(code: string): void {
        const urlTemplate = test.url(`/runtime/webhooks/webpubsub?code=${encodeURIComponent(code)}`);
        service.setHub("chat", {
            anonymousConnectPolicy: "allow",
            eventHandlers: [{ urlTemplate, userEventPattern: "*" }],
        });
    }

    async function send(text: string): Promise<InspectEvent> {
        const socket = new WebSocket(`${service.endpoint.replace("http", "ws")}/client/hubs/chat`);
        socket.on("error", () => undefined);
        await until(() => socket.readyState === WebSocket.OPEN, "the connection");
        socket.send(text);
        const sent = await inspector.event(({ kind, data }) => kind === "clientEvent" && data === text, text);
        await inspector.event(
            ({ kind, trace }) => ["answer", "why"].includes(kind) && trace === sent.trace,
            "a result",
        );
        socket.terminate();
        return sent;
    }

    const ofTrace = async ({ trace }: InspectEvent): Promise<InspectEvent[]> =>
        (await inspector.events()).filter((event) => event.trace === trace);

    it("shows the refusal of a call whose app has no role, and the line that gives it", async () => {
        const sent = await send("no role");
        const why = await inspector.event(
            ({ code, trace }) => code === "roleMissing" && trace === sent.trace,
            "a cause",
        );
        const events = await ofTrace(sent);
        assert.match(why.message ?? "", /Web PubSub Service Owner/);
        assert.match(why.fix ?? "", /RoleAssignment/);
        assert.ok(events.some(({ kind, outcome }) => kind === "rest" && outcome === "failed"));
    });

    it("joins a client's event, the function, its log, its call and the broadcast by one trace", async () => {
        test.core.identity.assignRole({
            id: "owner",
            principalId: principal.principalId,
            roleId: roles.webPubSubServiceOwner,
            scope: webPubSubId,
        });
        const sent = await send("hello");
        await inspector.event(
            ({ kind, trace, duration }) => kind === "function" && trace === sent.trace && duration !== undefined,
            "the run",
        );
        const events = await ofTrace(sent);
        const find = (kind: string): InspectEvent => {
            const found = events.find((event) => event.kind === kind);
            assert.ok(found, `no ${kind} among ${events.map((event) => event.kind).join(", ")}`);
            return found;
        };
        const [upstream, run, rest, broadcast] = [find("upstream"), find("function"), find("rest"), find("broadcast")];
        assert.equal(upstream.parent, sent.span);
        assert.equal(run.parent, upstream.span);
        assert.equal(rest.parent, run.span);
        assert.equal(broadcast.parent, rest.span);
        assert.deepEqual([run.app, run.outcome], ["app", "ok"]);
        assert.ok((broadcast.count ?? 0) >= 1);
        assert.match(upstream.url ?? "", /\/runtime\/webhooks\/webpubsub$/);
        assert.ok(run.start >= upstream.start - 5 && (run.duration ?? 0) <= (upstream.duration ?? 0) + 5);
    });

    it("lets no key or token into a recording", async () => {
        await send("hello again");
        const { systemKeys, masterKey } = await test.app.hostKeys();
        const text = JSON.stringify([await inspector.events(), await inspector.state()]);
        for (const secret of [
            ...Object.values(systemKeys),
            masterKey,
            service.keys.primaryKey,
            service.keys.secondaryKey,
        ]) {
            assert.ok(!text.includes(secret) && !text.includes(encodeURIComponent(secret)));
        }
        assert.doesNotMatch(text, /eyJ[\w-]+\.eyJ/);
        assert.match(text, /"[Aa]uthorization":"\*\*\*"/);
        assert.match(text, /"ce-signature":"\*\*\*"/);
    });

    it("says that the key of the URL does not fit, and which line holds it", async () => {
        setHub("wrong");
        const sent = await send("wrong key");
        const why = (await ofTrace(sent)).find(({ code }) => code === "keyRefused");
        assert.match(why?.message ?? "", /Abuse protection.*401/);
        assert.match(why?.fix ?? "", /urlTemplate .*webhooks\/webpubsub\?code=…/);
    });

    it("shows an HTTP call with its function, and a call that its key did not open", async () => {
        const response = await fetch(test.url("/api/context"));
        const http = await inspector.event(
            ({ kind, duration }) => kind === "http" && duration !== undefined,
            "the call",
        );
        assert.equal(http.status, response.status);
    });

    it("lists the functions, and calls one with the app's own key", async () => {
        const { apps } = await inspector.state();
        assert.equal(apps[0]?.name, "app");
        assert.ok(apps[0]?.functions.some(({ trigger }) => /webPubSubTrigger/i.test(trigger)));
        const { status, body } = await inspector.act({ do: "call", app: "app", function: "context", method: "POST" });
        assert.equal(status, 200);
        assert.equal((body.result as InspectEvent).status, 400);
        const unknown = await inspector.act({ do: "call", app: "app", function: "nothing" });
        assert.deepEqual(unknown, {
            status: 400,
            body: { error: "There is no function 'nothing'. Functions are: context, message." },
        });
    });
});
