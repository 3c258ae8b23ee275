import assert from "node:assert/strict";
import { matchRoute } from "../../../emulator/functions/host/http/matchRoute";
import { parseRouteTemplate } from "../../../rules/routeTemplate";
import { fastest } from "../../support/fastest";

const match = (template: string, path: string) => matchRoute({ template: parseRouteTemplate(template), path });

// Source: RoutePatternMatcher and RouteParameterParser of dotnet/aspnetcore, with which the Functions host matches routes, and the page
// "Routing in ASP.NET Core" (complex segments), from which the first three come.
describe("functions: segments of texts and parameters", () => {
    const cases: [template: string, path: string, params: Record<string, string> | undefined][] = [
        ["a{b}c{d}", "/abcd", { b: "b", d: "d" }],
        ["a{b}c{d}", "/aabcd", undefined],
        ["x{a}", "/xyz", { a: "yz" }],
        ["{a}.{b}", "/x.y.z", { a: "x.y", b: "z" }],
        ["{a}-{b}-{c}", "/1-2-3-4", { a: "1-2", b: "3", c: "4" }],
        ["v{n}!", "/v1!", { n: "1" }],
        ["v{n}!", "/V1!", { n: "1" }],
        ["v{n}!", "/v1!x", undefined],
        ["v{n}!", "/v!", undefined],
        ["{file}.{ext?}", "/page.html", { file: "page", ext: "html" }],
        ["{file}.{ext?}", "/page", { file: "page" }],
        ["{file}.{ext?}", "/page.", undefined],
        ["v{file}.{ext?}", "/vx", { file: "x" }],
        ["{a}.{b:int}", "/x.1", { a: "x", b: "1" }],
        ["{a}.{b:int}", "/x.y", undefined],
        ["{__proto__}", "/x", Object.fromEntries([["__proto__", "x"]])],
    ];
    for (const [template, path, params] of cases) {
        it(`'${template}' ${params === undefined ? "refuses" : "takes"} ${path}`, () => {
            assert.deepEqual(match(template, path), params);
        });
    }

    it("refuses two parameters side by side, and names that are none", () => {
        assert.throws(() => parseRouteTemplate("{a}{b}"), /cannot contain two consecutive parameters/);
        for (const template of ["{}", "{*}", "{a/b}", "{a?b}", "{?}"]) {
            assert.throws(() => parseRouteTemplate(template), /is not valid|parameter name .* is invalid/);
        }
    });

    it("refuses constraints named like members of every object", () => {
        for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty"]) {
            assert.throws(() => parseRouteTemplate(`{a:${name}}`), /could not be resolved by the constraint resolver/);
        }
    });

    it("reads constraints with colons, parentheses and equals signs in them", () => {
        assert.deepEqual(match("{a:regex(^x:y=z$)}", "/x:y=z"), { a: "x:y=z" });
        assert.deepEqual(match("{a:regex(^(x|y)$):maxlength(1)=x}", "/y"), { a: "y" });
        assert.deepEqual(match("{a:int=7}", "/"), { a: "7" });
        assert.deepEqual(match("{a:maxlength(3)?}", "/"), {});
    });

    // 16 KiB is the longest head of a request that Node reads.
    const long = 16_000;
    for (const [template, text] of [
        ["{a}-{b}-{c}!", `${"-".repeat(long)}x`],
        ["{a}.{b}.{c}x", ".".repeat(long)],
        ["{a}aa{b}aa{c}aa{d}aab", "a".repeat(long)],
        [`{a}${"ab".repeat(500)}c`, "ab".repeat(long / 2)],
    ] as const) {
        it(`says within 5 ms that '${template.slice(0, 20)}' does not fit the longest path`, () => {
            const route = parseRouteTemplate(template);
            assert.ok(fastest(() => matchRoute({ template: route, path: `/${text}` })) < 5);
        });
    }

    it("reads within 5 ms a template that nests its constraints", () => {
        const faulty = [`{a${":x()".repeat(2000)}`, `{a:x(${":)".repeat(4000)}`, `{a${":int(".repeat(2000)}}`];
        for (const template of faulty) {
            assert.ok(fastest(() => assert.throws(() => parseRouteTemplate(template))) < 5);
        }
    });
});
