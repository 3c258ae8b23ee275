import assert from "node:assert/strict";
import { backends, codePaths } from "../../support/backend";
import { refusalOf } from "../../support/refusals";

// In TypeScript alone an option could be "true or an object"; in Go and C# it would lose the types of all its parts.
const switches: Record<string, string> = {
    privateNetwork: "an object, {} for every default",
    diagnostics: "an object, {} for every default",
    alerts: "an object, {} for every default",
    workbook: "an object, {} for every default",
    stagingSlot: "an object, {} for every default",
    autoscale: "an object with maximumCapacity",
    eventAuth: "an object with clientId",
    cors: "an object with allowedOrigins",
    naming: "an object with template, name",
};

for (const { Backend, extension } of backends) {
    describe(`${Backend.name} with an option that is no object`, () => {
        const make = (args: object) => new Backend("chat", { codePath: codePaths[extension], ...args } as never);

        for (const [option, allowed] of Object.entries(switches)) {
            it(`says what to write for ${option}`, async () => {
                const start = `${Backend.name} "chat": ${option}: it is`;
                const refusal = (value: unknown) => refusalOf(() => make({ [option]: value }));
                assert.equal(await refusal(true), `${start} true. Allowed: ${allowed}.`);
                const out = "Leave it out for its default.";
                assert.equal(await refusal(false), `${start} false. Allowed: ${allowed}. ${out}`);
                assert.equal(await refusal("yes"), `${start} text. Allowed: ${allowed}.`);
            });
        }
    });
}
