import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { PassThrough } from "node:stream";
import { createRecorder } from "../../../emulator/core/inspect";
import { sendExport } from "../../../emulator/inspect/export";
import type { InspectState } from "../../../emulator/inspect/state";
import { EventStore } from "../../../emulator/inspect/store";
import { streamEvents } from "../../../emulator/inspect/stream";
import { FakeClock } from "../../support/clock";

/** A response whose reader reads only when the test does. */
function unreadResponse(): PassThrough & ServerResponse {
    return Object.assign(new PassThrough(), { writeHead: () => undefined }) as unknown as PassThrough & ServerResponse;
}

describe("a reader of the inspector that does not read", () => {
    const long = "m".repeat(16_000);

    it("has at most 32 MiB waiting for it, the newest, and is told that it missed something", async () => {
        const clock = new FakeClock();
        const store = new EventStore();
        const recorder = createRecorder(store);
        const response = unreadResponse();
        const end = streamEvents({ clock, store, state: () => ({}) as InspectState, response, after: 0 });
        for (let index = 0; index < 4000; index += 1) {
            recorder.note("log", { name: String(index), message: long });
        }
        let text = "";
        response.on("data", (chunk: Buffer) => {
            text += chunk.toString();
        });
        await clock.waitFor(() => text.includes("state"), "the first state");
        for (let round = 0; round < 200 && !text.includes('"name":"3999"'); round += 1) {
            await clock.advance(50);
        }
        end();
        const lines = text.trim().split("\n");
        const events = lines.filter((line) => line.startsWith('{"type":"event"'));
        assert.ok(text.includes('"name":"3999"'));
        const lost = lines.filter((line) => line.startsWith('{"type":"lost"')).map((line) => JSON.parse(line).count);
        assert.equal(
            lost.reduce((sum, count) => sum + count, 0),
            4000 - events.length,
        );
        assert.ok(events.length > 300 && events.length * 2 * long.length <= 32 * 1024 * 1024, `${events.length} came`);
    });

    it("gets the past in small parts, so that nobody waits while the secrets of much text are looked for", async () => {
        const clock = new FakeClock();
        const store = new EventStore();
        store.hold();
        const recorder = createRecorder(store);
        for (let index = 0; index < 100; index += 1) {
            recorder.note("log", { name: String(index), message: long });
        }
        const response = unreadResponse();
        const end = streamEvents({ clock, store, state: () => ({}) as InspectState, response, after: 0 });
        const parts: string[] = [];
        for (let count = 0; count < 100; ) {
            const part = String(response.read() ?? "");
            parts.push(part);
            count += part.split("\n").filter((line) => line.startsWith('{"type":"event"')).length;
            await clock.advance(50);
        }
        end();
        const longest = Math.max(...parts.map(({ length }) => length));
        assert.ok(longest < 300_000, `${longest} characters at once`);
    });

    it("gets an export in pieces, and only as it reads", async () => {
        const store = new EventStore();
        const recorder = createRecorder(store);
        store.hold();
        for (let index = 0; index < 100; index += 1) {
            recorder.note("log", { name: String(index), message: `password=hunter22hunter22 ${long}` });
        }
        const response = unreadResponse();
        const sent = sendExport(response, store.after(0).events);
        const pieces: string[] = [];
        for await (const piece of response) {
            pieces.push(String(piece));
            assert.ok(response.writableLength < 600_000, `${response.writableLength} bytes wait`);
        }
        await sent;
        assert.ok(pieces.length > 3, `${pieces.length} pieces`);
        const { version, events } = JSON.parse(pieces.join("")) as { version: number; events: { name: string }[] };
        assert.equal(version, 1);
        assert.deepEqual(
            events.map(({ name }) => name),
            store.after(0).events.map(({ name }) => name),
        );
        assert.doesNotMatch(pieces.join(""), /hunter22/);
    });

    it("may go away in the middle of an export", async () => {
        const store = new EventStore();
        const recorder = createRecorder(store);
        store.hold();
        for (let index = 0; index < 100; index += 1) {
            recorder.note("log", { name: String(index), message: long });
        }
        const response = unreadResponse();
        const sent = sendExport(response, store.after(0).events);
        response.once("data", () => response.destroy());
        await sent;
    });
});
