import assert from "node:assert/strict";
import { decodeText, parseJsonObject, propertyOf } from "../../rules/json";

// Sources: JsonTextReader.cs, JObject.cs and their tests (JsonTextReaderTests) of JamesNK/Newtonsoft.Json.
const taken: [what: string, text: string, value: unknown][] = [
    ["an object", '{"a":1}', { a: 1 }],
    ["white space of any kind", ' \t\r\n\u00a0\u2003{\u0085"a" :\u20281 }\n', { a: 1 }],
    ["a comment behind a value", '{"a": 1 // why\n}', { a: 1 }],
    ["a comment to the end of the text", '{"a": 1} // why', { a: 1 }],
    ["a comment before the object", "/* first */ // second\n{}", {}],
    ["comments between all tokens", "/*1*/{/*2*/'a':/*3*/[/*4*/1/*5*/,/*6*/2/*7*/]/*8*/}/*9*/", { a: [1, 2] }],
    ["stars and slashes in a comment", "{/* * / ** //*/ 'a': 1}", { a: 1 }],
    ["a slash in a text, which is no comment", '{"a": "http://x/*y*/"}', { a: "http://x/*y*/" }],
    ["a comma before a brace", '{"a": 1,}', { a: 1 }],
    ["a comma before a bracket", '{"a": [1, 2, ]}', { a: [1, 2] }],
    ["a value that is left out", '{"a": [1,,2]}', { a: [1, undefined, 2] }],
    ["a list of nothing but a comma", '{"a": [,]}', { a: [undefined] }],
    ["a property without a value", '{"a": , "b": 1}', { a: undefined, b: 1 }],
    ["single quotes", "{'a': 'b'}", { a: "b" }],
    ["the other quote inside of quotes", `{"a": "it's", 'b': 'a "b"'}`, { a: "it's", b: 'a "b"' }],
    ["a name without quotes", "{a: 1, $b_2: 2, 3c: 3, ä: 4}", { a: 1, $b_2: 2, "3c": 3, ä: 4 }],
    ["a keyword as a name", "{true: 1, null: 2}", { true: 1, null: 2 }],
    ["escapes", String.raw`{"a": "\b\t\n\f\r\\\"\'\/\u00e4"}`, { a: "\b\t\n\f\r\\\"'/ä" }],
    ["a pair of surrogates", String.raw`{"a": "\ud83d\ude00"}`, { a: "😀" }],
    ["a line break in a text", '{"a": "b\nc"}', { a: "b\nc" }],
    ["numbers", '{"a": [-1, 1.5, .5, 1., 1e3, 1E-2, -.5]}', { a: [-1, 1.5, 0.5, 1, 1000, 0.01, -0.5] }],
    ["a hexadecimal number", '{"a": 0x1F}', { a: 31 }],
    ["an octal number", '{"a": 010}', { a: 8 }],
    ["a number before a comment", '{"a": 1/**/}', { a: 1 }],
    ["words", '{"a": [true, false, null]}', { a: [true, false, null] }],
    ["undefined", '{"a": undefined}', { a: undefined }],
    ["numbers that are none", '{"a": [NaN, Infinity, -Infinity]}', { a: [Number.NaN, Infinity, -Infinity] }],
    ["a constructor, whose value nobody uses", '{"a": new Date(1, "x"), "b": 2}', { a: undefined, b: 2 }],
    ["the last of two properties of one name", '{"a": 1, "a": 2}', { a: 2 }],
    ["names of another case as other properties", '{"a": 1, "A": 2}', { a: 1, A: 2 }],
    ["the name of a prototype", '{"__proto__": 1}', Object.fromEntries([["__proto__", 1]])],
    ["64 levels", `${'{"a":'.repeat(64)}1${"}".repeat(64)}`, undefined],
];

const refused: [what: string, text: string, message: RegExp][] = [
    ["nothing", "", /Error reading JObject from JsonReader\. Path '', line 1, position 0\./],
    ["only a comment", "// nothing", /Error reading JObject from JsonReader/],
    ["a list", "[1]", /Current JsonReader item is not an object: StartArray/],
    ["a text", '"a"', /is not an object/],
    ["two objects", "{} {}", /Additional text encountered after finished reading JSON content: \{/],
    ["a comma after the object", "{},", /Additional text encountered/],
    ["an open object", '{"a": 1', /Unexpected end of content while loading JObject\. Path 'a', line 1, position 7\./],
    ["an open list", '{"a": [1', /Unexpected end of content while loading JArray\. Path 'a\[0\]'/],
    [
        "no value before a brace",
        '{"version": }',
        /Unexpected character encountered while parsing value: \}\. Path 'version'/,
    ],
    ["a comma at the start", "{,}", /Invalid property identifier character: ,/],
    ["two commas between properties", '{"a": 1,, "b": 2}', /Invalid property identifier character: ,/],
    [
        "no comma between properties",
        '{"a": 1 "b": 2}',
        /After parsing a value an unexpected character was encountered: "/,
    ],
    ["no colon", '{"a" 1}', /Invalid character after parsing property name\. Expected ':' but got: 1/],
    ["an equals sign", "{a = 1}", /Expected ':' but got: =/],
    ["a comment between name and colon", '{"a" /* */: 1}', /Expected ':' but got: \//],
    ["a name with a hyphen", "{my-key: 1}", /Invalid JavaScript property identifier character: -/],
    ["a name in back quotes", "{`a`: 1}", /Invalid property identifier character: `/],
    ["an open text", '{"a": "b}', /Unterminated string\. Expected delimiter: "/],
    ["another closing quote", `{"a": "b'}`, /Unterminated string/],
    ["an unknown escape", String.raw`{"a": "\x41"}`, /Bad JSON escape sequence: \\x/],
    ["an escaped line break", '{"a": "b\\\nc"}', /Bad JSON escape sequence/],
    ["a broken code point", String.raw`{"a": "\u00zz"}`, /Invalid Unicode escape sequence: \\u00zz/],
    ["a plus before a number", '{"a": +1}', /Unexpected character encountered while parsing value: \+/],
    ["an octal number with a 9", '{"a": 09}', /Input string '09' is not a valid number/],
    ["two points in a number", '{"a": 1.2.3}', /Input string '1\.2\.3' is not a valid number/],
    ["letters after a number", '{"a": 1px}', /Unexpected character encountered while parsing number: p/],
    ["a word in capitals", '{"a": True}', /Unexpected character encountered while parsing value: T/],
    ["a bare word", '{"a": yes}', /Unexpected character encountered while parsing value: y/],
    ["an open comment", "{} /* open", /Unexpected end while parsing comment/],
    ["a hash comment", "# why\n{}", /is not an object/],
    ["one slash", '{"a": 1} / x', /Error parsing comment\. Expected: \*, got {2}/],
    ["65 levels", `${'{"a":'.repeat(65)}1${"}".repeat(65)}`, /MaxDepth of 64 has been exceeded/],
    ["an unclosed bracket", '{"a": [1}}', /unexpected character was encountered: \}/],
];

describe("JSON as the Functions host reads it", () => {
    for (const [what, text, value] of taken) {
        it(`takes ${what}`, () => {
            const found = parseJsonObject(text);
            if (value !== undefined) {
                assert.deepEqual(found, value);
            }
        });
    }
    for (const [what, text, message] of refused) {
        it(`refuses ${what}`, () => assert.throws(() => parseJsonObject(text), message));
    }

    it("names line and position of a fault", () => {
        const text = '{\n  "bindings": [\n    { "name": "a" "type": "b" }\n  ]\n}';
        assert.throws(() => parseJsonObject(text), /Path 'bindings\[0\]\.name', line 3, position 18\./);
    });

    // Source: File.ReadAllText of .NET, which looks for a byte order mark.
    for (const [name, bytes] of [
        ["UTF-8", Buffer.from("ä{}")],
        ["UTF-8 with a mark", Buffer.from("\uFEFFä{}")],
        ["UTF-16 with a mark", Buffer.from("\uFEFFä{}", "utf16le")],
        ["UTF-16 big endian with a mark", Buffer.from("\uFEFFä{}", "utf16le").swap16()],
    ] as const) {
        it(`decodes ${name}`, () => assert.equal(decodeText(bytes), "ä{}"));
    }

    it("finds a property whatever the case of its name, the exact one first", () => {
        assert.equal(propertyOf({ Name: 1, name: 2 }, "name"), 2);
        assert.equal(propertyOf({ NAME: 1 }, "name"), 1);
        assert.equal(propertyOf({}, "toString"), undefined);
    });
});
