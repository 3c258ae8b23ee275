import assert from "node:assert/strict";
import { discoverKey } from "../../../components/hostKeys/discover";

type Answer = Record<string, string> | Error | undefined;

function search(answers: Answer[]) {
    const pauses: number[] = [];
    const found = discoverKey({
        keyName: "socketio_extension",
        tries: 3,
        pause: async (milliseconds) => {
            pauses.push(milliseconds);
        },
        read: async () => {
            const answer = answers.shift();
            if (answer instanceof Error) {
                throw answer;
            }
            return answer;
        },
    });
    return { found, pauses };
}

describe("a discovered key", () => {
    it("is read at once when the host has it", async () => {
        const { found, pauses } = search([{ socketio_extension: "key" }]);
        assert.equal(await found, "key");
        assert.deepEqual(pauses, []);
    });

    it("is awaited while the host is down or has not created it", async () => {
        const { found, pauses } = search([new Error("ServiceUnavailable"), undefined, { socketio_extension: "key" }]);
        assert.equal(await found, "key");
        assert.deepEqual(pauses, [15_000, 15_000]);
    });

    it("that never appears fails with the names of the host's other keys", async () => {
        const { found, pauses } = search([{}, {}, { other_extension: "s3cret" }]);
        await assert.rejects(found, (error: Error) => {
            assert.match(
                error.message,
                /made no system key "socketio_extension": the host has other_extension\. Check/,
            );
            assert.doesNotMatch(error.message, /s3cret/);
            return true;
        });
        assert.deepEqual(pauses, [15_000, 15_000]);
    });

    it("of a host that never answers fails with the host's last error", async () => {
        const { found } = search([
            new Error("down"),
            new Error("down"),
            new Error("ServiceUnavailable from host runtime"),
        ]);
        await assert.rejects(found, /ServiceUnavailable from host runtime/);
    });
});
