import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { isLater, oneOf, startChecks, wholeNumber } from "../../../components/shared/checks";

const positive = wholeNumber({ min: 1, max: 5 });

import { failureOf } from "../../support/pulumi";

describe("checks", () => {
    it("throw one fault as an error about its property", () => {
        const checks = startChecks('Thing "a"');
        checks.input({ path: "count", value: 9, rule: positive });
        assert.throws(
            () => checks.refuse(),
            (error: unknown) => {
                assert.ok(pulumi.InputPropertyError.isInstance(error));
                assert.equal(error.propertyPath, "count");
                assert.equal(error.reason, 'Thing "a": count: 9 is out of range. Allowed: whole numbers from 1 to 5.');
                return true;
            },
        );
    });

    it("throw several faults at once", () => {
        const checks = startChecks('Thing "a"');
        checks.input({ path: "count", value: 9, rule: positive });
        checks.input({ path: "size", value: "XL", rule: oneOf(["S", "M"]) });
        assert.throws(
            () => checks.refuse(),
            (error: unknown) => {
                assert.ok(pulumi.InputPropertiesError.isInstance(error));
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
        assert.equal(checks.input({ path: "count", value: 5, rule: positive }), 5);
        assert.equal(checks.input({ path: "count", value: undefined, rule: positive }), undefined);
        checks.refuse();
    });

    it("look into a promise when it resolves", async () => {
        const checks = startChecks("Thing");
        const error = await failureOf(() => {
            const guarded = checks.input({ path: "count", value: Promise.resolve(9), rule: positive });
            assert.ok(isLater(guarded));
            checks.refuse();
        });
        assert.equal(error.message, "Thing: count: 9 is out of range. Allowed: whole numbers from 1 to 5.");
    });
});
