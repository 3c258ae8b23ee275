import assert from "node:assert/strict";
import { type ConfigDeclaration, resolveConfig } from "../../local/engine/config";
import { createDecrypt } from "../../local/engine/secrets";

const decrypt = createDecrypt({ salt: undefined, provider: undefined, env: {} });

function resolve(declarations: Record<string, ConfigDeclaration>, values: Record<string, unknown>) {
    return resolveConfig({ project: "chat", declarations, values, file: "Pulumi.dev.yaml", decrypt });
}

describe("config of a stack", () => {
    it("uses the stack's value, or else the project's default, as texts", () => {
        const declarations: Record<string, ConfigDeclaration> = {
            units: { type: "integer", default: 1 },
            hubs: { type: "array", default: ["a"] },
            "azure-native:location": { value: "westeurope" },
        };
        assert.deepEqual(resolve(declarations, { "chat:units": 5 }).values, {
            "chat:units": "5",
            "chat:hubs": '["a"]',
            "azure-native:location": "westeurope",
        });
    });

    it("marks declared secrets", () => {
        assert.deepEqual(resolve({ key: { type: "string", secret: true } }, { key: "x" }).secretKeys, ["chat:key"]);
    });

    it("tells faults of Pulumi.yaml before those of the stack, and shows no default that is a secret", () => {
        const declarations = {
            sizes: { type: "array", items: { type: "array", items: { type: "integer" } }, default: [[1], ["x"]] },
            key: { type: "integer", secret: true, default: "hush" },
            rest: { type: "float" },
            name: { type: "string" },
        } as unknown as Record<string, ConfigDeclaration>;
        assert.throws(() => resolve(declarations, {}), {
            message: [
                "The config that Pulumi.yaml declares is invalid:",
                '  the default of chat:sizes is [[1],["x"]]: it must be of type array<array<integer>>',
                "  the default of chat:key is a secret: it must be of type integer",
                "  the type of chat:rest is float: it must be string, integer, boolean, array, object",
            ].join("\n"),
        });
        assert.deepEqual(resolve({ sizes: declarations.sizes! }, { sizes: [[2]] }).values, { "chat:sizes": "[[2]]" });
    });

    it("reports every fault at once", () => {
        const declarations: Record<string, ConfigDeclaration> = {
            units: { type: "integer" },
            on: { type: "boolean" },
            name: { type: "string" },
        };
        assert.throws(() => resolve(declarations, { units: "many", on: 1, "chat:key": { secure: "v1:abc" } }), {
            message: [
                "The config in Pulumi.dev.yaml is invalid:",
                "  chat:key is encrypted and cannot be decrypted: its stack has no encryptionsalt, so its key is with a Pulumi service: set a plain value in a stack for local use",
                "  chat:units is many: it must be of type integer",
                "  chat:on is 1: it must be of type boolean",
                "  chat:name is missing: it needs a value of type string",
            ].join("\n"),
        });
    });
});
