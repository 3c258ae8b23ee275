import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ResourceState } from "../../local/engine/state";
import { unreadSettings } from "../../local/localSettings";

const resource = (type: string, { inputs = {}, outputs = {} }: Partial<Pick<ResourceState, "inputs" | "outputs">>) =>
    ({ type, inputs, outputs }) as unknown as ResourceState;
const code = (codePath: string) => resource("azure-realtime:index:FunctionCode", { outputs: { codePath } });
const settings = (properties: Record<string, string>, slot = "") =>
    resource(`azure-native:web:WebAppApplicationSettings${slot}`, { inputs: { properties } });
const site = (siteConfig: object) => resource("azure-native:web:WebApp", { inputs: { siteConfig } as never });

describe("the local.settings.json of an app that starts", () => {
    let project: string;

    before(() => {
        project = mkdtempSync(join(tmpdir(), "local-settings-"));
        writeFileSync(join(project, "Pulumi.yaml"), "name: p\nruntime: nodejs\nmain: index.js\n");
        writeFileSync(join(project, "index.js"), "");
        mkdirSync(join(project, "app"));
        mkdirSync(join(project, "bare"));
    });
    after(() => rmSync(project, { recursive: true, force: true }));

    const warningsOf = (text: string, ...resources: ResourceState[]) => {
        writeFileSync(join(project, "app", "local.settings.json"), text);
        return unreadSettings([code("app"), ...resources], project);
    };
    const values = (Values: object, more: object = {}) => JSON.stringify({ IsEncrypted: false, Values, ...more });

    it("is read by nobody: what it alone gives is named, without a value", () => {
        const [warning = "", ...more] = warningsOf(
            values({ hubName: "secret-1", GREETING: "secret-2" }),
            settings({ GREETING: "x" }),
        );
        assert.match(
            warning,
            /local\.settings\.json in .*app has hubName, and no app of this stack does\..*appSettings/,
        );
        assert.doesNotMatch(warning, /secret|GREETING/);
        assert.deepEqual(more, []);
    });

    for (const [what, text, ...resources] of [
        [
            "what func itself needs",
            values({ AzureWebJobsStorage: "UseDevelopmentStorage=true", FUNCTIONS_WORKER_RUNTIME: "node" }),
        ],
        [
            "a connection that the app has in several settings",
            values({ WebPubSubConnectionString: "Endpoint=x" }),
            settings({ WebPubSubConnectionString__serviceUri: "https://x" }),
        ],
        [
            "a connection in several settings that the app has in one",
            values({ Chat__endpoint: "https://x", "Chat:credential": "y" }),
            settings({ Chat: "Endpoint=x" }),
        ],
        ["a setting in another case", values({ HUBNAME: "a" }), settings({ hubName: "a" })],
        ["a setting of the app's own list", values({ A: "1" }), site({ appSettings: [{ name: "A", value: "1" }] })],
        ["a setting of a slot", values({ A: "1" }), settings({ A: "1" }, "Slot")],
        ["no Values", "{}"],
        ["Values that are no map", '{ "Values": ["a"] }'],
        ["a damaged file, which func refuses", "{"],
        [
            "pages of other origins that the app allows",
            values({}, { Host: { CORS: "*" } }),
            site({ cors: { allowedOrigins: ["*"] } }),
        ],
        ["no pages of other origins", values({}, { Host: { LocalHttpPort: 7071, CORS: "" } })],
    ] as [string, string, ...ResourceState[]][]) {
        it(`says nothing of ${what}`, () => assert.deepEqual(warningsOf(text, ...resources), []));
    }

    it("names settings in a file with comments and a byte order mark, as Core Tools read it", () => {
        const text = `\uFEFF{ // mine\n 'values': { "A": "1", /* b */ "B": "2", }, }`;
        assert.match(warningsOf(text).join(), /has A, B, and/);
    });

    it("names pages of other origins", () => {
        const found = warningsOf(values({}, { Host: { CORS: "http://localhost:5173" } }), site({}));
        assert.deepEqual(found.length, 1);
        assert.match(found[0] ?? "", /Host\.CORS, which is for func alone\. Give the component cors/);
    });

    it("is not asked for", () => {
        assert.deepEqual(unreadSettings([code("bare"), site({})], project), []);
    });
});
