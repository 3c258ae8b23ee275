import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { runProgram } from "./pulumi";

/** The message with which a program is refused. Asserts that the program created no resource. */
export async function refusalOf(program: () => unknown): Promise<string> {
    let message = "";
    const run = await runProgram(() => {
        try {
            program();
        } catch (error) {
            assert.ok(pulumi.InputPropertyError.isInstance(error) || pulumi.InputPropertiesError.isInstance(error));
            message = error.message;
        }
    });
    assert.deepEqual(
        run.resources.filter((one) => one.custom),
        [],
        "nothing is made",
    );
    assert.deepEqual(run.invokes, []);
    return message;
}

/** Checks the exact message with which a component called "chat" refuses each of these args. */
export function refuses<A>(component: string, make: (args: A) => unknown, rows: [A, string][]): void {
    describe(`${component} with bad input`, () => {
        for (const [args, expected] of rows) {
            it(`says: ${expected.slice(0, 100)}`, async () => {
                assert.equal(await refusalOf(() => make(args)), `${component} "chat": ${expected}`);
            });
        }
    });
}
