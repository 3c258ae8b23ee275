import assert from "node:assert/strict";
import { request } from "node:http";
import type { CorsSettings } from "../../../emulator/functions";
import { openTestApp, type TestApp } from "../../support/functionApp";
import { writtenApp } from "../../support/writtenApp";

// Sources: CorsOptionsSetup.cs and JobHostCorsMiddleware.cs of Azure/azure-functions-host, CorsService.cs and CorsMiddleware.cs of
// dotnet/aspnetcore.
const codeFolder = writtenApp(`
app.http("open", { authLevel: "anonymous", methods: ["GET", "POST", "OPTIONS"], handler: (request) => ({
    body: request.method,
    headers: { "Access-Control-Allow-Origin": "https://own.example.com", "Access-Control-Expose-Headers": "own", Vary: "Accept" },
}) });
app.http("locked", { authLevel: "function", handler: () => ({ body: "locked" }) });
`);
const page = "https://page.example.com";

interface Answer {
    status: number;
    headers: Record<string, string>;
    body: string;
}

/** Sends headers that fetch keeps for itself, and keeps those of the answer that CORS is about. */
function send(
    test: TestApp,
    options: { path?: string; method?: string; headers?: Record<string, string> },
): Promise<Answer> {
    const { path = "/api/open", method = "GET", headers = {} } = options;
    return new Promise((resolve, reject) => {
        const sent = request(
            { host: "127.0.0.1", port: test.app.port, path, method, headers: { host: test.app.hostName, ...headers } },
            (response) => {
                const chunks: Buffer[] = [];
                response.on("data", (chunk) => chunks.push(chunk));
                response.on("end", () => {
                    const about = Object.entries(response.headers).filter(([name]) =>
                        /^(access-control-|vary$)/.test(name),
                    );
                    resolve({
                        status: response.statusCode ?? 0,
                        headers: Object.fromEntries(about) as Record<string, string>,
                        body: Buffer.concat(chunks).toString(),
                    });
                });
            },
        );
        sent.on("error", reject);
        sent.end();
    });
}

const preflight = (origin: string) => ({
    method: "OPTIONS",
    headers: {
        origin,
        "access-control-request-method": "PUT",
        "access-control-request-headers": "x-functions-key, content-type",
    },
});
const allowedPreflight = {
    "access-control-allow-methods": "PUT",
    "access-control-allow-headers": "x-functions-key,content-type",
};

describe("CORS of a function app", () => {
    let test: TestApp | undefined;
    afterEach(async () => {
        await test?.close();
        test = undefined;
    });

    async function open(
        cors: CorsSettings | undefined,
        sku: "Dedicated" | "FlexConsumption" = "Dedicated",
    ): Promise<TestApp> {
        test = await openTestApp({ codeFolder, sku, ...(cors && { cors }) });
        return test;
    }

    it("answers the preflight of an allowed page before any key is asked for", async () => {
        const app = await open({ allowedOrigins: [page] });
        for (const path of ["/api/open", "/api/locked", "/api/nothing"]) {
            assert.deepEqual(await send(app, { path, ...preflight(page) }), {
                status: 204,
                headers: { "access-control-allow-origin": page, ...allowedPreflight },
                body: "",
            });
        }
    });

    it("answers the preflight of another page without a header", async () => {
        const app = await open({ allowedOrigins: [page] });
        for (const origin of [
            "https://other.example.com",
            `${page}.evil.example`,
            "http://page.example.com",
            `${page}:8443`,
            "null",
        ]) {
            assert.deepEqual(await send(app, preflight(origin)), { status: 204, headers: {}, body: "" }, origin);
        }
    });

    it("puts its own headers in the place of those of the function", async () => {
        const app = await open({ allowedOrigins: [page, "http://localhost:5173"], supportCredentials: true });
        const headers = { origin: page };
        assert.deepEqual((await send(app, { headers })).headers, {
            "access-control-allow-origin": page,
            "access-control-allow-credentials": "true",
            vary: "Accept, Origin",
        });
        assert.deepEqual((await send(app, { headers: { origin: "https://other.example.com" } })).headers, {
            vary: "Accept",
        });
        assert.deepEqual(await send(app, { path: "/api/locked", headers }), {
            status: 401,
            headers: {
                "access-control-allow-origin": page,
                "access-control-allow-credentials": "true",
                vary: "Origin",
            },
            body: "",
        });
    });

    it("comes before the custom headers of host.json", async () => {
        const customHeaders = { "Access-Control-Allow-Origin": "*", "Access-Control-Max-Age": "5", Vary: "Accept" };
        const files = { "host.json": JSON.stringify({ version: "2.0", extensions: { http: { customHeaders } } }) };
        const code = `app.http("open", { authLevel: "anonymous", handler: () => ({ body: "x" }) });`;
        test = await openTestApp({
            codeFolder: writtenApp(code, files),
            cors: { allowedOrigins: [page, "https://b.example"] },
        });
        const other = "https://other.example.com";
        assert.deepEqual(await send(test, preflight(other)), { status: 204, headers: {}, body: "" });
        assert.deepEqual((await send(test, { headers: { origin: other } })).headers, { vary: "Accept" });
        assert.deepEqual((await send(test, { headers: { origin: page } })).headers, {
            "access-control-allow-origin": page,
            vary: "Accept, Origin",
        });
        assert.deepEqual((await send(test, {})).headers, {
            "access-control-allow-origin": "*",
            "access-control-max-age": "5",
            vary: "Accept",
        });
    });

    // Source: WebScriptHostBuilderExtension.cs of azure-functions-host: on Linux Consumption its own CORS comes behind the custom headers.
    for (const [sku, added] of [
        ["FlexConsumption", { vary: "Accept", "access-control-max-age": "5" }],
        ["ElasticPremium", {}],
    ] as const) {
        it(`answers a preflight of ${sku} with${sku === "FlexConsumption" ? "" : "out"} custom headers`, async () => {
            const customHeaders = { "Access-Control-Max-Age": "5", Vary: "Accept" };
            const files = { "host.json": JSON.stringify({ version: "2.0", extensions: { http: { customHeaders } } }) };
            const code = `app.http("open", { authLevel: "anonymous", handler: () => ({ body: "x" }) });`;
            test = await openTestApp({
                codeFolder: writtenApp(code, files),
                sku,
                cors: { allowedOrigins: [page] },
            });
            assert.deepEqual((await send(test, preflight("https://other.example.com"))).headers, added);
        });
    }

    it("leaves the headers of a function alone on Flex Consumption, but for its own, and knows no wildcard", async () => {
        const code = `app.http("open", { authLevel: "anonymous", handler: () => ({ headers: {
            "access-control-allow-origin": "https://own.example.com", "access-control-expose-headers": "x-own" } }) });`;
        const app = await openTestApp({
            codeFolder: writtenApp(code),
            sku: "FlexConsumption",
            cors: { allowedOrigins: [page, "https://*.wild.example"] },
        });
        test = app;
        const from = async (origin: string) => (await send(app, { headers: { origin } })).headers;
        const own = {
            "access-control-allow-origin": "https://own.example.com",
            "access-control-expose-headers": "x-own",
        };
        assert.deepEqual(await from("https://a.wild.example"), own);
        assert.deepEqual(await from(page), { ...own, "access-control-allow-origin": page, vary: "Origin" });
    });

    it("lets every page in with *", async () => {
        const app = await open({ allowedOrigins: ["*"] });
        const answer = await send(app, { headers: { origin: "https://any.example" } });
        assert.deepEqual(answer.headers, { "access-control-allow-origin": "*", vary: "Accept" });
        assert.deepEqual((await send(app, preflight("null"))).headers, {
            "access-control-allow-origin": "*",
            ...allowedPreflight,
        });
    });

    it("knows the names below one, outside Flex Consumption", async () => {
        const app = await open({ allowedOrigins: ["https://*.example.com"] });
        const isAllowed = async (origin: string) =>
            "access-control-allow-origin" in (await send(app, preflight(origin))).headers;
        assert.deepEqual(
            await Promise.all(
                [
                    "https://a.example.com",
                    "https://a.b.example.com",
                    "https://example.com",
                    "https://aexample.com",
                    "http://a.example.com",
                    "https://a.example.com.evil.example",
                    "https://a/.example.com",
                ].map(isAllowed),
            ),
            [true, true, false, false, false, false, false],
        );
    });

    it("leaves requests that are no preflight, and those without an origin, to the function", async () => {
        const app = await open({ allowedOrigins: [page] });
        assert.equal((await send(app, { method: "OPTIONS", headers: { origin: page } })).body, "OPTIONS");
        const own = await send(app, { method: "OPTIONS", headers: { "access-control-request-method": "GET" } });
        assert.equal(own.body, "OPTIONS");
        assert.equal(own.headers["access-control-allow-origin"], "https://own.example.com");
    });

    it("is the function's own affair where the app has none", async () => {
        const app = await open(undefined);
        assert.equal((await send(app, preflight(page))).body, "OPTIONS");
        assert.equal(
            (await send(app, { headers: { origin: page } })).headers["access-control-allow-origin"],
            "https://own.example.com",
        );
    });

    it("keeps preflights from functions on Flex Consumption, also where the app has none", async () => {
        const app = await open(undefined, "FlexConsumption");
        assert.deepEqual(await send(app, preflight(page)), { status: 204, headers: {}, body: "" });
        assert.equal(
            (await send(app, { headers: { origin: page } })).headers["access-control-allow-origin"],
            "https://own.example.com",
        );
        await app.app.update({ cors: { allowedOrigins: [page] } });
        assert.equal((await send(app, preflight(page))).headers["access-control-allow-origin"], page);
    });
});
