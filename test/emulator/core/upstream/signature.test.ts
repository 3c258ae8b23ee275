import assert from "node:assert/strict";
import { signConnection } from "../../../../emulator/core/upstream/signature";

describe("connection signature", () => {
    const connectionId = "0f9c97a2f0bf4706afe87a14e0797b11";
    const vectors: [key: string, id: string, item: string][] = [
        [
            "7aab239577fd4f24bc919802fb629f5f",
            connectionId,
            "sha256=7767effcb3946f3e1de039df4b986ef02c110b1469d02c0a06f41b3b727ab561",
        ],
        [
            "a5f2815d0d0c4b00bd27e832432f91ab",
            connectionId,
            "sha256=d4aefb65547a00a9881fa8ac8bd03d0faf77af9da5205d45c6e57cbda4377760",
        ],
        [
            "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEFGH",
            "conn-1",
            "sha256=261f7f58ff9fb9bb8be7e4951a807fe6091e5c074885bf63b865eccd28728881",
        ],
        [
            "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEFGH",
            connectionId,
            "sha256=8805d739a12d46f22bcb15382a8c1c2bf38ae8f04566017bd613d5ef47cafe2c",
        ],
    ];
    for (const [key, id, item] of vectors) {
        it(`signs ${id} with ${key.slice(0, 4)}… as the service does`, () => {
            assert.equal(signConnection(id, [key]), item);
        });
    }

    it("sends one item per key, so that a handler with either key can check it", () => {
        const [first, second] = vectors as [(typeof vectors)[0], (typeof vectors)[0]];
        assert.equal(signConnection(connectionId, [first[0], second[0]]), `${first[2]},${second[2]}`);
    });
});
