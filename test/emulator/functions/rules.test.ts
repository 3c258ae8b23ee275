import assert from "node:assert/strict";
import { createEnvironment } from "../../../emulator/functions/environment";
import { extensions } from "../../../emulator/functions/host/extensions";
import { availableExtensions, describeMissingTypes } from "../../../emulator/functions/host/extensions/available";
import { parseSchedule } from "../../../emulator/functions/host/extensions/timer/schedule";
import { matchRoute } from "../../../emulator/functions/host/http/matchRoute";
import { serializeCookie } from "../../../emulator/functions/host/http/writeResponse";
import type { PlanSku } from "../../../rules/plan";
import { parseRouteTemplate } from "../../../rules/routeTemplate";
import { parseTimeSpan } from "../../../rules/timeSpan";

describe("functions: route templates", () => {
    const cases: [template: string, path: string, params: Record<string, string> | undefined][] = [
        ["api/hello", "/API/Hello", {}],
        ["api/hello", "/api/hello/more", undefined],
        ["api/{name}", "/api/bob", { name: "bob" }],
        ["api/{name}", "/api", undefined],
        ["api/{name?}", "/api", {}],
        ["api/{name=ann}", "/api", { name: "ann" }],
        ["api/{name:alpha?}", "/api/abc", { name: "abc" }],
        ["api/{name:alpha?}", "/api/a1", undefined],
        ["api/{id:int:min(3)}", "/api/3", { id: "3" }],
        ["api/{id:int:min(3)}", "/api/2", undefined],
        ["api/{id:guid}", "/api/6f1e4b1c-0b8e-4a4e-9c55-0d6d0f0b2c11", { id: "6f1e4b1c-0b8e-4a4e-9c55-0d6d0f0b2c11" }],
        ["api/{id:length(2,3)}", "/api/abcd", undefined],
        ["api/{id:range(1,5)}", "/api/5", { id: "5" }],
        // Kestrel leaves a slash of a segment escaped: UrlDecoder.cs of dotnet/aspnetcore.
        ["api/{id:regex(^a/b$)}", "/api/a%2Fb", undefined],
        ["api/{id}", "/api/%C3%BC%2f%20%zz%41%ff", { id: "ü%2f %zzA%ff" }],
        ["api/{*rest}", "/api/a%2Fb/c%2520", { rest: "a%2Fb/c%20" }],
        ["api/{*rest}", "/api/a/b%20c", { rest: "a/b c" }],
        ["api/{*rest}", "/api", {}],
        ["api/{file}.{ext}", "/api/page.html", { file: "page", ext: "html" }],
        ["{*all}", "/", {}],
        ["", "/", {}],
    ];
    for (const [template, path, params] of cases) {
        it(`'${template}' ${params === undefined ? "refuses" : "takes"} ${path}`, () => {
            assert.deepEqual(matchRoute({ template: parseRouteTemplate(template), path }), params);
        });
    }

    it("refuses a constraint by name", () => {
        assert.throws(
            () => parseRouteTemplate("a/{x:nosuch}"),
            /'x' - 'nosuch' on the route 'a\/\{x:nosuch\}' could not be resolved/,
        );
    });
});

describe("functions: timer schedules", () => {
    const start = Date.UTC(2026, 0, 1, 0, 0, 10);
    const cases: [text: string, next: number][] = [
        ["*/5 * * * * *", Date.UTC(2026, 0, 1, 0, 0, 15)],
        ["0 */5 * * * *", Date.UTC(2026, 0, 1, 0, 5, 0)],
        ["*/2 * * * *", Date.UTC(2026, 0, 1, 0, 2, 0)],
        ["00:00:30", start + 30_000],
    ];
    for (const [text, next] of cases) {
        it(`'${text}' comes due when it should`, () => assert.equal(parseSchedule(text).next(start), next));
    }
    for (const text of ["", "nonsense", "* * *", "99 * * * * *", "00:00:00"]) {
        it(`refuses '${text}'`, () => assert.throws(() => parseSchedule(text), /schedule/));
    }
});

describe("functions: time spans", () => {
    const cases: [text: string, milliseconds: number | undefined][] = [
        ["00:05:00", 300_000],
        ["1.00:00:01", 86_401_000],
        ["00:00:01.5", 1500],
        // Source: learn, azure-functions/functions-bindings-timer: from 24 on the first number counts days.
        ["24:00:00", 24 * 86_400_000],
        ["5", 5 * 86_400_000],
    ];
    for (const [text, milliseconds] of cases) {
        it(`'${text}' is ${milliseconds ?? "none"}`, () => assert.equal(parseTimeSpan(text), milliseconds));
    }
});

describe("functions: extensions of an app", () => {
    const preview = "Microsoft.Azure.Functions.ExtensionBundle.Preview";
    const socketio = "Microsoft.Azure.WebJobs.Extensions.WebPubSubForSocketIO";
    const cases: [name: string, bundle: string | undefined, installed: string[], has: boolean][] = [
        ["the preview bundle", preview, [], true],
        ["the experimental bundle", "Microsoft.Azure.Functions.ExtensionBundle.Experimental", [], true],
        ["the general bundle", "Microsoft.Azure.Functions.ExtensionBundle", [], false],
        ["no bundle", undefined, [], false],
        ["the installed extension", undefined, [socketio], true],
    ];
    for (const [name, extensionBundleId, installed, has] of cases) {
        it(`${has ? "has" : "has not"} Socket.IO with ${name}`, () => {
            const hostJson = {
                routePrefix: "api",
                functionTimeoutMilliseconds: 1000,
                ...(extensionBundleId === undefined ? {} : { extensionBundleId }),
            };
            const available = availableExtensions({ all: extensions, hostJson, installed });
            const bindings = [{ name: "x", type: "socketIOTrigger", direction: "in" as const }];
            const missing = describeMissingTypes({ bindings, available, all: extensions, hostJson });
            assert.equal(missing === undefined, has, missing);
            if (!has) {
                assert.match(missing!, /binding type\(s\) 'socketIOTrigger' were? ?(are )?not|are not registered/);
                assert.match(missing!, /ExtensionBundle\.Preview/);
            }
        });
    }
});

describe("functions: cookies", () => {
    it("are written with all their attributes", () => {
        const text = serializeCookie({
            name: "a.b",
            value: "c;d",
            path: { value: "/p" },
            domain: { value: "example.test" },
            expires: { value: { seconds: 0 } },
            maxAge: { value: 5 },
            secure: { value: true },
            httpOnly: { value: true },
            sameSite: "explicitNone",
        });
        assert.equal(
            text,
            "a.b=c%3Bd; expires=Thu, 01 Jan 1970 00:00:00 GMT; max-age=5; domain=example.test; path=/p; secure; samesite=none; httponly",
        );
    });
});

// Sources: ResponseCookies.cs, SetCookieHeaderValue.cs and HeaderUtilities.FormatNonNegativeInt64 of dotnet/aspnetcore. The switch
// EnableCookieNameEncoding is off.
describe("functions: what a cookie may be", () => {
    for (const [value, sent] of [
        ["it's (1)*!", "it%27s%20%281%29%2A%21"],
        ["a-b_c.d~e", "a-b_c.d~e"],
        ["ü\ud800", "%C3%BC%EF%BF%BD"],
        ["", ""],
    ] as const) {
        it(`sends the value ${JSON.stringify(value)} as ${sent}`, () =>
            assert.equal(serializeCookie({ name: "n", value }), `n=${sent}; path=/`));
    }
    for (const name of ["a b", "", "a=b", "a;b", "ü", "a,b", "[a]", 'a"']) {
        it(`refuses the name ${JSON.stringify(name)}`, () =>
            assert.throws(() => serializeCookie({ name, value: "v" }), /Invalid cookie name: /));
    }
    it("refuses a maxAge below 0, and takes 0", () => {
        const aged = (value: number) => serializeCookie({ name: "n", value: "v", maxAge: { value } });
        assert.throws(() => aged(-1), /The maxAge of cookie 'n' is -1\./);
        assert.equal(aged(0), "n=v; max-age=0; path=/");
        assert.equal(aged(-0.5), "n=v; max-age=0; path=/");
    });
});

describe("functions: environment", () => {
    it("is the platform's, with the settings over it, and nothing of this process", () => {
        const environment = createEnvironment({
            settings: { FUNCTIONS_WORKER_RUNTIME: "mine", OWN: "1" },
            platform: {
                options: { id: "/subscriptions/s/resourceGroups/g/providers/x", name: "app" },
                hostName: "localhost:1",
                instanceId: "i",
                homeFolder: "/h",
                identity: { endpoint: "http://e", header: "secret" },
            },
        });
        assert.deepEqual(environment, {
            FUNCTIONS_EXTENSION_VERSION: "~4",
            FUNCTIONS_WORKER_RUNTIME: "mine",
            AZURE_FUNCTIONS_ENVIRONMENT: "Production",
            WEBSITE_SITE_NAME: "app",
            WEBSITE_HOSTNAME: "localhost:1",
            WEBSITE_INSTANCE_ID: "i",
            WEBSITE_OWNER_NAME: "s+g",
            HOME: "/h",
            PATH: environment.PATH,
            TZ: "Etc/UTC",
            IDENTITY_ENDPOINT: "http://e",
            IDENTITY_HEADER: "secret",
            OWN: "1",
        });
    });

    // Sources: learn, azure-functions/functions-app-settings, and https://qiita.com/fukasawah/items/c2484b28b17c5fa20328, which
    // measured each plan.
    const zones: [sku: PlanSku, isLinux: boolean, zone: string | undefined, expected: string][] = [
        ["Dedicated", true, "Asia/Tokyo", "Asia/Tokyo"],
        ["ElasticPremium", true, "Europe/Berlin", "Europe/Berlin"],
        ["ElasticPremium", true, "", "Etc/UTC"],
        ["ElasticPremium", true, undefined, "Etc/UTC"],
        ["Dynamic", true, "Asia/Tokyo", "Etc/UTC"],
        ["FlexConsumption", true, "Asia/Tokyo", "Etc/UTC"],
        ["Dedicated", false, "Tokyo Standard Time", "Etc/UTC"],
    ];
    for (const [sku, isLinux, zone, expected] of zones) {
        it(`has the zone ${expected} for ${zone} on ${sku}${isLinux ? "" : " on Windows"}`, () => {
            const settings: Record<string, string> = zone === undefined ? {} : { WEBSITE_TIME_ZONE: zone };
            const options = { id: "", name: "", sku, isLinux };
            const platform = { options, hostName: "", instanceId: "", homeFolder: "" };
            assert.equal(createEnvironment({ settings, platform }).TZ, expected);
            assert.equal(createEnvironment({ settings: { ...settings, TZ: "Asia/Seoul" }, platform }).TZ, "Asia/Seoul");
        });
    }

    // Source: learn, app-service/configure-common.
    it("has underscores for the periods of settings on Linux, and only there", () => {
        const settings = { "AzureWebJobs.fn.Disabled": "true" };
        const namesOn = (isLinux: boolean) => {
            const platform = { options: { id: "", name: "", isLinux }, hostName: "", instanceId: "", homeFolder: "" };
            return Object.keys(createEnvironment({ settings, platform })).filter((name) => /Disabled/.test(name));
        };
        assert.deepEqual(namesOn(true), ["AzureWebJobs_fn_Disabled"]);
        assert.deepEqual(namesOn(false), ["AzureWebJobs.fn.Disabled"]);
    });
});
