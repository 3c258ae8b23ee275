import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as components from "../../../components";
import { runProgram } from "../../support/pulumi";
import { refusalOf } from "../../support/refusals";
import {
    type Args,
    fits,
    hostile,
    isAbout,
    isAdvice,
    outcomeOf,
    placesOf,
    quietly,
    schema,
    shapes,
    working,
} from "./argumentPlaces";

type Make = new (name: string, args: unknown) => pulumi.ComponentResource;

async function tryAll(component: string): Promise<void> {
    for (const { path, property, put } of placesOf(component)) {
        for (const { name, value, known, late } of hostile) {
            const seen = `${component} ${path} = ${name}`;
            const outcome = await outcomeOf(component, put(value())).catch((error: Error) => {
                throw new Error(`${seen}: ${error.message}`, { cause: error });
            });
            if (outcome.refused !== undefined) {
                const reasons = outcome.refused.map(({ reason }) => reason);
                assert.ok(
                    outcome.refused.some((fault) => isAbout(path, fault)),
                    `${seen}: ${reasons}`,
                );
                assert.ok(reasons.every(isAdvice), `${seen}: does not say what to do: ${reasons}`);
            } else if (outcome.late.length > 0) {
                assert.ok(late, `${seen}: too late: ${outcome.late}`);
                const told = outcome.late.every((message) => message.startsWith(`${component} "chat": `));
                const named = outcome.late.some((message) => message.includes(/^\w+/.exec(path)?.[0] ?? ""));
                assert.ok(told && named, `${seen}: ${outcome.late}`);
            } else if (known !== undefined && !(late && known === null)) {
                assert.ok(fits(known, property), `${seen}: accepted`);
            }
        }
    }
}

/** Arguments that may be an output without a value: they do not decide which resources are made. */
function withoutValues(component: string): Args {
    const about = schema.resources[`azure-realtime:index:${component}`];
    const names = Object.keys(about?.inputProperties ?? {}).filter((name) => {
        const { plain, decisive, required } = shapes[component]?.[name] ?? {};
        return !plain && !decisive && !required;
    });
    return Object.fromEntries(names.map((name) => [name, pulumi.output(undefined)]));
}

describe("arguments of the wrong kind", () => {
    const names = Object.keys(working);

    it("are tried on every component", () => {
        const exported = Object.keys(schema.resources).map((token) => token.replace("azure-realtime:index:", ""));
        assert.deepEqual(names.sort(), exported.sort());
    });

    for (const component of names) {
        it(`are refused by ${component} in the caller's words`, async function () {
            this.timeout(60_000);
            await quietly(() => tryAll(component));
        });

        it(`are refused by ${component} in place of all arguments`, async () => {
            for (const args of [undefined, null, 5, "chat", [], pulumi.output({}), Promise.resolve({})]) {
                const message = await refusalOf(() => new (classOf(component))("chat", args));
                const missing = Object.keys(working[component] ?? {}).some((name) =>
                    message.includes(`${name}: it is missing`),
                );
                assert.ok(args === undefined || args === null ? missing : /: args: they are /.test(message), message);
            }
        });

        it(`make the same resources of ${component} when they are outputs without a value`, async () => {
            // Only this plan has all the options.
            const made = async (args: Args) => {
                const run = await runProgram(
                    () => new (classOf(component))("chat", { plan: "FlexConsumption", ...working[component], ...args }),
                );
                const labelled = run.resources.map(({ type, name, inputs, dependencies }): [string, unknown] => [
                    `${type} ${name}`,
                    { inputs, dependencies: dependencies.sort() },
                ]);
                return Object.fromEntries(labelled.sort(([one], [other]) => one.localeCompare(other)));
            };
            assert.deepEqual(await made(withoutValues(component)), await made({}));
        });
    }
});

function classOf(component: string): Make {
    return (components as unknown as Record<string, Make>)[component] as Make;
}
