import assert from "node:assert/strict";
import fc from "fast-check";
import { hostTargets } from "./host";
import { attack, openPorts, type Port } from "./ports";
import { processTargets } from "./process";
import { serviceTargets } from "./services";
import { check, show, tryTarget } from "./target";

// A short round with the same inputs each time. `npm run fuzz -- --minutes 60` tries new ones.
const seed = 20_261_126;
const short = { seed, cases: 150, milliseconds: 400 };
const portCases = 25;

describe("fuzz: parsers", () => {
    for (const fuzzed of [...serviceTargets, ...hostTargets, ...processTargets]) {
        it(`${fuzzed.name}: no crash, no hang, no error that nobody expects`, () => {
            for (const example of fuzzed.examples) {
                assert.doesNotThrow(() => check(fuzzed, example), show(example).slice(0, 200));
            }
            const { finding, cases } = tryTarget(fuzzed, short);
            assert.equal(finding, undefined, finding && `${finding.error}\n${show(finding.input)}`);
            assert.ok(cases > 5, `only ${cases} cases`);
        });
    }
});

describe("fuzz: ports", () => {
    let ports: Port[] = [];
    before(async () => {
        ports = await openPorts();
    });
    after(() => Promise.all(ports.map((port) => port.close())));

    for (const [index, name] of ["Web PubSub", "SignalR", "Socket.IO"].entries()) {
        it(`${name}: whatever one client sends, others are served`, async () => {
            const port = ports[index] as Port;
            await fc.assert(
                fc.asyncProperty(attack, async (input) => {
                    await port.attack(input);
                    await port.requireServed();
                }),
                { seed, numRuns: portCases, interruptAfterTimeLimit: 2500 },
            );
        });
    }
});
