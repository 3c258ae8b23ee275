import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { type SignalRBackendArgs, SocketIOBackend, WebPubSubBackend } from "../../../components";
import { backends, codePaths } from "../../support/backend";
import { failuresOf, runProgram } from "../../support/pulumi";
import { refusalOf } from "../../support/refusals";

const later = <T>(value: unknown) => pulumi.output(Promise.resolve(value as T));
const faults: [string, Partial<SignalRBackendArgs>, string][] = [
    [
        "sku",
        { sku: later("Basic") },
        'sku: "Basic" is not known. Allowed: Free_F1, Standard_S1, Premium_P1, Premium_P2.',
    ],
    [
        "sku beside a capacity",
        { sku: later("Basic"), capacity: later(2) },
        'sku: "Basic" is not known. Allowed: Free_F1, Standard_S1, Premium_P1, Premium_P2.',
    ],
    ["capacity", { capacity: later(11) }, "capacity: 11 does not fit Standard_S1. Allowed: 1-10, 20, 30 … 100."],
    ["capacity of a late sku", { sku: later("Free_F1"), capacity: 2 }, "capacity: 2 does not fit Free_F1. Allowed: 1."],
    [
        "functionAppName",
        { functionAppName: later("-app") },
        'functionAppName: "-app" is not a valid name. Allowed: 2-60 letters, digits and hyphens, no hyphen first or last.',
    ],
];

for (const { Backend, extension } of backends) {
    const codePath = codePaths[extension];
    describe(`${Backend.name}, given what is known late,`, () => {
        for (const [what, args, told] of faults) {
            it(`reports a wrong ${what} once, as a fault of the backend`, async () => {
                const errors = await failuresOf(() => runProgram(() => new Backend("chat", { codePath, ...args })));
                // The SDK prefixes the message with the resource and property that it could not send.
                const messages = errors.map(({ message }) =>
                    message.replace(/^(error serializing property "\w+": )+/, ""),
                );
                assert.deepEqual(messages, [`${Backend.name} "chat": ${told}`]);
            });
        }
    });
}

describe("A backend's hubs", () => {
    it("must all be known before the update", async () => {
        const hubs = [pulumi.output({ name: "lobby" }), { name: "games" }];
        for (const [Backend, codePath] of [
            [SocketIOBackend, codePaths.socketio],
            [WebPubSubBackend, codePaths.webpubsub],
        ] as const) {
            assert.equal(
                await refusalOf(() => new Backend("chat", { codePath, hubs })),
                `${Backend.name} "chat": hubs[0]: it is an output, and it decides which resources are made, which must be known before the update. Give a plain value.`,
            );
        }
    });
});
