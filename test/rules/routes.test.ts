import assert from "node:assert/strict";
import { matchRoute } from "../../emulator/functions/host/http/matchRoute";
import { buildRouteTemplate, checkConflict, type HttpTrigger, readHttpTrigger } from "../../rules/httpTrigger";
import { parseRouteTemplate } from "../../rules/routeTemplate";

// Sources: RoutePatternParser.cs, RouteParameterParser.cs, Resources.resx and RouteOptions.cs of dotnet/aspnetcore.
describe("a route template", () => {
    const taken = [
        "",
        "hello",
        "/hello",
        "~/hello",
        "hello/",
        "a/b/c",
        "{id}",
        "{id?}",
        "{id=5}",
        "{id:int}",
        "{id:int?}",
        "{id:int=5}",
        "{id:int:min(1):max(9)}",
        "{*rest}",
        "{**rest}",
        "files/{*path}",
        "{*path:file}",
        "{file}.{ext}",
        "{file}.{ext?}",
        "v{version:int}-{name}",
        "{{literal}}",
        "a{{b}}c",
        "{code:regex(^\\d{{3}}$)}",
        "{path:regex(^a/b$)}",
        "{x:regex(a:b=c)}",
        "{date:datetime}/{flag:bool}/{n:decimal}/{d:double}/{f:float}/{g:guid}/{l:long}",
        "{s:length(2,4)}/{t:length(3)}/{u:minlength(1)}/{v:maxlength(9)}/{w:range(1,5)}",
        "{a:alpha}/{r:required}/{n:nonfile}",
        "{:name}",
        "{a b}",
    ];
    for (const text of taken) {
        it(`'${text}' is taken`, () => void parseRouteTemplate(text));
    }

    const refused: [text: string, message: RegExp][] = [
        ["~hello", /cannot start with a '~' character unless followed by a '\/'/],
        ["//hello", /separator character '\/' cannot appear consecutively/],
        ["a//b", /cannot appear consecutively/],
        ["a//", /cannot appear consecutively/],
        ["{", /incomplete parameter/],
        ["}", /incomplete parameter/],
        ["a{b", /incomplete parameter/],
        ["a}b", /incomplete parameter/],
        ["{a{b}}", /'\{' and '\}' must be escaped/],
        ["{a}}", /incomplete parameter/],
        ["{}", /parameter name '' is invalid/],
        ["{?}", /parameter name '' is invalid/],
        ["{*}", /parameter name '' is invalid/],
        ["{a?b}", /parameter name 'a\?b' is invalid/],
        ["{a*}", /parameter name 'a\*' is invalid/],
        ["{a/b}", /parameter name 'a\/b' is invalid/],
        ["{id}/{ID}", /parameter name 'ID' appears more than one time/],
        ["{*rest}/more", /catch-all parameter can only appear as the last segment/],
        ["a{*rest}", /cannot contain a catch-all parameter/],
        ["{*rest?}", /catch-all parameter cannot be marked optional/],
        ["{a=1?}", /optional parameter cannot have default value/],
        ["{a}{b}", /cannot contain two consecutive parameters/],
        [
            "{a?}b",
            /optional parameter must be at the end of the segment\. In the segment '\{a\?\}b', optional parameter 'a' is followed by 'b'/,
        ],
        ["a-{b?}", /preceded by an invalid segment 'a-'\. Only a period/],
        ["a?b", /literal section 'a\?b' is invalid/],
        ["{id:nosuch}", /entry 'id' - 'nosuch' on the route '\{id:nosuch\}' could not be resolved/],
        [
            "{id:int(5)}",
            /constructor for constraint type 'IntRouteConstraint' with the following number of parameters: 1/,
        ],
        ["{id:range(1)}", /'RangeRouteConstraint' with the following number of parameters: 1/],
        ["{id:min}", /'MinRouteConstraint' with the following number of parameters: 0/],
        ["{id:min(x)}", /input string 'x' was not in a correct format/],
        ["{id:length(1,2,3)}", /'LengthRouteConstraint' with the following number of parameters: 3/],
        ["{id:Int32}", /could not be resolved/],
    ];
    for (const [text, message] of refused) {
        it(`'${text}' is refused`, () => assert.throws(() => parseRouteTemplate(text), message));
    }

    // Source: RoutePatternMatcher.cs of dotnet/aspnetcore.
    const matches: [template: string, path: string, params: Record<string, string> | undefined][] = [
        ["api/a", "/api/a/", {}],
        ["api/a", "/api//a", undefined],
        ["api/a", "/api/a//", undefined],
        ["api/{x}", "/api/", undefined],
        ["api/{x?}", "/api/", {}],
        ["api/{x=1}/{y=2}", "/api", { x: "1", y: "2" }],
        ["api/{*rest}", "/api/a/b/", { rest: "a/b/" }],
        ["api/{*rest}", "/api/a//b", { rest: "a//b" }],
        ["api/{*rest:int}", "/api", undefined],
        ["api/{a}-{b}", "/api/x-y-z", { a: "x-y", b: "z" }],
        ["api/{a}.{b?}", "/api/page", { a: "page" }],
        ["api/{a}.{b?}", "/api/page.", undefined],
        ["api/{a}.{b?}", "/api/my.page.html", { a: "my.page", b: "html" }],
        ["api/v{n:int}", "/API/V2", { n: "2" }],
        ["api/v{n:int}", "/api/vx", undefined],
        ["api/{{a}}", "/api/{a}", {}],
        ["api/{f:file}", "/api/a.txt", { f: "a.txt" }],
        ["api/{f:nonfile}", "/api/a.txt", undefined],
        ["api/{n:int}", "/api/2147483648", undefined],
        ["api/{n:long}", "/api/2147483648", { n: "2147483648" }],
        ["api/{n:min(5)}", "/api/4", undefined],
        ["api/{x:regex(^\\d{{3}}$)}", "/api/123", { x: "123" }],
        ["api/{x:regex(^\\d{{3}}$)}", "/api/1234", undefined],
    ];
    for (const [template, path, params] of matches) {
        it(`'${template}' ${params === undefined ? "refuses" : "takes"} ${path}`, () => {
            assert.deepEqual(matchRoute({ template: parseRouteTemplate(template), path }), params);
        });
    }
});

// Sources: DecimalRouteConstraint.cs, DoubleRouteConstraint.cs and DateTimeRouteConstraint.cs of dotnet/aspnetcore, and what .NET's
// TryParse takes with their styles and the invariant culture.
describe("a value of a route", () => {
    const cases: [constraint: string, fits: string[], refused: string[]][] = [
        [
            "decimal",
            ["1", "-1.5", "+.5", "5.", "1,000.25", " 7 ", "79228162514264337593543950335"],
            ["1e5", "0x10", "0b1", "NaN", "Infinity", ",1", "1.0.0", "-5-", ".", "99999999999999999999999999999"],
        ],
        [
            "double",
            ["1e5", "1E-5", "1,000", "-.5", "nan", "-Infinity", "1e400"],
            ["0x10", "0o7", "5-", "1e", "e5", "--1", "1_0"],
        ],
        ["float", ["1.5", "+1"], ["1f", "one"]],
        [
            "datetime",
            [
                "2020-01-31",
                "2020-01-31T10:00:00Z",
                "1-2-2020",
                "Jan 5 2020",
                "12:30",
                "23:59:59",
                "4:05 pm",
                "2020-02-29",
            ],
            [
                "5",
                "2020",
                "item 1",
                "abc",
                "2020-13-01",
                "2020-02-30",
                "13-13-2020",
                "25:00",
                "chapter-1",
                "v2020-01-01",
            ],
        ],
        ["bool", ["true", "FALSE", " true "], ["1", "yes", "on"]],
        ["int", ["+5", "-5", " 5 ", "2147483647"], ["5.0", "1e3", "0x5", "2147483648"]],
        [
            "guid",
            ["0f8fad5b-d9cb-469f-a165-70867728950e", "{0f8fad5bd9cb469fa16570867728950e}".slice(1, -1)],
            ["0f8fad5b"],
        ],
    ];
    for (const [constraint, fits, refused] of cases) {
        const template = parseRouteTemplate(`{x:${constraint}}`);
        // A blank at an end is part of the value.
        const accepts = (value: string) =>
            matchRoute({ template, path: `/${encodeURIComponent(value)}` }) !== undefined;
        for (const value of [...fits, ...refused]) {
            it(`'${value}' ${fits.includes(value) ? "is" : "is no"} ${constraint}`, () =>
                assert.equal(accepts(value), fits.includes(value)));
        }
    }
});

// Sources: WebJobsCoreScriptBindingProvider.cs and ScriptHost.cs of azure-functions-host, with their tests in ScriptHostTests.cs.
describe("an HTTP trigger", () => {
    const read = (binding: Record<string, unknown>, name = "fn") => readHttpTrigger({ name, binding });

    const taken: [binding: Record<string, unknown>, trigger: HttpTrigger][] = [
        [{}, { route: "fn", authLevel: "function" }],
        [{ route: "" }, { route: "fn", authLevel: "function" }],
        [
            { route: "a/b", authLevel: "ANONYMOUS" },
            { route: "a/b", authLevel: "anonymous" },
        ],
        [
            { Route: "a", AUTHLEVEL: "Admin" },
            { route: "a", authLevel: "admin" },
        ],
        [{ authLevel: "system" }, { route: "fn", authLevel: "system" }],
        [{ authLevel: "user" }, { route: "fn", authLevel: "user" }],
        [{ authLevel: 0 }, { route: "fn", authLevel: "anonymous" }],
        [{ methods: ["get", "POST"] }, { route: "fn", authLevel: "function", methods: ["get", "POST"] }],
        [{ methods: [] }, { route: "fn", authLevel: "function", methods: [] }],
        [
            { methods: null, route: null },
            { route: "fn", authLevel: "function" },
        ],
        [{ route: "myadmin" }, { route: "myadmin", authLevel: "function" }],
    ];
    for (const [binding, trigger] of taken) {
        it(`with ${JSON.stringify(binding)} is taken`, () => assert.deepEqual(read(binding), trigger));
    }

    const refused: [binding: Record<string, unknown>, message: RegExp][] = [
        [{ route: "admin" }, /^Error: The specified route conflicts with one or more built in routes\./],
        [{ route: "/Admin/users" }, /built in routes/],
        [{ route: "administrators" }, /built in routes/],
        [{ route: "runtime/x" }, /built in routes/],
        [{ route: "RUNTIMES" }, /built in routes/],
        [
            { authLevel: "nobody" },
            /Invalid value specified for binding property 'authLevel' of enum type AuthorizationLevel/,
        ],
        [{ authLevel: {} }, /'authLevel' of enum type AuthorizationLevel/],
        [{ methods: "get" }, /Invalid value specified for binding property 'methods' of type JArray/],
        [{ methods: {} }, /'methods' of type JArray/],
        [{ route: ["a"] }, /'route' of type String/],
    ];
    for (const [binding, message] of refused) {
        it(`with ${JSON.stringify(binding)} is refused`, () => assert.throws(() => read(binding), message));
    }

    it("takes its function's name as route, and then the name may be refused", () => {
        assert.throws(() => read({}, "adminOnly"), /built in routes\. The route 'adminOnly'/);
    });

    const conflicts: [one: Record<string, unknown>, other: Record<string, unknown>, conflict: boolean][] = [
        [{ route: "a" }, { route: "a" }, true],
        [{ route: "/A/" }, { route: "a" }, true],
        [{ route: "a", methods: ["get"] }, { route: "a" }, true],
        [{ route: "a", methods: ["get"] }, { route: "a", methods: [] }, true],
        [{ route: "a", methods: ["get"] }, { route: "a", methods: ["post"] }, false],
        [{ route: "a", methods: ["get", "post"] }, { route: "a", methods: ["post", "put"] }, true],
        // Methods are compared as they are written.
        [{ route: "a", methods: ["get"] }, { route: "a", methods: ["GET"] }, false],
        [{ route: "a/{id}" }, { route: "a/{name}" }, false],
        [{ route: "a" }, { route: "b" }, false],
    ];
    for (const [one, other, conflict] of conflicts) {
        it(`${conflict ? "conflicts" : "lives"} with another: ${JSON.stringify([one, other])}`, () => {
            const check = () => checkConflict(read(one), [{ name: "first", trigger: read(other) }]);
            if (conflict) {
                assert.throws(
                    check,
                    /^Error: The route specified conflicts with the route defined by function 'first'\.$/,
                );
            } else {
                check();
            }
        });
    }

    // Seen on Azure: MicrosoftDocs/azure-docs#69447 and Azure/static-web-apps#1654.
    it("with a slash before its route is malformed behind a prefix, and right without one", () => {
        assert.throws(
            () => buildRouteTemplate({ name: "HttpExample", route: "/hello", prefix: "api" }),
            /An error occurred while creating the route with name 'HttpExample' and template 'api\/\/hello'\. The route template separator character '\/' cannot appear consecutively.*Write the route without a slash/,
        );
        assert.equal(buildRouteTemplate({ name: "x", route: "/hello", prefix: "" }).text, "/hello");
        assert.throws(() => buildRouteTemplate({ name: "x", route: "hello", prefix: "api/" }), /api\/\/hello/);
    });
});
