import assert from "node:assert/strict";
import { bindingData, EnumValue, jsonMembers } from "../../../emulator/functions/host/bindings/bindingData";
import { formatDate } from "../../../emulator/functions/host/bindings/dotnet";
import { resolveBinding, resolveExpressions } from "../../../emulator/functions/host/bindings/expressions";
import { createSettings } from "../../../emulator/functions/host/settings";

// Sources: azure-webjobs-sdk, Bindings/Path/BindingTemplateParser.cs, BindingTemplateToken.cs, BindingDataPathHelper.cs,
// SystemBindingData.cs; azure-webjobs-sdk-extensions, WebJobs.Extensions.Http/Utility.cs.

const json = {
    name: "bob",
    Deep: { Inner: { leaf: "x", when: "2026-01-02T03:04:05+01:00", list: [1, 2], none: null, yes: true, part: 1.5 } },
    list: [1],
    none: null,
    big: 1e21,
    day: "2026-01-02T03:04:05Z",
    no: false,
};

const sys = Object.setPrototypeOf({ MethodName: "fn", UtcNow: new Date(Date.UTC(2026, 0, 2, 3, 4, 5)) }, null);
const context = {
    data: bindingData(
        Object.entries({
            sys,
            Query: new Map([["userId", "u1"]]),
            Headers: bindingData([["x-user", "u2"]]),
            Claims: new Map([["sub", ["u3"]]]),
            text: "2026-01-02T03:04:05Z",
            count: 3,
            part: 1.5,
            nothing: null,
            kind: new EnumValue("user", 1),
            args: ["a", "b"],
        }),
        jsonMembers(JSON.stringify(json)),
    ),
    settings: createSettings({ Some__Setting: "value", braced: "{name}" }),
    now: () => new Date(Date.UTC(2026, 0, 2, 13, 4, 5, 6)),
};
const resolve = (text: string) => resolveExpressions({ text, context });

describe("functions: binding expressions", () => {
    const cases: [text: string, result: string][] = [
        ["plain", "plain"],
        ["{query.userId}", "u1"],
        ["{HEADERS.X-User}", "u2"],
        ["a-{NAME}-b", "a-bob-b"],
        ["{name}{name}", "bobbob"],
        ["{deep.inner.LEAF}", "x"],
        ["{name.Length}", "3"],
        ["{deep.inner.list.Count}", "2"],
        ["%some:setting%/%Some__Setting%", "value/value"],
        ["%braced%", "bob"],
        ["{{name}}", "{name}"],
        ["{{{name}}}", "{bob}"],
        // What has no text of its own is empty, and no error.
        ["[{deep}{deep.inner}{deep.inner.list}{claims.sub}{args}{nothing}{deep.inner.none}{part}{sys}]", "[]"],
        // Top members of a JSON body are texts; members below are JSON values. Both are written as .NET does.
        ["{big} {no} {day}", "1E+21 False 01/02/2026 03:04:05"],
        ["{deep.inner.yes} {deep.inner.part} {deep.inner.when}", "True 1.5 01/02/2026 02:04:05"],
        ["{text} {count} {kind}", "2026-01-02T03:04:05Z 3 1"],
        ["{sys.methodname}", "fn"],
        ["{sys.utcnow}", "2026-01-02T03-04-05Z"],
        ["{sys.UtcNow:yyyy/MM}", "2026/01"],
        ["{DateTime}", "2026-01-02T13-04-05Z"],
        ["{datetime:yyyy-MM-dd}", "2026-01-02"],
        ["{datetime:HH:mm}", "13:04"],
        // A name that begins with that of a built-in is the built-in.
        ["{DateTimes}", "2026-01-02T13-04-05Z"],
        // Formats apply to dates and GUIDs only.
        ["{name:yyyy}", "bob"],
    ];
    for (const [text, result] of cases) {
        it(`${text} is '${result}'`, () => assert.equal(resolve(text), result));
    }

    // Source: Utility.ApplyBindingData of azure-webjobs-sdk-extensions, which reads a body with JObject.Parse and casts values to text.
    const bodies: [name: string, body: string, text: string, result: string][] = [
        ["single quotes and names without quotes", "{'hub': 'chat', room: 1}", "{hub}-{room}", "chat-1"],
        ["comments and a comma at the end", '{ /* why */ "hub": "chat", // where\n }', "{hub}", "chat"],
        ["a whole number longer than JavaScript's", '{"id": 9007199254740993}', "{id}", "9007199254740993"],
        ["a negative one", '{"id": -9223372036854775807}', "{id}", "-9223372036854775807"],
        ["one longer than 64 bits", '{"id": 18446744073709551616}', "{id}", "18446744073709551616"],
        ["one inside", '{"user": {"id": 9007199254740993}}', "{user.id}", "9007199254740993"],
        ["a long text of digits", '{"id": "00009007199254740993"}', "{id}", "00009007199254740993"],
        ["no number", '{"id": NaN, "most": -Infinity}', "{id} {most}", "NaN -Infinity"],
        ["a name twice", '{"hub": "a", "hub": "b"}', "{hub}", "b"],
        ["undefined, which is no value", '{"Query": undefined, "hub": "a"}', "{hub}", "a"],
    ];
    for (const [name, body, text, result] of bodies) {
        it(`reads a body with ${name}`, () => {
            const data = bindingData(jsonMembers(body));
            assert.equal(resolveExpressions({ text, context: { ...context, data } }), result);
        });
    }
    for (const body of ["{'a': 1} // end", "{a: 1", "{a 1}", '{"a": 0x}', "[1]", ""]) {
        it(`finds no members in ${JSON.stringify(body)}`, () => assert.deepEqual(jsonMembers(body), []));
    }

    const doesNotExist = (name: string) => `Error while accessing '${name}': property doesn't exist.`;
    const failures: [text: string, message: string][] = [
        ["{nobody}", "No value for named parameter 'nobody'."],
        ["{none}", "No value for named parameter 'none'."],
        ["{list}", "No value for named parameter 'list'."],
        ["{query.missing}", doesNotExist("missing")],
        ["{query.USERID}", doesNotExist("USERID")],
        ["{query.constructor}", doesNotExist("constructor")],
        ["{headers.x-missing}", doesNotExist("x-missing")],
        ["{headers.__proto__}", doesNotExist("__proto__")],
        ["{claims.missing}", doesNotExist("missing")],
        ["{deep.missing.leaf}", doesNotExist("missing")],
        ["{deep.toString}", doesNotExist("toString")],
        ["{deep.inner.leaf.length}", doesNotExist("length")],
        ["{deep.inner.none.x}", doesNotExist("x")],
        ["{deep.inner.list.0}", doesNotExist("0")],
        ["{name.first}", doesNotExist("first")],
        ["{count.x}", doesNotExist("x")],
        ["{sys.nothing}", doesNotExist("nothing")],
        ["{nothing.x}", "Error while accessing 'x': Object reference not set to an instance of an object."],
        ["{}", "Invalid template '{}'. The parameter name at position 1 is empty."],
        ["a{name", "Invalid template 'a{name'. Missing closing bracket at position 2."],
        ["name}", "Invalid template 'name}'. Missing opening bracket at position 5."],
        ["{ name }", "Invalid template '{ name }'. Invalid template expression ' name '."],
        ["{1st}", "Invalid template '{1st}'. Invalid template expression '1st'."],
        ["{a-b}", "Invalid template '{a-b}'. The parameter name 'a-b' is invalid."],
        ["{deep..leaf}", "Illegal expression: deep..leaf"],
        ["%nothing%", "'%nothing%' does not resolve to a value: there is no app setting 'nothing'."],
        ["50%", "The '%' at position 2 of '50%' does not have a closing '%'."],
    ];
    for (const [text, message] of failures) {
        it(`refuses ${text}`, () => assert.throws(() => resolve(text), { message }));
    }

    it("{rand-guid} is a new identifier each time, in .NET's formats", () => {
        assert.match(resolve("{rand-guid}"), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
        assert.notEqual(resolve("{rand-guid}"), resolve("{rand-guid}"));
        assert.match(resolve("{rand-guid:N}"), /^[0-9a-f]{32}$/);
        assert.match(resolve("{RAND-GUID:b}"), /^\{[0-9a-f-]{36}\}$/);
        assert.match(resolve("{rand-guid:P}"), /^\([0-9a-f-]{36}\)$/);
        assert.throws(() => resolve("{rand-guid:Q}"), /Format string/);
    });

    it("resolves only the properties that the vendor's attribute resolves, in any spelling", () => {
        const binding = {
            name: "{name}",
            type: "x",
            direction: "in" as const,
            HUB: "{name}",
            userId: "%some:setting%",
            other: "{name}",
        };
        assert.deepEqual(resolveBinding({ binding, context, autoResolved: ["hub", "userId"] }), {
            name: "{name}",
            type: "x",
            direction: "in",
            hub: "bob",
            userId: "value",
            other: "{name}",
        });
    });

    it("lets the last of several values of a name count, whatever its case", () => {
        const data = bindingData([["User", "one"]], [["user", "two"]]);
        assert.deepEqual(Object.entries(data), [["User", "two"]]);
    });
});

describe("functions: .NET's date formats", () => {
    const date = new Date(Date.UTC(2026, 8, 3, 15, 4, 5, 60));
    const cases: [format: string, result: string][] = [
        ["d", "09/03/2026"],
        ["o", "2026-09-03T15:04:05.0600000Z"],
        ["R", "Thu, 03 Sep 2026 15:04:05 GMT"],
        ["s", "2026-09-03T15:04:05"],
        ["u", "2026-09-03 15:04:05Z"],
        ["%d", "3"],
        ["d.M.yy", "3.9.26"],
        ["dddd, dd MMMM", "Thursday, 03 September"],
        ["ddd MMM", "Thu Sep"],
        ["h:mm tt", "3:04 PM"],
        ["ss.fff", "05.060"],
        ["ss.FFF", "05.06"],
        ["yyyy'y'\\d", "2026yd"],
        ["zzz", "+00:00"],
    ];
    for (const [format, result] of cases) {
        it(`${format} is '${result}'`, () => assert.equal(formatDate(date, format), result));
    }
    it("refuses a letter that is no format", () => assert.throws(() => formatDate(date, "q"), /correct format/));
});
