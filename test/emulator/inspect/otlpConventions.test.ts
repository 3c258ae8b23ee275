import assert from "node:assert/strict";
import type { EventFields, EventKind } from "../../../emulator/core/inspect";
import { createInspection, type Inspection, type Inspector } from "../../../emulator/inspect";
import { restRouteOf } from "../../../emulator/inspect/otlp/places";
import { FakeClock } from "../../support/clock";
import { attributesOf, groupsOf, requireConventional, type Signal } from "../../support/otlp";

type Part = Record<string, unknown>;

const url = "http://localhost:7071/runtime/webhooks/webpubsub";

describe("the names of the export to OpenTelemetry", () => {
    let clock: FakeClock;
    let sent: { signal: Signal; body: unknown }[];
    let inspection: Inspection;
    let inspector: Inspector;

    beforeEach(async () => {
        clock = new FakeClock();
        sent = [];
        const fake = (async (address: string, init: RequestInit) => {
            sent.push({ signal: address.split("/").at(-1) as Signal, body: JSON.parse(String(init.body)) });
            return new Response("{}");
        }) as typeof fetch;
        inspection = createInspection({ otlp: "http://localhost:4318", fetch: fake });
        inspector = await inspection.open({ clock, log: () => undefined, servers: {} });
        inspection.probes.services.add({
            id: "chat",
            name: "chat",
            product: "webpubsub",
            endpoint: "https://localhost:8443",
            hubs: () => [{ name: "room", connections: 2, groups: [] }],
        } as unknown as Parameters<typeof inspection.probes.services.add>[0]);
        inspection.probes.apps.add({
            id: "app",
            name: "app",
            url: "http://localhost:7071",
            record: () => undefined,
            functions: () =>
                [
                    ["message", "webPubSubTrigger"],
                    ["tick", "timerTrigger"],
                    ["item", "httpTrigger", "/api/items/{id:int}/{part?}"],
                    ["files", "httpTrigger", "/api/files/{*path}"],
                    ["stored", "blobTrigger"],
                    ["odd", "someTrigger"],
                ].map(([name = "", trigger = "", route]) => ({
                    name,
                    trigger,
                    state: "running",
                    ...(route !== undefined && { route }),
                })),
        } as unknown as Parameters<typeof inspection.probes.apps.add>[0]);
    });
    afterEach(() => inspector.close());

    /** The spans of what was recorded. */
    async function spans(): Promise<Part[]> {
        await clock.advance(10_000);
        for (const { signal, body } of sent) {
            requireConventional(signal, body);
        }
        return sent
            .filter(({ signal }) => signal === "traces")
            .flatMap(({ body }) => groupsOf("traces", body).flatMap(({ items }) => items));
    }

    async function spanOf(kind: EventKind, fields: EventFields): Promise<{ span: Part; attributes: Part }> {
        inspection.recorder.begin(kind, fields).end();
        const [span] = await spans();
        assert.ok(span);
        return { span, attributes: attributesOf(span) };
    }

    it("knows the trigger of an app that is gone when its last events are sent", async () => {
        const [app] = inspection.probes.apps;
        assert.ok(app);
        inspection.recorder.begin("function", { name: "message", app: "app" }).end();
        inspection.probes.apps.delete(app);
        const [span] = await spans();
        assert.equal(attributesOf(span ?? {})["faas.trigger"], "pubsub");
    });

    it("keeps to the schema and the registry in all kinds of events, failed and not", async () => {
        const service = { service: "chat", product: "webpubsub", hub: "room" } as const;
        const kinds: [EventKind, EventFields][] = [
            ["clientEvent", { name: "hello", ...service, connection: "c", user: "ann", bytes: 3 }],
            ["upstream", { name: `POST ${url}`, url, ...service }],
            ["function", { name: "message", app: "app" }],
            ["log", { name: "message", app: "app", message: "a line", level: "warn" }],
            ["answer", { name: "hello", ...service, status: 200 }],
            ["ack", { name: "ack 1", ...service }],
            ["broadcast", { name: "all", ...service, count: 3, group: "tea" }],
            ["rest", { name: "POST /api/hubs/room/:send", url: "/api/hubs/room/:send", ...service }],
            ["negotiate", { name: "GET /api/negotiate", app: "app" }],
            ["http", { name: "BREW /api/items/1", app: "app", headers: { "user-agent": "curl/8" } }],
            ["why", { name: "hello", ...service, code: "noHandler", message: "nobody", fix: "add it" }],
            ["connection", { name: "opened", ...service }],
            ["deployment", { name: "update", message: "1 created" }],
            ["fault", { name: "slow", message: "chat: 40" }],
        ];
        for (const [kind, fields] of kinds) {
            for (const outcome of ["ok", "failed"] as const) {
                for (const status of [undefined, 202, 404, 503]) {
                    if (outcome === "failed" || (status ?? 0) < 400) {
                        inspection.recorder
                            .begin(kind, { ...fields, outcome, ...(status !== undefined && { status }) })
                            .end();
                    }
                }
            }
        }
        await spans();
        assert.deepEqual([...new Set(sent.map(({ signal }) => signal))].sort(), ["logs", "metrics", "traces"]);
        const metrics = sent
            .filter(({ signal }) => signal === "metrics")
            .flatMap(({ body }) => groupsOf("metrics", body).flatMap(({ items }) => items));
        assert.deepEqual([...new Set(metrics.map(({ name }) => name))].sort(), [
            "azure_realtime.connections",
            "azure_realtime.delivered.messages",
            "faas.errors",
            "faas.invocations",
            "faas.invoke_duration",
            "http.client.request.duration",
            "http.server.request.duration",
            "messaging.client.consumed.messages",
            "messaging.client.sent.messages",
            "messaging.process.duration",
        ]);
    });

    for (const [name, trigger] of [
        ["message", "pubsub"],
        ["tick", "timer"],
        ["item", "http"],
        ["stored", "datasource"],
        ["odd", "other"],
        ["gone", "other"],
    ] as const) {
        it(`tells the trigger of function ${name}: ${trigger}`, async () => {
            const { span, attributes } = await spanOf("function", { name, app: "app" });
            assert.deepEqual([span.name, attributes["faas.trigger"]], [`app/${name}`, trigger]);
        });
    }

    for (const [path, route] of [
        ["/api/items/12", "/api/items/{id:int}/{part?}"],
        ["/API/Items/12/first", "/api/items/{id:int}/{part?}"],
        ["/api/files/a/b/c", "/api/files/{*path}"],
        ["/api/items", undefined],
        ["/api/items/1/2/3", undefined],
    ] as const) {
        it(`names the span of ${path} by ${route ?? "its method only"}`, async () => {
            const { span, attributes } = await spanOf("http", { name: `GET ${path}`, url: path, app: "app" });
            assert.equal(span.name, route === undefined ? "GET" : `GET ${route}`);
            assert.deepEqual(
                ["http.route", "url.path", "url.scheme", "server.address", "server.port"].map((key) => attributes[key]),
                [route, path, "http", "localhost", "7071"],
            );
        });
    }

    // Paths of the data planes. Source: Azure/azure-rest-api-specs, specification/webpubsub and specification/signalr.
    for (const [path, route] of [
        ["/api/hubs/room/:send", "/api/hubs/{hub}/:send"],
        ["/api/hubs/room/groups/0~Lw~/:send", "/api/hubs/{hub}/groups/{group}/:send"],
        ["/api/hubs/room/users/ann/groups/tea", "/api/hubs/{hub}/users/{user}/groups/{group}"],
        ["/api/hubs/room/users/ann/groups", "/api/hubs/{hub}/users/{user}/groups"],
        ["/api/hubs/room/connections/c1", "/api/hubs/{hub}/connections/{connection}"],
        [
            "/api/hubs/room/permissions/sendToGroup/connections/c1",
            "/api/hubs/{hub}/permissions/{permission}/connections/{connection}",
        ],
        ["/api/v1/hubs/room", "/api/v1/hubs/{hub}"],
        ["/api/health", "/api/health"],
        ["/api/other/room", undefined],
        ["/", undefined],
    ] as const) {
        it(`names the route of the service's call ${path}`, () => {
            assert.equal(restRouteOf(path), route);
        });
    }
});
