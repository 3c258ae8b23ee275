import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { readIgnoreRules } from "../../components/functionCode/ignoreRules";
import { resolveExpressions } from "../../emulator/functions/host/bindings/expressions";
import { readContext } from "../../emulator/functions/host/extensions/signalr/events";
import { decodeEvent } from "../../emulator/functions/host/extensions/socketio/packet";
import { parseSchedule } from "../../emulator/functions/host/extensions/timer/schedule";
import { buildAnswer } from "../../emulator/functions/host/extensions/webpubsub/answer";
import { parseEventHeaders } from "../../emulator/functions/host/extensions/webpubsub/events";
import { readEvent } from "../../emulator/functions/host/extensions/webpubsub/request";
import { readHostJson } from "../../emulator/functions/host/hostJson";
import { matchRoute } from "../../emulator/functions/host/http/matchRoute";
import { headerLists } from "../../emulator/functions/host/http/webhookRequest";
import { createSettings } from "../../emulator/functions/host/settings";
import { parseReference, referencePattern } from "../../emulator/vault/referenceSyntax";
import { evaluateTemplate } from "../../local/arm/template";
import { parseRouteTemplate } from "../../rules/routeTemplate";
import { parseTimeSpan } from "../../rules/timeSpan";
import { deep, jsonOf, messagePackBytes, names, wordsOf } from "./generators";
import { jsonProtocolBody } from "./hostBodies";
import { target } from "./target";

/** An error that is written for a person, and not one of the language's own about code. */
function explained(run: () => unknown): void {
    try {
        run();
    } catch (error) {
        if (
            !(error instanceof Error) ||
            error instanceof TypeError ||
            error instanceof ReferenceError ||
            error instanceof RangeError
        ) {
            throw error;
        }
    }
}

const million = Buffer.from("dd01ffffff", "hex");
const template = jsonOf({
    variables: [
        { a: "[variables('a')]" },
        { a: "[variables('b')]", b: "[variables('a')]" },
        { a: ["[variables('a')]"] },
    ],
    parameters: [{ a: { type: "string", defaultValue: "[variables('a')]" } }, { constructor: { type: "string" } }],
    resources: [[{ type: "t", name: "[variables('a')]" }], [{ type: "t", name: "[parameters('constructor')]" }]],
    outputs: [{ o: { type: "string", value: "[variables('a')]" } }],
});
const expression = wordsOf(
    "concat(",
    "parameters('a')",
    "parameters('constructor')",
    "variables('a')",
    ")",
    "(",
    ",",
    "'a'",
    "[0]",
    ".x",
    "1",
    "createObject(",
    "format('{0}',",
    "utcNow()",
    "'",
    "resourceId(",
    "reference(",
    " ",
);
const environment = {
    subscriptionId: "s",
    resourceGroup: "g",
    location: "l",
    now: new Date(0),
    serviceSas: () => "sas",
    properties: () => ({}),
};
const host = { settings: createSettings({ name: "value" }), now: () => new Date(0) };
const headers = fc.array(
    fc.tuple(
        fc.constantFrom(
            "ce-connectionId",
            "ce-hub",
            "ce-type",
            "ce-eventName",
            "ce-userId",
            "ce-signature",
            "ce-connectionState",
            "WebHook-Request-Origin",
            "Content-Type",
            "x-asrs-hub",
            "x-asrs-category",
            "x-asrs-event",
            "x-asrs-connection-id",
            "x-asrs-client-query",
            "x-asrs-user-claims",
            "constructor",
            "__proto__",
        ),
        fc.oneof(
            fc.constantFrom(
                "azure.webpubsub.sys.connect",
                "azure.webpubsub.user.a",
                "connect",
                "a",
                "localhost",
                "text/plain",
                "constructor",
                "eyJhIjoiZWEifQ==",
                "?a=b&__proto__=c",
                "a: b, constructor: c",
            ),
            fc.string(),
        ),
    ),
    { maxLength: 12 },
);
const folder = mkdtempSync(join(tmpdir(), "azure-realtime-fuzz-"));

/** The parsers of the Functions host, of Key Vault references and of templates. */
export const hostTargets = [
    target({
        name: "route templates and paths",
        examples: [
            { text: "x/{a}-{b}-{c}!", path: `/x/${"-".repeat(2000)}` },
            { text: "f/{a}.{b}.{c}x", path: `/f/${".".repeat(8000)}` },
            { text: `{a${":x()".repeat(25)}!}`, path: "/a" },
            { text: "{id:constructor}", path: "/a" },
        ],
        input: fc.record({
            text: wordsOf(
                "{a}",
                "{b:int}",
                "{*c}",
                "{",
                "}",
                "/",
                ".",
                "-",
                ":",
                "(",
                ")",
                "=",
                "?",
                "a",
                ":length(1,2)",
                ":constructor",
                "{c?}",
                "{d=1}",
            ),
            path: wordsOf("/", "a", ".", "-", "1", "%2F", "%", "aa"),
        }),
        parse: ({ text, path }) =>
            explained(() => matchRoute({ template: parseRouteTemplate(text), path: path.slice(0, 8000) })),
    }),
    target({
        name: "events for functions",
        examples: [
            { pairs: [], body: Buffer.concat(Array.from({ length: 80 }, () => million)), text: "" },
            {
                pairs: [["constructor", "a"]],
                body: Buffer.from(`{"a":${"[".repeat(9000)}`),
                text: `42["a",${"[".repeat(9000)}`,
            },
        ] as { pairs: [string, string][]; body: Buffer; text: string }[],
        input: fc.record({
            pairs: headers,
            body: fc.oneof(
                messagePackBytes,
                jsonOf({ type: [1], target: ["a"], arguments: [[]], claims: [{}], reason: ["r"], error: ["e"] }).map(
                    (text) => Buffer.from(text),
                ),
            ),
            text: wordsOf("4", "2", "/ns,", '["a"]', "1", "-", "51-", '["__proto__"]', "b", "99999999999999999999"),
        }),
        parse({ pairs, body, text }) {
            const request = { method: "POST", headers: headerLists(pairs.flat()), body };
            explained(() => readContext(request));
            explained(() => readEvent({ context: parseEventHeaders(request), request }));
            explained(() => decodeEvent(text));
            jsonProtocolBody(body);
        },
    }),
    target({
        name: "answers of functions",
        input: jsonOf({
            code: ["success", "userError", "constructor", 5],
            states: [{ a: 1 }, []],
            data: ["x", { type: "Buffer", data: [1, "a"] }],
            dataType: ["text", 1, 7, "constructor"],
            userId: ["u"],
        }),
        parse(text) {
            let value: unknown;
            try {
                value = JSON.parse(text);
            } catch {
                return;
            }
            for (const kind of ["connect", "user"] as const) {
                buildAnswer({ value, kind, states: new Map() });
            }
        },
        // A function that returns what cannot be written as JSON gets this error in its own log.
        expected: [RangeError],
    }),
    target({
        name: "binding expressions",
        examples: ["{__proto__}", "{a.constructor}", `${"{".repeat(5000)}a`, "%".repeat(5001)],
        input: wordsOf(
            "{",
            "}",
            "%",
            "name",
            "a",
            ".",
            "rand-guid",
            ":",
            "DateTime",
            "yyyy-MM",
            "constructor",
            "__proto__",
            "sys.utcnow",
            "Query",
        ),
        parse: (text) =>
            explained(() => resolveExpressions({ text, context: { ...host, data: { a: { b: 1 }, Query: {} } } })),
    }),
    target({
        name: "Key Vault references",
        examples: [
            "SecretUri=",
            "VaultName=a;SecretName=__proto__",
            "SecretUri=http://[",
            `@Microsoft.KeyVault(${"(".repeat(5000)}`,
        ],
        input: wordsOf(
            "SecretUri=",
            "VaultName=",
            "SecretName=",
            "SecretVersion=",
            ";",
            "=",
            "https://v.vault.azure.net/secrets/",
            "a",
            "/",
            "@Microsoft.KeyVault(",
            ")",
            "{",
            "}",
            "http://[",
        ),
        parse(text) {
            explained(() => parseReference(text));
            text.replace(referencePattern, "");
        },
    }),
    target({
        name: "template expressions",
        examples: [
            `${"concat(".repeat(9000)}`,
            `parameters('a')${"[0]".repeat(9000)}`,
            "parameters('constructor')",
            "variables('a')",
        ],
        input: expression,
        parse: (text) =>
            explained(() =>
                evaluateTemplate({
                    template: { resources: [{ type: "t", name: `[${text}]` }], variables: { a: `[${text}]` } },
                    parameters: {},
                    environment,
                }).outputs(),
            ),
    }),
    target({
        name: "templates",
        examples: ['{"variables":{"a":"[variables(\'a\')]"},"outputs":{"o":{"value":"[variables(\'a\')]"}}}'],
        input: template,
        parse(text) {
            let value: unknown;
            try {
                value = JSON.parse(text);
            } catch {
                return;
            }
            if (typeof value === "object" && value !== null && text.length < 5000) {
                explained(() =>
                    evaluateTemplate({
                        template: value as Record<string, never>,
                        parameters: {},
                        environment,
                    }).outputs(),
                );
            }
        },
    }),
    target({
        name: "schedules and time spans",
        examples: ["* * * * * 99999999999", `${"*/".repeat(5000)} * * * * *`, "0 0 0 31 2 *", "9999999999.00:00:00"],
        input: wordsOf(
            "*",
            "/",
            "-",
            ",",
            " ",
            "0",
            "5",
            "59",
            "L",
            "W",
            "#",
            "?",
            "MON",
            "JAN",
            "00:00:05",
            "1.02:00:00",
            ":",
            ".",
        ),
        parse(text) {
            parseTimeSpan(text);
            explained(() => parseSchedule(text.slice(0, 200)).next(0));
        },
    }),
    target({
        name: "host.json",
        examples: [
            "[".repeat(9000),
            '{"extensions":{"http":{"routePrefix":{}}},"functions":[{"toString":1}]}',
            "\ufeff{}",
            "// a\n{}",
        ],
        input: fc.oneof(
            jsonOf({
                version: ["2.0", 2],
                functionTimeout: ["00:05:00", "-1", "x", 5],
                extensions: [{ http: { routePrefix: "x" } }, null],
                extensionBundle: [{ id: "a", version: "[4.*, 5.0.0)" }, []],
                functions: [["a"], [{}], "a"],
            }),
            deep,
        ),
        parse(text) {
            writeFileSync(join(folder, "host.json"), text);
            explained(() => readHostJson({ folder, settings: createSettings({}), sku: "Dedicated" }));
        },
    }),
    target({
        name: ".funcignore",
        examples: [{ line: `${"*a".repeat(40)}b`, path: "a".repeat(250) }],
        input: fc.record({
            line: wordsOf("*", "**", "/", "a", "?", "[a-b]", "[", "]", "!", "\\", "#", " "),
            path: wordsOf("a", "b", "/", ".", "aa"),
        }),
        parse({ line, path }) {
            readIgnoreRules([line.slice(0, 1000)])(path.slice(0, 1000));
        },
    }),
    target({
        name: "names in headers",
        input: fc.array(fc.tuple(names, names)),
        parse(pairs) {
            const lists = headerLists(pairs.flat());
            for (const [name] of pairs) {
                if (!Object.hasOwn(lists, name.toLowerCase())) {
                    throw new Error(`the header '${name}' vanished`);
                }
            }
        },
    }),
];
