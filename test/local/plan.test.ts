import assert from "node:assert/strict";
import type { Handler } from "../../local/engine/handler";
import { createHandlers } from "../../local/engine/handlers";
import { decide, previewed, toState } from "../../local/engine/plan";
import type { Registration } from "../../local/engine/registration";
import { findDependents } from "../../local/engine/removal";
import { emptyState } from "../../local/engine/state";
import type { Properties } from "../../local/engine/values";

const handler: Handler = {
    token: "t:m:T",
    replaceOn: ["name"],
    volatile: ["version"],
    secretOutputs: ["key"],
    check: ({ inputs }) => inputs,
    id: () => "",
    planned: (inputs) => inputs,
    create: async () => ({ id: "", outputs: {} }),
    update: async ({ before }) => before,
    resume: async ({ before }) => before,
    remove: async () => {},
};

function registration(inputs: Properties, more: Partial<Registration> = {}): Registration {
    return {
        type: handler.token,
        name: "r",
        custom: true,
        inputs,
        secretInputs: [],
        dependencies: [],
        propertyDependencies: {},
        ignoreChanges: [],
        replaceOnChanges: [],
        additionalSecretOutputs: [],
        aliases: [],
        protect: false,
        retainOnDelete: false,
        ...more,
    };
}

const made = { id: "id", outputs: { version: "1", port: 1 } };
const before = toState({ registration: registration({ name: "a", size: 1 }), urn: "urn:a", made, handler });

describe("the plan for a resource", () => {
    for (const { title, inputs, more, expected } of [
        { title: "is unchanged with the same inputs", inputs: { name: "a", size: 1 }, expected: "unchanged" },
        { title: "updates an input that can change", inputs: { name: "a", size: 2 }, expected: "updated" },
        { title: "replaces for an input that cannot change", inputs: { name: "b", size: 1 }, expected: "replaced" },
        {
            title: "replaces for an input that the program lists",
            inputs: { name: "a", size: 2 },
            more: { replaceOnChanges: ["size"] },
            expected: "replaced",
        },
    ]) {
        it(title, () => {
            assert.equal(
                decide({ registration: registration(inputs, more), handler, before, forced: false }).operation,
                expected,
            );
        });
    }

    it("recreates a resource that could not be reopened, and updates one that moved", () => {
        const r = registration(before.inputs);
        const reason = "because";
        assert.equal(
            decide({ registration: r, handler, before, forced: false, resumed: { lost: true, reason } }).operation,
            "created",
        );
        const moved = decide({ registration: r, handler, before, forced: false, resumed: { lost: false, reason } });
        assert.deepEqual(moved, { operation: "updated", changed: [], reason });
    });

    it("previews an update without the outputs that it may change", () => {
        const preview = previewed({
            registration: registration({ name: "a", size: 2 }),
            handler,
            operation: "updated",
            before,
        });
        assert.deepEqual(preview, { id: "id", outputs: { name: "a", size: 2, port: 1 } });
    });

    it("keeps the secrets of the inputs, of the type, and those that the program lists", () => {
        const r = registration({}, { secretInputs: ["value"], additionalSecretOutputs: ["extra"] });
        assert.deepEqual(toState({ registration: r, urn: "u", made, handler }).secrets.sort(), [
            "extra",
            "key",
            "value",
        ]);
    });

    it("finds the dependents that must be deleted with a resource: those whose reference cannot change", () => {
        const state = emptyState();
        const add = (urn: string, propertyDependencies: Record<string, string[]>) =>
            state.resources.set(urn, { ...before, urn, propertyDependencies });
        add("urn:a", {});
        add("urn:child", { name: ["urn:a"] });
        add("urn:reader", { size: ["urn:a"] });
        add("urn:grandchild", { name: ["urn:child"] });
        const found = findDependents({ of: before, state, handlers: createHandlers([handler]) });
        assert.deepEqual(
            found.map(({ urn }) => urn),
            ["urn:grandchild", "urn:child"],
        );
    });
});
