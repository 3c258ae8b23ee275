/** A function.json that the Functions host on Azure puts in error, or takes. The check and the local host are held to the same cases. */
export interface FunctionCase {
    /** Name of the function, which is its folder's. */
    name: string;
    /** The text of function.json. */
    text: string;
    /** What the host says. Undefined when it takes the function. */
    message?: RegExp;
    /** Files beside function.json. Defaults to an index.js. */
    files?: Record<string, string>;
}

const http = { type: "httpTrigger", direction: "in", name: "req", authLevel: "anonymous" };
const answer = { type: "http", direction: "out", name: "$return" };
const timer = (schedule: unknown) => ({ type: "timerTrigger", direction: "in", name: "timer", schedule });
const json = (...bindings: object[]) => JSON.stringify({ bindings });
/** A function of one HTTP trigger with other properties. */
const httpWith = (properties: object) => json({ ...http, ...properties }, answer);
const named = (name: string) => json({ ...http, name }, answer);
const long = (length: number) => "n".repeat(length);

// Sources: Utility.cs, HostFunctionMetadataProvider.cs, FunctionDescriptorProvider.cs, BindingMetadata.cs, FunctionBinding.cs and
// ScriptHost.cs of azure-functions-host.
export const functionCases: readonly FunctionCase[] = [
    // Names of functions.
    ...[
        "1-first-step",
        "report1.0",
        "GET users",
        "host",
        "HOST",
        "_private",
        "-x",
        "ähm",
        "a$b",
        "a+b",
        "a,b",
        long(129),
    ].map((name) => ({ name, text: httpWith({}), message: /'.*' is not a valid function name\./ })),
    ...["a", "first-step", "first_step", "A1", "hosts", "Host-1", "x-", long(128)].map((name) => ({
        name,
        text: httpWith({}),
    })),

    // Names of bindings.
    ...["notify-all", "send_all", "a b", "1st", "", "$request", "$RETURN", "a.b", "é", long(129)].map(
        (name, index) => ({
            name: `bindingName${index}`,
            text: named(name),
            message: new RegExp(
                `The binding name ${name.replaceAll("$", "\\$")} is invalid\\. Please assign a valid name to the binding\\.`,
            ),
        }),
    ),
    ...["req", "Req1", "x", long(128)].map((name, index) => ({ name: `goodName${index}`, text: named(name) })),
    { name: "noName", text: json({ type: "httpTrigger", direction: "in" }), message: /The binding name {2}is invalid/ },
    { name: "nullName", text: json({ ...http, name: null }, answer), message: /The binding name {2}is invalid/ },
    { name: "returnTrigger", text: named("$return"), message: /\$return bindings must specify a direction of 'out'\./ },
    {
        name: "returnInput",
        text: json(http, { ...answer, direction: "in" }),
        message: /\$return bindings must specify a direction of 'out'\./,
    },
    {
        name: "returnInOut",
        text: json(http, { ...answer, direction: "inout" }),
        message: /\$return bindings must specify a direction of 'out'\./,
    },
    {
        name: "twice",
        text: json(http, answer, answer),
        message: /Multiple bindings with name '\$return' discovered\. Binding names must be unique\./,
    },
    {
        name: "twiceByCase",
        text: json(http, { ...answer, name: "REQ" }),
        message: /Multiple bindings with name 'REQ' discovered/,
    },

    // Triggers, types and directions.
    { name: "noBindings", text: "{}", message: /At least one binding must be declared\./ },
    { name: "emptyBindings", text: json(), message: /At least one binding must be declared\./ },
    { name: "nullBindings", text: '{"bindings":null}', message: /At least one binding must be declared\./ },
    {
        name: "capitalBindings",
        text: `{"Bindings":[${JSON.stringify(http)}]}`,
        message: /At least one binding must be declared\./,
    },
    { name: "objectBindings", text: '{"bindings":{}}', message: /bindings must be a list/ },
    { name: "textBinding", text: '{"bindings":["httpTrigger"]}', message: /each binding must be an object/ },
    { name: "missingBinding", text: '{"bindings":[,]}', message: /each binding must be an object/ },
    {
        name: "noTrigger",
        text: json(answer),
        message: /No trigger binding specified\. A function must have a trigger input binding\./,
    },
    {
        name: "outTrigger",
        text: json({ ...http, direction: "out" }, answer),
        message: /No trigger binding specified/,
    },
    {
        name: "twoTriggers",
        text: json(http, timer("0 * * * * *")),
        message: /Multiple trigger bindings defined\. A function can only have a single trigger binding\./,
    },
    {
        name: "noType",
        text: json(http, { name: "out", direction: "out" }),
        message: /Binding 'out' is invalid\. Bindings must specify a Type\./,
    },
    {
        name: "sideways",
        text: json({ ...http, direction: "sideways" }),
        message: /'sideways' is not a valid binding direction\./,
    },
    { name: "numberedDirection", text: json({ ...http, direction: 0 }, { ...answer, direction: 1 }) },
    { name: "wrongNumber", text: json({ ...http, direction: 7 }), message: /'7' is not a valid binding direction\./ },
    { name: "noDirection", text: json({ type: "httpTrigger", name: "req", authLevel: "anonymous" }, answer) },
    { name: "capitalDirection", text: json({ ...http, direction: "IN" }, { ...answer, direction: "Out" }) },
    {
        name: "capitalNames",
        text: json({ TYPE: "HTTPTRIGGER", Direction: "in", NAME: "req", AuthLevel: "Anonymous" }, answer),
    },
    {
        name: "httpInput",
        text: json(http, { type: "http", direction: "in", name: "res" }),
        message: /Http binding can only be used for output\./,
    },
    {
        name: "httpInOut",
        text: json(http, { type: "http", direction: "inout", name: "res" }),
        message: /Http binding can only be used for output\./,
    },
    {
        name: "attributes",
        text: JSON.stringify({ configurationSource: "magic", bindings: [http] }),
        message: /Illegal value 'magic' for 'configurationSource' property in attributes'\./,
    },
    { name: "configured", text: JSON.stringify({ configurationSource: "Config", bindings: [http, answer] }) },
    {
        name: "unknownType",
        text: json({ ...http, type: "carrierPigeonTrigger" }),
        message:
            /The binding type\(s\) 'carrierPigeonTrigger' (are not registered|were not found in the configured extension bundle)\. Please ensure the type is correct/,
    },

    // What Newtonsoft.Json makes of the other members of a binding. Sources: BindingMetadata.cs of azure-functions-host and
    // StringEnumConverter.cs of Newtonsoft.Json.
    ...(
        [
            { dataType: "text" },
            { DATATYPE: "bytes" },
            { dataType: 9 },
            { dataType: {} },
            { cardinality: "some" },
            { Cardinality: 2 },
            { connection: { name: "x" } },
            { connection: ["x"] },
            { properties: "x" },
            { properties: null },
        ] as object[]
    ).map((properties, index) => ({
        name: `member${index}`,
        text: httpWith(properties),
        message:
            /Error converting value .*: (dataType|cardinality|connection|properties) of the binding 'req' is not valid\./,
    })),
    ...(
        [
            { dataType: "Binary" },
            { dataType: "2" },
            { dataType: 1 },
            { dataType: "" },
            { dataType: null },
            { cardinality: "MANY" },
            { cardinality: 0 },
            { connection: 5 },
            { connection: null },
            { properties: {} },
        ] as object[]
    ).map((properties, index) => ({ name: `goodMember${index}`, text: httpWith(properties) })),

    // Retries. Sources: Utility.cs, ValidateRetryOptions, and RetryOptions.cs of azure-functions-host.
    {
        name: "retryWithoutCount",
        text: JSON.stringify({
            retry: { strategy: "fixedDelay", delayInterval: "00:00:01" },
            bindings: [http, answer],
        }),
        message: /maxRetryCount is missing/,
    },
    {
        name: "retryWithoutDelay",
        text: JSON.stringify({ retry: { strategy: 1, maxRetryCount: 1 }, bindings: [http, answer] }),
        message: /delayInterval is missing/,
    },
    {
        name: "retryLinear",
        text: JSON.stringify({ retry: { strategy: "linear", maxRetryCount: 1 }, bindings: [http, answer] }),
        message: /retry\.strategy is 'linear'/,
    },
    {
        name: "retryCapital",
        text: JSON.stringify({ Retry: { strategy: "linear" }, bindings: [http, answer] }),
    },

    // JSON.
    {
        name: "commentsInside",
        text: `{\n  // why\n  "bindings": [ ${JSON.stringify(http)}, /* and */ ${JSON.stringify(answer)}, ],\n}`,
    },
    { name: "singleQuotes", text: "{'bindings':[{'type':'httpTrigger','name':'req','authLevel':'anonymous'}]}" },
    { name: "bareNames", text: "{bindings:[{type:'httpTrigger',name:'req',authLevel:'anonymous'}]}" },
    { name: "byteOrderMark", text: `\uFEFF${httpWith({})}` },
    { name: "notJson", text: '{"bindings": [', message: /function\.json is not valid JSON: Unexpected end of content/ },
    { name: "emptyFile", text: "", message: /function\.json is not valid JSON: Error reading JObject/ },
    { name: "aList", text: "[]", message: /not an object: StartArray/ },
    { name: "twoObjects", text: "{}{}", message: /Additional text encountered/ },

    // Scripts.
    {
        name: "noScript",
        text: httpWith({}),
        files: {},
        message: /Unable to determine the primary function script\. Make sure at least one script file is present/,
    },
    {
        name: "otherScripts",
        text: httpWith({}),
        files: { "a.js": "", "b.js": "" },
        message: /Unable to determine the primary function script/,
    },
    {
        name: "missingScript",
        text: JSON.stringify({ scriptFile: "gone.js", bindings: [http] }),
        message:
            /Invalid script file name configuration\. The 'scriptFile' property is set to a file that does not exist\. It is 'gone\.js'/,
    },
    ...(["gone/", "..", "lib", "..\\\\other.js", " "] as string[]).map((scriptFile, index) => ({
        name: `noFile${index}`,
        text: JSON.stringify({ scriptFile, bindings: [http, answer] }),
        files: { "lib/index.js": "", "other.js": "", "index.js": "" },
        message: /The 'scriptFile' property is set to a file that does not exist/,
    })),
    {
        name: "numberedScript",
        text: JSON.stringify({ scriptFile: 5, bindings: [http] }),
        message: /does not exist\. It is '5'/,
    },
    {
        name: "objectScript",
        text: JSON.stringify({ scriptFile: {}, bindings: [http] }),
        message: /Can not convert Object to String: scriptFile/,
    },
    {
        name: "listedEntryPoint",
        text: JSON.stringify({ entryPoint: ["run"], bindings: [http] }),
        message: /Can not convert Array to String: entryPoint/,
    },
    { name: "emptyScript", text: JSON.stringify({ scriptFile: "", entryPoint: null, bindings: [http, answer] }) },
    {
        name: "deepScript",
        text: JSON.stringify({ scriptFile: "./lib/../lib/index.js", bindings: [http, answer] }),
        files: { "lib/index.js": "module.exports = async () => {};", "a.js": "", "b.js": "" },
    },

    // Scripts of another language. Source: ParseLanguage of HostFunctionMetadataProvider.cs and worker.config.json of the Node worker.
    ...["index.ts", "run.py", "run.csx", "main.jsx", "sample.dat", "script", "index.js.map"].map((file, index) => ({
        name: `language${index}`,
        text: httpWith({}),
        files: { [file]: "" },
        message: new RegExp(`Did not find functions with language \\[node\\]\\. Its script is '${file}'`),
    })),
    {
        name: "namedTypeScript",
        text: JSON.stringify({ scriptFile: "main.ts", bindings: [http] }),
        files: { "main.ts": "", "index.js": "" },
        message: /Its script is 'main\.ts', and the worker runs \.js, \.mjs, \.cjs\. Build it/,
    },
    { name: "capitalEnd", text: httpWith({}), files: { "MAIN.JS": "module.exports = async () => {};" } },

    { name: "oneScript", text: httpWith({}), files: { "main.js": "module.exports = async () => {};" } },
    { name: "runScript", text: httpWith({}), files: { "run.js": "module.exports = async () => {};", "other.js": "" } },
    {
        name: "commonScript",
        text: httpWith({}),
        files: { "index.cjs": "module.exports = async () => {};", "sample.dat": "" },
    },

    // HTTP triggers. Each has its own route unless the case says otherwise.
    {
        name: "adminRoute",
        text: httpWith({ route: "admin/users" }),
        message: /The specified route conflicts with one or more built in routes\./,
    },
    {
        name: "adminOnly",
        text: httpWith({}),
        message: /The specified route conflicts with one or more built in routes\./,
    },
    { name: "slashRuntime", text: httpWith({ route: "/Runtime" }), message: /one or more built in routes/ },
    {
        name: "levelUnknown",
        text: httpWith({ authLevel: "everyone" }),
        message: /Invalid value specified for binding property 'authLevel' of enum type AuthorizationLevel/,
    },
    { name: "methodText", text: httpWith({ methods: "get" }), message: /binding property 'methods' of type JArray/ },
    {
        name: "methodObjects",
        text: httpWith({ methods: [{ get: true }] }),
        message: /binding property 'methods' of type JArray/,
    },
    { name: "capitalRoute", text: httpWith({ ROUTE: "admin" }), message: /one or more built in routes/ },
    { name: "sameRoute1", text: httpWith({ route: "same" }) },
    {
        name: "sameRoute2",
        text: httpWith({ route: "/SAME/".slice(1) }),
        message: /The route specified conflicts with the route defined by function 'sameRoute1'\./,
    },
    { name: "methods1", text: httpWith({ route: "shared", methods: ["get"] }) },
    { name: "methods2", text: httpWith({ route: "shared", methods: ["post"] }) },
    {
        name: "methods3",
        text: httpWith({ route: "shared", methods: ["put", "post"] }),
        message: /conflicts with the route defined by function 'methods2'/,
    },

    // Schedules.
    { name: "everyMinute", text: json(timer("0 * * * * *")) },
    { name: "fiveFields", text: json(timer("*/5 * * * *")) },
    {
        name: "noSchedule",
        text: json({ type: "timerTrigger", name: "timer" }),
        message: /The schedule expression '' was not recognized as a valid cron expression or timespan string\./,
    },
    {
        name: "hourly",
        text: json(timer("@hourly")),
        message: /The schedule expression '@hourly' was not recognized as a valid cron expression or timespan string\./,
    },
    {
        name: "seventhDay",
        text: json(timer("0 0 0 * * 7")),
        message: /7 is higher than the maximum allowable value for the \[DayOfWeek\] field/,
    },
    {
        name: "scheduleList",
        text: json(timer(["0 * * * * *"])),
        message: /Invalid value specified for binding property 'schedule' of type String/,
    },
    { name: "capitalSchedule", text: json({ type: "timerTrigger", name: "timer", Schedule: "0 0 0 1 1 *" }) },
    ...(["yes", "", null, [], {}] as unknown[]).map((runOnStartup, index) => ({
        name: `startup${index}`,
        text: json({ ...timer("0 0 0 1 1 *"), runOnStartup }),
        message: /Invalid value specified for binding property 'runOnStartup' of type Boolean/,
    })),
    {
        name: "monitorText",
        text: json({ ...timer("0 0 0 1 1 *"), UseMonitor: "no" }),
        message: /binding property 'useMonitor' of type Boolean/,
    },
    { name: "goodFlags", text: json({ ...timer("0 0 0 1 1 *"), runOnStartup: "False", useMonitor: 0 }) },
    { name: "openSetting", text: json(timer("%OPEN")), message: /The '%' at position 0 does not have a closing '%'/ },
];
