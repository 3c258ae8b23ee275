import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { runProgram } from "./pulumi";

/** What a caller reads, after nothing was made. */
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

/** Says for each args what exactly a component called "chat" refuses them with. */
export function refuses<A>(component: string, make: (args: A) => unknown, rows: [A, string][]): void {
    describe(`${component} with bad input`, () => {
        for (const [args, expected] of rows) {
            it(`says: ${expected.slice(0, 100)}`, async () => {
                assert.equal(await refusalOf(() => make(args)), `${component} "chat": ${expected}`);
            });
        }
    });
}
