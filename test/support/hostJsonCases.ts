/** A host.json as Azure's host reads it. The check before deployment and the local host are held to the same cases. */
export interface HostJsonCase {
    what: string;
    content: string | Buffer;
    /** Prefix of the routes that it asks for. Undefined when the host does not start. */
    prefix?: string;
}

const version = '"version":"2.0"';
const prefixed = (prefix: string) => `"extensions":{"http":{"routePrefix":"${prefix}"}}`;
const whole = `{${version},${prefixed("p")}}`;
const nested = (depth: number) => `{${version},"a":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;
const utf16 = (text: string) => Buffer.from(`\uFEFF${text}`, "utf16le");
const bundle = (text: string) => `{${version},"extensionBundle":${text}}`;
const general = '"id":"Microsoft.Azure.Functions.ExtensionBundle"';

// Sources: JsonTextReader.cs, JsonReader.cs and JObject.cs of JamesNK/Newtonsoft.Json; HostJsonFileConfigurationSource.cs,
// ExtensionBundleConfigurationHelper.cs and ScriptStartupTypeLocator.cs of azure-functions-host.
export const hostJsonCases: readonly HostJsonCase[] = [
    { what: "plain", content: whole, prefix: "p" },
    { what: "an empty object", content: "{}", prefix: "api" },
    { what: "comments around it", content: `// a\n/* b */${whole}// c\n/*d*/`, prefix: "p" },
    { what: "comments inside", content: `{/*a*/${version}//b\n,/*c*/${prefixed("p")}/*d*/}`, prefix: "p" },
    { what: "a comment before a value", content: `{"version":/*x*/"2.0"}`, prefix: "api" },
    { what: "a comment before a colon", content: `{"version"/*x*/:"2.0"}` },
    { what: "a comment that does not end", content: `${whole}/* a` },
    { what: "half a comment", content: `${whole}/` },
    { what: "commas at the ends", content: `{${version},"a":[1,],${prefixed("p")},}`, prefix: "p" },
    { what: "a comma alone", content: "{,}" },
    { what: "a truth value of another type", content: `{${version},"healthMonitor":{"enabled":"yes"}}` },
    { what: "a number of another type", content: `{${version},"aggregator":{"batchSize":1.5}}` },
    { what: "a time span of another type", content: `{${version},"Singleton":{"lockPeriod":"15s"}}` },
    { what: "a null for a truth value", content: `{${version},"concurrency":{"dynamicConcurrencyEnabled":null}}` },
    { what: "a text for a number", content: `{${version},"aggregator":{"batchSize":" 5 "}}`, prefix: "api" },
    { what: "two commas", content: `{${version},,"a":1}` },
    { what: "values left out of a list", content: `{${version},"a":[,1,,]}`, prefix: "api" },
    { what: "a value left out", content: `{${version},"a":,"b":1}`, prefix: "api" },
    { what: "single quotes", content: whole.replaceAll('"', "'"), prefix: "p" },
    { what: "mixed quotes", content: `{"version':"2.0"}` },
    { what: "names without quotes", content: `{version:"2.0",$schema:"x",_a1:{extensions:1}}`, prefix: "api" },
    { what: "a name with a hyphen", content: `{${version},a-b:1}` },
    { what: "words without quotes", content: "{version:2.0x}" },
    {
        what: "odd numbers",
        content: `{${version},a:[NaN,Infinity,-Infinity,0x1F,017,.5,5.,-.5,1e400,1E+2]}`,
        prefix: "api",
    },
    { what: "a number that is none", content: `{${version},"a":1.2.3}` },
    { what: "an octal number with an 8", content: `{${version},"a":018}` },
    { what: "a plus sign", content: `{${version},"a":+1}` },
    { what: "undefined and a constructor", content: `{${version},"a":undefined,"b":new Date(1,[2])}`, prefix: "api" },
    { what: "a word that is none", content: `{${version},"a":True}` },
    { what: "escapes", content: `{"vers\\u0069on":"2\\u002e0","a":"\\/\\'\\b"}`, prefix: "api" },
    { what: "an escape that is none", content: `{${version},"a":"\\x41"}` },
    { what: "line breaks in a text", content: `{${version},"a":"x\r\ny"}`, prefix: "api" },
    { what: "a text that does not end", content: `{"version":"2.0` },
    { what: "an object that does not end", content: `{${version}` },
    { what: "a list closed by a brace", content: `{${version},"a":[1}}` },
    { what: "text behind it", content: `${whole} x` },
    { what: "two objects", content: `${whole}{}` },
    { what: "other white space", content: `{\u00a0${version}\u2028,\u0085${prefixed("p")}\f}`, prefix: "p" },
    { what: "an empty file", content: "" },
    { what: "only comments", content: "// nothing\n" },
    { what: "a list", content: "[]" },
    { what: "a text", content: '"2.0"' },
    { what: "null", content: "null" },
    { what: "64 levels", content: nested(64), prefix: "api" },
    { what: "65 levels", content: nested(65) },
    { what: "a byte order mark", content: `\uFEFF${whole}`, prefix: "p" },
    { what: "two byte order marks", content: `\uFEFF\uFEFF${whole}` },
    { what: "UTF-16", content: utf16(whole), prefix: "p" },
    { what: "UTF-16, the high byte first", content: utf16(whole).swap16(), prefix: "p" },
    { what: "UTF-16 without a mark", content: Buffer.from(whole, "utf16le") },
    {
        what: "bytes that are no UTF-8",
        content: Buffer.concat([Buffer.from(`{${version},"a":"`), Buffer.from([0xff]), Buffer.from('"}')]),
        prefix: "api",
    },
    { what: "the version twice, right at last", content: `{"version":"1.0",${version}}`, prefix: "api" },
    { what: "the version twice, wrong at last", content: `{${version},"version":"1.0"}` },
    { what: "the version in capitals", content: '{"Version":"2.0"}' },
    { what: "the version as a number", content: '{"version":2.0}' },
    { what: "the version as null", content: '{"version":null}' },
    { what: "a section twice", content: `{${version},${prefixed("a")},${prefixed("b")}}`, prefix: "b" },
    {
        what: "a section twice, in another case",
        content: `{${version},${prefixed("a")},${prefixed("b").replace("ext", "Ext").replace("http", "HTTP")}}`,
        prefix: "b",
    },
    { what: "a path in a name", content: `{${version},"extensions:http:routePrefix":"c"}`, prefix: "c" },
    {
        what: "names that objects have",
        content: `{${version},"__proto__":{"extensions":1},"constructor":[],"toString":null}`,
        prefix: "api",
    },
    { what: "a bundle", content: bundle(`{${general},"version":"[4.*, 5.0.0)"}`), prefix: "api" },
    { what: "a bundle in other words", content: bundle(`{ID:"Own.Bundle","VERSION":4}`), prefix: "api" },
    { what: "a bundle without a version", content: bundle(`{${general}}`) },
    { what: "a bundle of version latest", content: bundle(`{${general},"version":"latest"}`) },
    { what: "a bundle of an old version", content: bundle(`{${general},"version":"[1.*, 2.0.0)"}`) },
    { what: "a bundle of a version to come", content: bundle(`{${general},"version":"[6.*, 7.0.0)"}`) },
    { what: "a bundle without an id", content: bundle(`{"version":"[4.*, 5.0.0)"}`) },
    { what: "a bundle that is a text", content: bundle('"latest"') },
    { what: "a bundle that is null", content: bundle("null") },
    { what: "a bundle that is empty", content: bundle("{}"), prefix: "api" },
    { what: "a bundle that is an empty list", content: bundle("[]"), prefix: "api" },
    { what: "a bundle that is undefined", content: bundle("undefined"), prefix: "api" },
];
