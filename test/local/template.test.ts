import assert from "node:assert/strict";
import { addDuration, formatDate } from "../../local/arm/dates";
import { evaluateTemplate, type TemplateEnvironment } from "../../local/arm/template";
import type { Properties, Value } from "../../local/engine/values";

const environment: TemplateEnvironment = {
    subscriptionId: "s",
    resourceGroup: "rg",
    location: "westeurope",
    now: new Date("2026-01-31T10:00:00.250Z"),
    serviceSas: ({ accountId, request }) => `sas of ${accountId} for ${JSON.stringify(request.signedResource)}`,
    properties: (id) => ({ id }),
};

function evaluate(value: Value, more: Properties = {}): Value {
    const { outputs } = evaluateTemplate({
        template: { resources: [], outputs: { it: { type: "string", value } }, ...more },
        parameters: { app: { value: "chat" } },
        environment,
    });
    return (outputs().it as Properties).value ?? null;
}

const declared = { parameters: { app: { type: "string" } } };

describe("inline templates", () => {
    for (const [expression, expected] of [
        ["plain text", "plain text"],
        ["[[not an expression]", "[not an expression]"],
        ["[parameters('app')]", "chat"],
        ["[concat(parameters('app'), '/default/', 'it''s')]", "chat/default/it's"],
        ["[concat(createArray('a'), createArray('b'))]", ["a", "b"]],
        ["[format('{0}-{1}-{{x}}', parameters('app'), 3)]", "chat-3-{x}"],
        ["[utcNow()]", "20260131T100000Z"],
        ["[utcNow('u')]", "2026-01-31 10:00:00Z"],
        ["[dateTimeAdd(utcNow('u'), 'PT1H', 'yyyy-MM-ddTHH:mm:ssZ')]", "2026-01-31T11:00:00Z"],
        ["[dateTimeAdd(utcNow(), '-P1D')]", "20260130T100000Z"],
        ["[createObject('a', 1, 'b', createObject('c', 'd')).b.c]", "d"],
        ["[createObject('a', 'x')['a']]", "x"],
        ["[CONCAT(variables('v').deep, '!')]", "chat!"],
        [
            "[resourceId('Microsoft.Web/sites', 'x')]",
            "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Web/sites/x",
        ],
        [
            "[resourceId('other', 'Microsoft.Web/sites/config', 'x', 'y')]",
            "/subscriptions/s/resourceGroups/other/providers/Microsoft.Web/sites/x/config/y",
        ],
        ["[resourceGroup().location]", "westeurope"],
        ["[reference('/id').id]", "/id"],
        [
            "[listServiceSas('/account', '2024-01-01', createObject('signedResource', 'b')).serviceSasToken]",
            'sas of /account for "b"',
        ],
    ] as [string, Value][]) {
        it(`evaluates ${expression}`, () => {
            const variables = { v: { deep: "[parameters('app')]" } };
            assert.deepEqual(evaluate(expression, { ...declared, variables }), expected);
        });
    }

    for (const { expression, message } of [
        {
            expression: "[deployment()]",
            message: /template function deployment is not supported by the local Azure. Supported are: parameters, /,
        },
        {
            expression: "[reference('/id', '2024-01-01', 'Full')]",
            message: /reference with a third argument is not supported/,
        },
        { expression: "[concat('a']", message: /lacks a ","/ },
        { expression: "[concat('a') 'b']", message: /has text after its end/ },
        { expression: "[§]", message: /has a syntax error at "§"/ },
        { expression: "[parameters('nobody')]", message: /the template has no parameter "nobody"/ },
        {
            expression: "[dateTimeAdd(utcNow(), '1 hour')]",
            message: /"1 hour" is not a duration: it must be in ISO 8601/,
        },
        { expression: "[createObject('a', 1).b]", message: /reads the property "b", which its value does not have/ },
    ]) {
        it(`refuses ${expression}`, () => assert.throws(() => evaluate(expression, declared), message));
    }

    it("checks parameters by their type and reports all faults", () => {
        const template = {
            parameters: { a: { type: "securestring" }, b: { type: "int" }, c: { type: "bool" } },
            resources: [],
        };
        assert.throws(
            () =>
                evaluateTemplate({
                    template,
                    parameters: { b: { value: "1" }, c: { value: true }, d: { value: 1 } },
                    environment,
                }),
            /parameter "d" is not declared by the template; parameter "a" has no value; parameter "b" must be of type int/,
        );
    });

    it("refuses an unsupported property of a resource", () => {
        const template = { resources: [{ type: "t", name: "n", condition: "[parameters('x')]" }] };
        assert.throws(
            () => evaluateTemplate({ template, parameters: {}, environment }),
            /"condition" in a template's resource/,
        );
    });

    it("adds durations across months and years", () => {
        const from = new Date("2026-12-31T23:59:59Z");
        assert.equal(formatDate(addDuration(from, "P1Y1DT1S"), "s"), "2028-01-02T00:00:00");
    });

    it("keep parameters, outputs and members with names that every object inherits", () => {
        const named = (text: string): Properties => JSON.parse(text);
        const { outputs } = evaluateTemplate({
            template: named(
                `{"resources":[],"parameters":{"__proto__":{"type":"string"},"constructor":{"type":"string"}},"outputs":{
                    "__proto__":{"type":"string","value":"[parameters('__proto__')]"},
                    "constructor":{"type":"string","value":"[parameters('constructor')]"},
                    "object":{"type":"object","value":{"__proto__":1,"constructor":2}}}}`,
            ),
            parameters: named('{"__proto__":{"value":"a"},"constructor":{"value":"b"}}'),
            environment,
        });
        assert.equal(
            JSON.stringify(outputs()),
            '{"__proto__":{"type":"string","value":"a"},"constructor":{"type":"string","value":"b"},"object":{"type":"object","value":{"__proto__":1,"constructor":2}}}',
        );
        assert.equal(typeof formatDate(environment.now, "constructor"), "string");
    });
});
