import assert from "node:assert/strict";
import { cutAll } from "../../../emulator/signalr/protocol/framing";
import { jsonProtocol } from "../../../emulator/signalr/protocol/json";
import { messagePackProtocol } from "../../../emulator/signalr/protocol/messagePack";
import { type Cutter, type HubProtocol, ProtocolError } from "../../../emulator/signalr/protocol/types";
import { countBytes } from "../../support/countedWork";

const megabyte = 1024 * 1024;

/** A length of 7 bits a byte. */
function prefixOf(size: number): Buffer {
    const bytes: number[] = [];
    for (let rest = size; bytes.length === 0 || rest > 0; rest = Math.floor(rest / 128)) {
        bytes.push((rest % 128) + (rest > 127 ? 128 : 0));
    }
    return Buffer.from(bytes);
}

const begun: [HubProtocol, (size: number) => Buffer][] = [
    [jsonProtocol, (size) => Buffer.alloc(size, "a")],
    [messagePackProtocol, (size) => Buffer.concat([prefixOf(megabyte), Buffer.alloc(size)])],
];

/** How often the bytes of a message are looked at or copied until its end has come in pieces of this length. */
function workOf(cutter: Cutter, options: { first: Buffer; pieces: number }): number {
    const piece = Buffer.alloc(1, "a");
    return countBytes(() => {
        cutter(options.first);
        for (let count = 0; count < options.pieces; count++) {
            assert.equal(cutter(piece), undefined);
        }
    });
}

for (const [protocol, begin] of begun) {
    describe(`SignalR service: pieces of ${protocol.name} messages`, () => {
        it("are looked at once, however small they are", () => {
            const pieces = 20_000;
            const first = begin(900_000);
            const work = workOf(protocol.createCutter(), { first, pieces });
            // Each byte is searched once and copied a bounded number of times. Joined again with each piece, it would be 20,000 times.
            assert.ok(work < 8 * (first.length + pieces), `${work} bytes were looked at`);
        });

        it("are not kept one by one", () => {
            const cutter = protocol.createCutter();
            cutter(begin(10));
            global.gc?.();
            const before = process.memoryUsage();
            for (let count = 0; count < 200_000; count++) {
                cutter(Buffer.alloc(1, "a"));
            }
            global.gc?.();
            const { arrayBuffers, external } = process.memoryUsage();
            assert.ok(arrayBuffers - before.arrayBuffers < 10 * megabyte, `${arrayBuffers} bytes`);
            assert.ok(external - before.external < 10 * megabyte, `${external} bytes`);
        });
    });
}

describe("SignalR service: too large messages", () => {
    it("are refused with the piece that makes them too large", () => {
        const cutter = jsonProtocol.createCutter();
        assert.equal(cutter(Buffer.alloc(megabyte)), undefined);
        assert.throws(() => cutter(Buffer.alloc(1)), ProtocolError);
    });

    it("are refused when they end with the piece that makes them too large", () => {
        const cutter = jsonProtocol.createCutter();
        cutter(Buffer.alloc(megabyte));
        assert.throws(() => cutter(Buffer.from("a\u001e")), /larger than 1 MiB/);
    });

    for (const size of [megabyte + 1, 2 ** 31, 2 ** 35 - 1]) {
        it(`are refused when their prefix says ${size}, before any of it has come`, () => {
            assert.throws(() => messagePackProtocol.createCutter()(prefixOf(size)), /larger than 1 MiB/);
        });
    }

    it("begin at one byte over 1 MiB", () => {
        const message = Buffer.concat([prefixOf(megabyte), Buffer.alloc(megabyte)]);
        assert.equal(cutAll(messagePackProtocol.createCutter(), message)[0]?.length, megabyte);
        assert.equal(cutAll(jsonProtocol.createCutter(), Buffer.alloc(megabyte + 1, "\u001e")).length, megabyte + 1);
    });

    it("do not hide in a prefix that comes byte by byte", () => {
        const cutter = messagePackProtocol.createCutter();
        const pieces = [...prefixOf(2 ** 30)].map((byte) => Buffer.from([byte]));
        assert.throws(() => pieces.forEach(cutter), ProtocolError);
    });
});
