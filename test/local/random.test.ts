import assert from "node:assert/strict";
import { compareSync } from "bcryptjs";
import type { Handler } from "../../local/engine/handler";
import { unknownValue } from "../../local/engine/values";
import { randomHandlers } from "../../local/random";

type Inputs = Parameters<Handler["planned"]>[0];

const settings = { subscriptionId: "sub", tenantId: "tenant" };

function handlerOf(kind: string): Handler {
    const handler = randomHandlers.find(({ token }) => token.endsWith(`:${kind}`));
    assert.ok(handler, `${kind} is not made`);
    return handler;
}

const checked = (kind: string, inputs: Inputs, preview = false) =>
    handlerOf(kind).check({ logicalName: "it", inputs, preview, settings });

async function make(kind: string, inputs: Inputs) {
    const request = { inputs: checked(kind, inputs) } as Parameters<Handler["create"]>[0];
    return handlerOf(kind).create(request);
}

// What each resource returns is from its file in internal/provider of hashicorp/terraform-provider-random, which pulumi-random wraps.
describe("resources of @pulumi/random", () => {
    it("are all made, as the SDK has them", () => {
        const sdk = require("@pulumi/random") as Record<string, { __pulumiType?: string }>;
        const types = Object.values(sdk).map(({ __pulumiType }) => __pulumiType);
        // The provider itself is the one type without a module.
        const resources = types.filter((type) => type?.includes(":")).sort();
        assert.deepEqual(randomHandlers.map(({ token }) => token).sort(), resources);
    });

    it("return every output that they name", async () => {
        const inputs: Record<string, Inputs> = {
            RandomBytes: { length: 4 },
            RandomId: { byteLength: 4 },
            RandomInteger: { min: 1, max: 3 },
            RandomPassword: { length: 4 },
            RandomShuffle: { inputs: ["a"] },
            RandomString: { length: 4 },
        };
        for (const { token, inputNames, outputNames } of randomHandlers) {
            const { outputs } = await make(token.split(":").at(-1) ?? "", inputs[token.split(":").at(-1) ?? ""] ?? {});
            const own = outputNames?.().filter((name) => !inputNames?.().includes(name));
            assert.deepEqual(
                own?.filter((name) => outputs[name] === undefined),
                [],
                token,
            );
        }
    });

    it("RandomInteger is in its range, both ends included, and is its own id", async () => {
        const seen = new Set<unknown>();
        for (let round = 0; round < 200; round++) {
            const { id, outputs } = await make("RandomInteger", { min: -1, max: 1 });
            assert.equal(id, String(outputs.result));
            seen.add(outputs.result);
        }
        assert.deepEqual([...seen].sort(), [-1, 0, 1]);
        assert.equal((await make("RandomInteger", { min: 7, max: 7 })).outputs.result, 7);
    });

    it("RandomInteger and RandomShuffle return the same for the same seed", async () => {
        const cases: [kind: string, inputs: Inputs, output: string][] = [
            ["RandomInteger", { min: 0, max: 1_000_000_000, seed: "s" }, "result"],
            ["RandomShuffle", { inputs: [..."abcdefghijklmnopqrstuvwxyz"], seed: "s" }, "results"],
        ];
        for (const [kind, inputs, output] of cases) {
            const [one, other] = [await make(kind, inputs), await make(kind, inputs)];
            assert.deepEqual(one.outputs[output], other.outputs[output]);
            assert.notDeepEqual((await make(kind, { ...inputs, seed: "t" })).outputs[output], one.outputs[output]);
        }
    });

    it("RandomShuffle takes each item once before it takes one again", async () => {
        const inputs = ["a", "b", "c"];
        const results = async (more: Inputs) => {
            const { id, outputs } = await make("RandomShuffle", { inputs, ...more });
            assert.equal(id, "-");
            return outputs.results as string[];
        };
        assert.deepEqual((await results({})).sort(), inputs);
        assert.deepEqual((await results({ resultCount: 0 })).sort(), inputs);
        assert.equal(new Set(await results({ resultCount: 2 })).size, 2);
        const seven = await results({ resultCount: 7 });
        assert.equal(seven.length, 7);
        assert.deepEqual([seven.slice(0, 3).sort(), seven.slice(3, 6).sort()], [inputs, inputs]);
        assert.deepEqual(await results({ inputs: [], resultCount: 2 }), []);
    });

    it("RandomPet is a name of words, with prefix and separator", async () => {
        const id = async (inputs: Inputs) => (await make("RandomPet", inputs)).id;
        assert.match(await id({}), /^[a-z]+-[a-z]+$/);
        assert.match(await id({ length: 1 }), /^[a-z]+$/);
        assert.match(await id({ length: 4, separator: "_", prefix: "Web" }), /^Web(_[a-z]+){4}$/);
        assert.deepEqual((await make("RandomPet", {})).outputs, { length: 2, separator: "-" });
    });

    it("RandomBytes and RandomPassword keep their results secret", async () => {
        assert.deepEqual(handlerOf("RandomBytes").secretOutputs, ["base64", "hex"]);
        assert.deepEqual(handlerOf("RandomPassword").secretOutputs, ["result", "bcryptHash"]);
        const { id, outputs } = await make("RandomBytes", { length: 20 });
        assert.equal(id, "none");
        assert.deepEqual(Buffer.from(String(outputs.base64), "base64").toString("hex"), outputs.hex);
        assert.equal(String(outputs.hex).length, 40);
    });

    it("RandomPassword has the bcrypt hash of its result", async () => {
        const { outputs } = await make("RandomPassword", { length: 20 });
        assert.match(String(outputs.bcryptHash), /^\$2b\$04\$/);
        assert.ok(compareSync(String(outputs.result), String(outputs.bcryptHash)));
    });

    it("RandomUuid4 and RandomUuid7 are UUIDs of their version; the latter begins with the time", async () => {
        const uuid = (version: number) =>
            new RegExp(`^[0-9a-f]{8}-[0-9a-f]{4}-${version}[0-9a-f]{3}-[89ab][0-9a-f]{3}-`);
        for (const [kind, version] of [
            ["RandomUuid", 4],
            ["RandomUuid4", 4],
            ["RandomUuid7", 7],
        ] as const) {
            const { id, outputs } = await make(kind, {});
            assert.match(id, uuid(version));
            assert.equal(outputs.result, id);
        }
        const before = Date.now();
        const { id } = await make("RandomUuid7", {});
        const at = Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
        assert.ok(at >= before && at <= Date.now());
    });

    it("RandomId puts its prefix before every form, and not before its id", async () => {
        const { id, outputs } = await make("RandomId", { byteLength: 5, prefix: "web-" });
        const bytes = Buffer.from(id, "base64url");
        assert.equal(bytes.length, 5);
        assert.deepEqual(
            [outputs.b64Url, outputs.b64Std, outputs.hex, outputs.dec],
            [id, bytes.toString("base64"), bytes.toString("hex"), String(bytes.readUIntBE(0, 5))].map(
                (text) => `web-${text}`,
            ),
        );
    });

    it("RandomString takes the usual special characters where overrideSpecial is empty", async () => {
        const inputs = { length: 40, lower: false, upper: false, numeric: false, overrideSpecial: "" };
        assert.match(String((await make("RandomString", inputs)).outputs.result), /^[!@#$%&*()\-_=+[\]{}<>:?]{40}$/);
    });

    it("are refused with the input that is wrong", () => {
        const cases: [kind: string, inputs: Inputs, fault: RegExp][] = [
            ["RandomInteger", { min: 5, max: 4 }, /^min is 5: it must not be above max, which is 4$/],
            ["RandomInteger", { min: 0.5, max: 4 }, /^min is 0\.5: it must be a whole number$/],
            ["RandomInteger", { min: 1 }, /^max is undefined: it must be a whole number$/],
            ["RandomBytes", { length: 0 }, /^length is 0: it must be a whole number of at least 1$/],
            ["RandomId", { byteLength: 1.5 }, /^byteLength is 1\.5: it must be a whole number of at least 1$/],
            ["RandomPet", { length: -1 }, /^length is -1: it must be a whole number of at least 1$/],
            ["RandomShuffle", { inputs: "abc" }, /^inputs must be a list of texts$/],
            ["RandomShuffle", { inputs: ["a", 1] }, /^inputs must be a list of texts$/],
            [
                "RandomShuffle",
                { inputs: [], resultCount: -1 },
                /^resultCount is -1: it must be a whole number of at least 0$/,
            ],
            ["RandomUuid", { keepers: "a" }, /^keepers must be a map of texts$/],
        ];
        for (const [kind, inputs, message] of cases) {
            assert.throws(() => checked(kind, inputs), { message });
        }
    });

    it("take inputs that a preview does not know yet, such as the length from another resource", () => {
        for (const [kind, inputs] of [
            ["RandomPassword", { length: unknownValue, minLower: 3 }],
            ["RandomString", { length: 8, minLower: unknownValue, special: unknownValue }],
            ["RandomInteger", { min: unknownValue, max: 3 }],
            ["RandomInteger", { min: 4, max: unknownValue }],
            ["RandomShuffle", { inputs: unknownValue, resultCount: unknownValue }],
            ["RandomShuffle", { inputs: [unknownValue] }],
            ["RandomBytes", { length: unknownValue }],
            ["RandomId", { byteLength: unknownValue, keepers: unknownValue }],
            ["RandomPet", { length: unknownValue, prefix: unknownValue }],
        ] as const) {
            assert.deepEqual(checked(kind, inputs as unknown as Inputs, true), inputs);
        }
    });
});
