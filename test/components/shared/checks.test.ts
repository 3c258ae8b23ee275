import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { isLater, oneOf, startChecks, wholeNumber } from "../../../components/shared/checks";
import { failureOf } from "../../support/pulumi";

const positive = wholeNumber({ min: 1, max: 5 });

describe("checks", () => {
    it("throw one fault as an error of its property", () => {
        const checks = startChecks('Thing "a"');
        checks.input("count", 9, positive);
        assert.throws(
            () => checks.refuse(),
            (error: unknown) => {
                assert.ok(pulumi.InputPropertyError.isInstance(error));
                assert.ok(pulumi.RunError.isInstance(error), "the SDK prints the message alone");
                assert.equal(error.propertyPath, "count");
                assert.equal(error.reason, 'Thing "a": count: 9 is out of range. Allowed: whole numbers from 1 to 5.');
                return true;
            },
        );
    });

    it("throw several faults at once", () => {
        const checks = startChecks('Thing "a"');
        checks.input("count", 9, positive);
        checks.input("size", "XL", oneOf(["S", "M"]));
        assert.throws(
            () => checks.refuse(),
            (error: unknown) => {
                assert.ok(pulumi.InputPropertiesError.isInstance(error));
                assert.ok(pulumi.RunError.isInstance(error), "the SDK prints the message alone");
                assert.deepEqual(
                    error.errors.map((one) => one.propertyPath),
                    ["count", "size"],
                );
                assert.equal(
                    error.message,
                    'Thing "a" has 2 properties that cannot be used:\n' +
                        "  count: 9 is out of range. Allowed: whole numbers from 1 to 5.\n" +
                        '  size: "XL" is not known. Allowed: S, M.',
                );
                return true;
            },
        );
    });

    it("let good and missing values pass", () => {
        const checks = startChecks("Thing");
        assert.equal(checks.input("count", 5, positive), 5);
        assert.equal(checks.input("count", undefined, positive), undefined);
        checks.refuse();
    });

    it("check a promise when it resolves", async () => {
        const checks = startChecks("Thing");
        const error = await failureOf(() => {
            const guarded = checks.input("count", Promise.resolve(9), positive);
            assert.ok(isLater(guarded));
            checks.refuse();
        });
        assert.equal(error.message, "Thing: count: 9 is out of range. Allowed: whole numbers from 1 to 5.");
    });

    it("refuse an output where only a plain value is possible", () => {
        const checks = startChecks("Thing");
        checks.plain("kind", pulumi.output("S") as never, oneOf(["S"]));
        checks.at("parts[1].").plain("name", Promise.resolve("b") as never, oneOf(["b"]));
        const told =
            "it is an output, and it decides which resources are made, which must be known before the update. Give a plain value.";
        assert.throws(
            () => checks.refuse(),
            (error: Error) => {
                assert.equal(
                    error.message,
                    `Thing has 2 properties that cannot be used:\n  kind: ${told}\n  parts[1].name: ${told}`,
                );
                return true;
            },
        );
    });

    it("of a nested value report the full path, now and later", async () => {
        const checks = startChecks("Thing").at("parts[0].");
        checks.input("count", 9, positive);
        assert.throws(() => checks.refuse(), /^Error: Thing: parts\[0\]\.count: 9 is out of range/);
        const error = await failureOf(() => startChecks("Thing").at("a.").input("count", Promise.resolve(9), positive));
        assert.match(error.message, /^Thing: a\.count: 9 is out of range/);
    });

    it("check a list when all of it is known", async () => {
        const rule = (names: readonly string[]) => names.map(oneOf(["S", "M"])).find((reason) => reason !== undefined);
        const error = await failureOf(() => startChecks("Thing").list("sizes", ["S", pulumi.output("XL")], rule));
        assert.equal(error.message, 'Thing: sizes: "XL" is not known. Allowed: S, M.');
    });
});
