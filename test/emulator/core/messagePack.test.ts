import assert from "node:assert/strict";
import { ExtData, encode } from "@msgpack/msgpack";
import { decodeMessagePack } from "../../../emulator/core/messagePack";

const megabyte = 1024 * 1024;

/** Heads of every kind that claim as much as they can. */
const claims: [name: string, head: number[]][] = [
    ["a list of 65,535", [0xdc, 0xff, 0xff]],
    ["a list of 4 thousand million", [0xdd, 0xff, 0xff, 0xff, 0xff]],
    ["a list of 33 million", [0xdd, 0x01, 0xff, 0xff, 0xff]],
    ["a map of 65,535", [0xde, 0xff, 0xff]],
    ["a map of 4 thousand million", [0xdf, 0xff, 0xff, 0xff, 0xff]],
    ["15 pairs", [0x8f]],
    ["15 values", [0x9f]],
    ["31 bytes of text", [0xbf]],
    ["255 bytes of text", [0xd9, 0xff]],
    ["64 KiB of text", [0xda, 0xff, 0xff]],
    ["4 GiB of text", [0xdb, 0xff, 0xff, 0xff, 0xff]],
    ["255 bytes", [0xc4, 0xff]],
    ["64 KiB", [0xc5, 0xff, 0xff]],
    ["4 GiB", [0xc6, 0xff, 0xff, 0xff, 0xff]],
    ["an extension of 255 bytes", [0xc7, 0xff, 0x01]],
    ["an extension of 4 GiB", [0xc9, 0xff, 0xff, 0xff, 0xff, 0x01]],
    ["a number of 8 bytes", [0xcf]],
];

describe("MessagePack of strangers", () => {
    for (const [name, head] of claims) {
        it(`refuses ${name} that are not there, alone and nested, at no cost`, () => {
            for (const depth of [1, 16, 200, 1000]) {
                const bytes = Buffer.concat(Array.from({ length: depth }, () => Buffer.from(head)));
                const before = process.memoryUsage().heapUsed;
                assert.throws(() => decodeMessagePack(bytes));
                assert.ok(process.memoryUsage().heapUsed - before < 8 * megabyte);
            }
        });
    }

    it("refuses headers that only together claim more than there is", () => {
        // Each of these claims no more than the whole has, and a decoder that believes each makes a list of a million for each.
        const header = Buffer.from([0xdd, 0x00, 0x0f, 0x00, 0x00]);
        const bytes = Buffer.concat([...Array.from({ length: 400 }, () => header), Buffer.alloc(megabyte, 0xc0)]);
        const before = process.memoryUsage().heapUsed;
        assert.throws(() => decodeMessagePack(bytes), /claims more than there is/);
        assert.ok(process.memoryUsage().heapUsed - before < 8 * megabyte);
    });

    it("refuses values nested deeper than 500, and takes 500", () => {
        const nested = (depth: number) => Buffer.from([...Array<number>(depth - 1).fill(0x91), 0x90]);
        assert.ok(Array.isArray(decodeMessagePack(nested(500))));
        assert.throws(() => decodeMessagePack(nested(502)), /nested deeper than 500 levels/);
        assert.throws(() => decodeMessagePack(nested(megabyte)), /nested deeper/);
    });

    it("reads what the vendor's encoder writes", () => {
        const values: unknown[] = [
            null,
            true,
            -1,
            300,
            70_000,
            2 ** 40,
            -(2 ** 40),
            1.5,
            "x".repeat(40),
            "x".repeat(300),
            "x".repeat(70_000),
            Array.from({ length: 20 }, (_, index) => index),
            Array.from({ length: 70_000 }, () => null),
            Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`k${index}`, [index]])),
            new Uint8Array(300),
            new ExtData(5, new Uint8Array(16)),
            new ExtData(5, new Uint8Array(3)),
            new Date(0),
            [],
            {},
        ];
        for (const value of values) {
            assert.deepEqual(decodeMessagePack(encode(value)), value);
        }
        assert.deepEqual(decodeMessagePack(encode(values)), values);
    });

    it("refuses bytes after the value, and no bytes at all", () => {
        assert.throws(() => decodeMessagePack(Buffer.from([0xc0, 0xc0])));
        assert.throws(() => decodeMessagePack(Buffer.alloc(0)));
    });
});
