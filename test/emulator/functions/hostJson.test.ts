import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../../emulator/core/errors";
import { readHostJson } from "../../../emulator/functions/host/hostJson";
import { effectOf, type HostJsonEffect, hostJsonEffects } from "../../../emulator/functions/host/hostJsonEffects";
import { createRequestQueue } from "../../../emulator/functions/host/http/requestQueue";
import { createSettings } from "../../../emulator/functions/host/settings";
import { appFolder, currentApp } from "../../support/appFolder";
import { openTestApp } from "../../support/functionApp";
import { functionFolder } from "../../support/functionFolder";

/**
 * The properties of host.json, from the host's own list (HostJsonFileConfigurationSource.cs, ConfigurationSectionNames.cs,
 * ScriptJobHostOptions.cs, HttpOptions.cs, HstsOptions) and https://learn.microsoft.com/azure/azure-functions/functions-host-json.
 */
const effects: Record<HostJsonEffect, string[]> = {
    works: [
        "$schema",
        "version",
        "functions",
        "functionTimeout",
        "extensionBundle.id",
        "extensionBundle.version",
        "retry.strategy",
        "retry.maxRetryCount",
        "retry.delayInterval",
        "retry.minimumInterval",
        "retry.maximumInterval",
        "extensions.http.routePrefix",
        "extensions.http.customHeaders.X-Content-Type-Options",
        "extensions.http.maxConcurrentRequests",
        "extensions.http.maxOutstandingRequests",
        "logging.logLevel.default",
        "logging.logLevel.Function.MyFunction",
    ],
    none: [
        "aggregator.batchSize",
        "aggregator.flushTimeout",
        "concurrency.dynamicConcurrencyEnabled",
        "concurrency.snapshotPersistenceEnabled",
        "extensionBundle.downloadPath",
        "extensions.http.dynamicThrottlesEnabled",
        "extensions.http.enableChunkedRequestBinding",
        "extensions.http.hsts.isEnabled",
        "extensions.http.hsts.maxAge",
        "extensions.http.hsts.excludedHosts",
        "extensions.http.hsts.includeSubDomains",
        "extensions.http.hsts.preload",
        "extensions.blobs.maxDegreeOfParallelism",
        "extensions.cosmosDB.connectionMode",
        "extensions.durableTask.hubName",
        "extensions.eventHubs.maxEventBatchSize",
        "extensions.queues.batchSize",
        "extensions.sendGrid.from",
        "extensions.serviceBus.prefetchCount",
        "extensions.signalR.serviceTransportType",
        "extensions.webPubSub.hub",
        "fileWatchingEnabled",
        "healthMonitor.enabled",
        "healthMonitor.healthCheckInterval",
        "healthMonitor.healthCheckThreshold",
        "healthMonitor.healthCheckWindow",
        "healthMonitor.counterThreshold",
        "isDefaultHostConfig",
        "logging.applicationInsights.samplingSettings.isEnabled",
        "logging.applicationInsights.enableLiveMetrics",
        "logging.console.isEnabled",
        "logging.console.DisableColors",
        "logging.fileLoggingMode",
        "managedDependency.enabled",
        "managedDependencies.enabled",
        "metadataProviderTimeout",
        "sendCanceledInvocationsToWorker",
        "singleton.lockPeriod",
        "singleton.listenerLockPeriod",
        "singleton.listenerLockRecoveryPollingInterval",
        "singleton.lockAcquisitionTimeout",
        "singleton.lockAcquisitionPollingInterval",
        "telemetryMode",
        "watchDirectories",
        "watchFiles",
        "http.routePrefix",
        "queues.batchSize",
        "serviceBus.maxConcurrentCalls",
        "eventHub.maxBatchSize",
        "tracing.consoleLevel",
        "id",
    ],
    refused: [
        "customHandler.description.defaultExecutablePath",
        "customHandler.enableForwardingHttpRequest",
        "httpWorker.description",
    ],
    unknown: [
        "extension",
        "extensions.http.routeprefixx",
        "retry.count",
        "extensionBundle.range",
        "x.y.z",
        "toString",
        "__proto__",
    ],
};

describe("functions: host.json", () => {
    for (const [effect, paths] of Object.entries(effects)) {
        for (const path of paths) {
            it(`${path}: ${effect}`, () => {
                assert.equal(effectOf(path.split(".")), effect);
                assert.equal(effectOf(path.toUpperCase().split(".")), effect);
            });
        }
    }

    it("has no row that the list does not reach", () => {
        const listed = Object.values(effects)
            .flat()
            .map((path) => path.toLowerCase());
        const unreached = Object.keys(hostJsonEffects).filter((row) => {
            const pattern = new RegExp(`^${row.toLowerCase().replace(/[.$]/g, "\\$&").replace("*", ".+")}(\\.|$)`);
            return !listed.some((path) => pattern.test(path));
        });
        const older = [
            "applicationInsights",
            "documentDB",
            "logger",
            "sendGrid",
            "easyauth",
            "scale",
            "sequentialRestart",
        ];
        assert.deepEqual(
            unreached.filter((row) => !older.includes(row)),
            ["extensionBundle.ensureLatest"],
        );
    });

    const read = (json: object) =>
        readHostJson({
            folder: functionFolder({ "host.json": JSON.stringify({ version: "2.0", ...json }) }),
            settings: createSettings({}),
            sku: "Dedicated",
        });

    it("says nothing of a file whose every property works", () => {
        const json = {
            version: "2.0",
            extensions: { http: { routePrefix: "" } },
            logging: { logLevel: { default: "Debug" } },
        };
        assert.deepEqual(read(json).warnings, []);
    });

    it("names sections and properties without effect, and those that nobody knows, each once", () => {
        const { warnings } = read({
            version: "2.0",
            logging: {
                applicationInsights: { samplingSettings: { isEnabled: true, excludedTypes: "Request" } },
                logLevel: { a: "Error" },
            },
            extensions: {
                queues: { batchSize: 1, maxDequeueCount: 2 },
                http: { hsts: { isEnabled: true, maxAge: "10" }, hst: 1 },
            },
            watchDirectories: ["Shared"],
            watchdirectory: [],
        });
        assert.deepEqual(warnings, [
            "host.json: without effect here: logging.applicationInsights, extensions.queues, extensions.http.hsts, watchDirectories.",
            "host.json: unknown, and without effect here and on Azure: extensions.http.hst, watchdirectory.",
        ]);
    });

    const refused: [json: object, message: RegExp][] = [
        [
            { customHandler: { description: { defaultExecutablePath: "x" } } },
            /host\.json: customHandler is not supported, because this host runs Node apps only/,
        ],
        [
            { extensions: { http: { maxConcurrentRequests: 0 } } },
            /extensions\.http\.maxConcurrentRequests is 0\. It must be 1 or more, or -1/,
        ],
        [
            { extensions: { http: { maxOutstandingRequests: "many" } } },
            /extensions\.http\.maxOutstandingRequests is "many"/,
        ],
        [
            { extensions: { http: { customHeaders: { "x y": "1" } } } },
            /extensions\.http\.customHeaders\.x y cannot be sent as a header/,
        ],
        [
            { extensions: { http: { customHeaders: { x: "é" } } } },
            /customHeaders\.x cannot be sent as a header: Invalid non-ASCII/,
        ],
        [
            { extensions: { http: { customHeaders: { x: ["1"] } } } },
            /customHeaders\.x holds other values\. It must be a text/,
        ],
        [{ retry: { strategy: "fixedDelay" } }, /host\.json: retry\.maxRetryCount is missing/],
        [
            { healthMonitor: { enabled: "yes" } },
            /^Failed to convert configuration value at 'AzureFunctionsJobHost:healthMonitor:enabled' to type 'System\.Boolean'/,
        ],
        [{ extensions: { http: { dynamicThrottlesEnabled: 1 } } }, /to type 'System\.Boolean'/],
        [{ fileWatchingEnabled: null }, /to type 'System\.Boolean': it is ''/],
        // Source: ScriptJobHostOptionsSetup.cs of azure-functions-host; GetValue of .NET's configuration converts to the enumeration.
        [
            { logging: { fileLoggingMode: "sometimes" } },
            /^Failed to convert configuration value at 'AzureFunctionsJobHost:logging:fileLoggingMode' to type 'Microsoft\.Azure\.WebJobs\.Script\.FileLoggingMode': it is 'sometimes'/,
        ],
        [{ logging: { FILELOGGINGMODE: true } }, /FileLoggingMode': it is 'True'/],
        [{ logging: { fileLoggingMode: "always;never" } }, /FileLoggingMode': it is 'always;never'/],
        [{ logging: { fileLoggingMode: "0.5" } }, /FileLoggingMode': it is '0\.5'/],
        [{ fileLoggingMode: "debug" }, /'AzureFunctionsJobHost:fileLoggingMode'/],
        [{ isSelfHost: "no" }, /'AzureFunctionsJobHost:isSelfHost' to type 'System\.Boolean'/],
        [{ aggregator: { batchSize: 1.5 } }, /to type 'System\.Int32'/],
        [{ healthMonitor: { counterThreshold: "80%" } }, /to type 'System\.Single'/],
        [
            { Singleton: { lockPeriod: "15s" } },
            /at 'AzureFunctionsJobHost:singleton:lockPeriod' to type 'System\.TimeSpan'/,
        ],
    ];
    for (const [json, message] of refused) {
        it(`refuses ${JSON.stringify(json)}`, () =>
            assert.throws(
                () => read({ version: "2.0", ...json }),
                (error) => message.test(messageOf(error)),
            ));
    }

    for (const mode of [
        "never",
        "ALWAYS",
        "DebugOnly",
        " debugonly ",
        "1",
        2,
        "-7",
        "Never, Always",
        "",
        null,
        {},
        ["x"],
    ]) {
        it(`takes ${JSON.stringify(mode)} as fileLoggingMode`, () =>
            assert.ok(read({ version: "2.0", logging: { fileLoggingMode: mode } })));
    }

    // Section.AsEnumerable of .NET's configuration leaves the section's own value out; TelemetryMode is read with Enum.TryParse.
    for (const json of [
        { logging: { logLevel: "Debug" } },
        { logging: { logLevel: {} } },
        { logging: { logLevel: null } },
        { logging: "Debug" },
        { logging: [] },
        { telemetryMode: "sometimes" },
    ]) {
        it(`starts with ${JSON.stringify(json)}`, () => assert.ok(read({ version: "2.0", ...json })));
    }

    it("takes a value in each form that .NET's configuration converts", () => {
        const json = {
            version: "2.0",
            healthMonitor: {
                enabled: "TRUE",
                healthCheckInterval: "00:00:10",
                counterThreshold: "0.80",
                healthCheckThreshold: "6",
            },
            extensions: { http: { dynamicThrottlesEnabled: false, hsts: { maxAge: 10 } } },
            singleton: { lockPeriod: {} },
            watchDirectories: { a: 1 },
        };
        assert.equal(read(json).warnings?.length, 1);
    });

    it("sends the last of several custom headers of one name", () => {
        const http = { customHeaders: { "X-One": "1", "x-one": "2" } };
        assert.deepEqual([...(read({ version: "2.0", extensions: { http } }).customHeaders ?? [])], [["X-One", "2"]]);
    });

    // Source: ScriptHostBuilderExtensions.cs of azure-functions-host, which reads the environment after host.json.
    it("takes every property from an app setting too, over the file", () => {
        const folder = functionFolder({
            "host.json": JSON.stringify({
                version: "2.0",
                functions: ["a", "b"],
                extensions: { http: { routePrefix: "file", customHeaders: { "X-One": "file", "X-Two": true } } },
                retry: { strategy: "fixedDelay", maxRetryCount: 1, delayInterval: "00:00:01" },
            }),
        });
        const settings = createSettings({
            AzureFunctionsJobHost__functions__1: "c",
            AzureFunctionsJobHost__functions__2: "d",
            AzureFunctionsJobHost__extensions__http__ROUTEPREFIX: "",
            "AzureFunctionsJobHost:extensions:http:customHeaders:X-One": "setting",
            AzureFunctionsJobHost__extensions__http__maxConcurrentRequests: "3",
            AzureFunctionsJobHost__retry__maxRetryCount: "7",
            AzureFunctionsJobHost__functionTimeout: "00:01:00",
            AzureFunctionsJobHost__extensionBundle__id: "Microsoft.Azure.Functions.ExtensionBundle",
            AzureFunctionsJobHost__extensionBundle__version: "[4.*, 5.0.0)",
            AzureFunctionsJobHost__aggregator__batchSize: "5",
        });
        const { customHeaders, ...hostJson } = readHostJson({ folder, settings, sku: "Dedicated" });
        assert.deepEqual(
            new Map(customHeaders),
            new Map([
                ["X-One", "setting"],
                ["X-Two", "True"],
            ]),
        );
        assert.deepEqual(hostJson, {
            routePrefix: "",
            functionTimeoutMilliseconds: 60_000,
            extensionBundleId: "Microsoft.Azure.Functions.ExtensionBundle",
            extensionBundleVersion: "[4.*, 5.0.0)",
            functions: ["a", "c", "d"],
            maxConcurrentRequests: 3,
            retry: { maxRetryCount: 7, interval: { fixed: 1000 } },
            warnings: ["host.json: without effect here: aggregator."],
        });
        const empty = functionFolder({});
        const withHandler = createSettings({
            AzureFunctionsJobHost__customHandler__enableForwardingHttpRequest: "true",
        });
        assert.throws(
            () => readHostJson({ folder: empty, settings: withHandler, sku: "Dedicated" }),
            /customhandler is not supported/,
        );
    });

    it("sends custom headers with every answer that does not set them", async () => {
        const http = (name: string, source: string) => ({
            name,
            bindings: [
                {
                    name: "req",
                    type: "httpTrigger",
                    direction: "in",
                    authLevel: name === "guarded" ? "function" : "anonymous",
                },
                { name: "$return", type: "http", direction: "out" },
            ],
            handler: `async () => (${source})`,
        });
        const test = await openTestApp({
            codeFolder: currentApp(
                [
                    http("plain", `{ body: "x" }`),
                    http("own", `{ body: "x", headers: { "x-frame-options": "own" } }`),
                    http("nothing", "undefined"),
                    http("fails", `(() => { throw new Error("no"); })()`),
                    http("guarded", "{}"),
                ],
                {
                    extensions: { http: { customHeaders: { "X-Frame-Options": "DENY", "X-Two": 2 } } },
                    aggregator: { batchSize: 1 },
                },
            ),
        });
        try {
            const read = async (target: string) => {
                const { status, headers } = await fetch(test.url(target));
                return [status, headers.get("x-frame-options"), headers.get("x-two")];
            };
            assert.deepEqual(await read("/api/plain"), [200, "DENY", "2"]);
            assert.deepEqual(await read("/api/own"), [200, "own", "2"]);
            assert.deepEqual(await read("/api/nothing"), [204, "DENY", "2"]);
            assert.deepEqual(await read("/api/fails"), [500, "DENY", "2"]);
            assert.deepEqual(await read("/api/guarded"), [401, "DENY", "2"]);
            assert.deepEqual(await read("/api/nosuch"), [404, "DENY", "2"]);
            assert.deepEqual(await read("/"), [200, "DENY", "2"]);
            const { level, asked } = await test.logged(/^host\.json: without effect here: aggregator\.$/);
            // Shown although the update that starts the app still runs, when other warnings are not.
            assert.deepEqual([level, asked], ["warning", true]);
        } finally {
            await test.close();
        }
    });

    it("answers requests over the limit with 429", async () => {
        const folder = appFolder(
            { "package.json": JSON.stringify({ main: "index.js" }) },
            {
                extensions: {
                    http: { maxConcurrentRequests: 1, maxOutstandingRequests: 2, customHeaders: { "x-own": "1" } },
                },
            },
        );
        writeFileSync(
            join(folder, "index.js"),
            `const { app } = require("@azure/functions");
            const { existsSync, watch } = require("node:fs");
            const released = () => existsSync(__dirname + "/released");
            app.http("held", {
                authLevel: "anonymous",
                handler: () => new Promise((resolve) => {
                    console.warn("HELD");
                    const watcher = watch(__dirname, check);
                    function check() {
                        if (released()) {
                            watcher.close();
                            resolve({ body: "released" });
                        }
                    }
                    check();
                }),
            });`,
        );
        const test = await openTestApp({ codeFolder: folder });
        try {
            const first = fetch(test.url("/api/held"));
            await test.logged(/HELD/);
            const others = [fetch(test.url("/api/held")), fetch(test.url("/api/held"))];
            const refused = await Promise.race(others);
            assert.equal(refused.status, 429);
            assert.equal(refused.headers.get("x-function-scaleout"), "1");
            // Source: UseWebJobsScriptHost of azure-functions-host, whose throttle comes before what adds the headers of host.json.
            assert.equal(refused.headers.get("x-own"), null);
            writeFileSync(join(folder, "released"), "");
            const statuses = (await Promise.all([first, ...others])).map(({ status }) => status).sort();
            assert.deepEqual(statuses, [200, 200, 429]);
        } finally {
            await test.close();
        }
    });
});

describe("functions: the queue of requests", () => {
    it("runs as many at a time as it may, holds the rest, and refuses what is over the limit", async () => {
        const queue = createRequestQueue({ running: 2, held: 3 });
        const ends: (() => void)[] = [];
        const work = () => new Promise<void>((resolve) => ends.push(resolve));
        const runs = [queue.run(work), queue.run(work), queue.run(work)];
        assert.equal(await queue.run(work), false);
        assert.equal(ends.length, 2);
        ends[0]?.();
        assert.equal(await runs[0], true);
        await new Promise(setImmediate);
        assert.equal(ends.length, 3);
        const failing = queue.run(async () => {
            throw new Error("failed");
        });
        ends[1]?.();
        await assert.rejects(failing, /failed/);
        ends[2]?.();
        assert.deepEqual(await Promise.all(runs), [true, true, true]);
        assert.equal(await queue.run(async () => undefined), true);
    });

    it("has no limits by default", async () => {
        const queue = createRequestQueue({});
        assert.equal(await queue.run(async () => undefined), true);
    });
});
