import assert from "node:assert/strict";
import { writeByHand } from "../../bench/program/byHand";
import type { Recorded } from "../../local/engine/recorder";

function recorded(one: Pick<Recorded, "type" | "name"> & Partial<Recorded>): Recorded {
    return {
        urn: `urn of ${one.name}`,
        custom: true,
        inputs: {},
        secretInputs: [],
        dependencies: [],
        propertyDependencies: {},
        ignoreChanges: [],
        replaceOnChanges: [],
        additionalSecretOutputs: [],
        aliases: [],
        protect: false,
        retainOnDelete: false,
        ...one,
    };
}

describe("the program by hand", () => {
    it("creates the same resources without components, each class from its own file, with the same dependencies", () => {
        const group = recorded({ type: "azure-native:resources:ResourceGroup", name: "chat" });
        const secret = recorded({ type: "random:index/randomString:RandomString", name: "key" });
        const app = recorded({
            type: "azure-native:web:WebApp",
            name: "app",
            inputs: { name: "a", tags: { x: [1, true] }, key: "k" },
            secretInputs: ["key"],
            dependencies: [group.urn, secret.urn],
            propertyDependencies: { key: [secret.urn] },
        });
        const component = recorded({ type: "azure-realtime:index:FunctionApp", name: "backend", custom: false });
        assert.deepEqual(writeByHand({ recorded: [component, group, secret, app], file: "/f.zip" }).split("\n"), [
            'import * as pulumi from "@pulumi/pulumi";',
            'import { RandomString as index_RandomString } from "@pulumi/random/randomString";',
            'import { ResourceGroup as resources_ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup";',
            'import { WebApp as web_WebApp } from "@pulumi/azure-native/web/webApp";',
            "",
            'const resource0 = new resources_ResourceGroup("chat", {  });',
            'const resource1 = new index_RandomString("key", {  });',
            'const resource2 = new web_WebApp("app", { "name": "a", "tags": { "x": [1, true] }, "key": pulumi.secret(pulumi.all([resource1.id]).apply(() => ("k"))) }, { dependsOn: [resource0] });',
            "",
        ]);
    });
});
