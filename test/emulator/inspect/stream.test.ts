import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { createRecorder, type InspectEvent } from "../../../emulator/core/inspect";
import type { InspectMessage } from "../../../emulator/inspect/page/types";
import type { InspectState } from "../../../emulator/inspect/state";
import { EventStore, type StoreOptions } from "../../../emulator/inspect/store";
import { streamEvents } from "../../../emulator/inspect/stream";
import { FakeClock } from "../../support/clock";

/** A reader that reads only what it is let. */
class Reader {
    readonly messages: InspectMessage[] = [];
    /** Bytes that the reader has not read yet. */
    writableLength = 0;
    destroyed = false;
    once(): void {}
    writeHead(): void {}
    destroy(): void {
        this.destroyed = true;
    }
    write(text: string): void {
        const lines = text.split("\n").filter((line) => line !== "");
        this.messages.push(...lines.map((line) => JSON.parse(line) as InspectMessage));
    }
    /** What came since the last call, without states. */
    read(): (string | number)[] {
        return this.messages.splice(0).flatMap((message) => {
            switch (message.type) {
                case "event":
                    return message.event.name;
                case "lost":
                    return message.count === undefined ? "lost" : `lost ${message.count}`;
                default:
                    return [];
            }
        });
    }
}

describe("the inspector's stream to a page", () => {
    let clock: FakeClock;
    let store: EventStore;
    let ids: number[];
    const ends: (() => void)[] = [];

    function start(options: StoreOptions = {}): void {
        clock = new FakeClock();
        store = new EventStore(options);
        store.hold();
        ids = [];
        store.listen(({ id }: InspectEvent) => void ids.push(id));
    }
    afterEach(() => {
        for (const end of ends.splice(0)) {
            end();
        }
    });

    function open(after = 0): Reader {
        const reader = new Reader();
        const state = () => ({}) as InspectState;
        ends.push(streamEvents({ clock, store, state, response: reader as unknown as ServerResponse, after }));
        return reader;
    }
    const happen = (from: number, to: number): void => {
        const recorder = createRecorder(store);
        for (let number = from; number <= to; number++) {
            recorder.note("log", { name: String(number) });
        }
    };

    it("tells a slow reader how many events are missing, before those that came after them", async () => {
        start();
        const reader = open();
        happen(1, 3);
        await clock.advance(50);
        assert.deepEqual(reader.read(), ["1", "2", "3"]);
        reader.writableLength = 2 * 1024 * 1024;
        happen(4, 10_503);
        await clock.advance(1000);
        assert.deepEqual(reader.read(), [], "nothing is written to a reader that does not read");
        reader.writableLength = 0;
        await clock.advance(5000);
        const [lost, first, ...rest] = reader.read();
        assert.deepEqual([lost, first, rest.length, rest.at(-1)], ["lost 500", "504", 9999, "10503"]);
        happen(10_504, 10_504);
        await clock.advance(50);
        assert.deepEqual(reader.read(), ["10504"], "it is told once");
    });

    it("tells a reader that comes back to a full memory that more is gone than it gets", async () => {
        start({ mostEvents: 3 });
        happen(1, 5);
        const all = open();
        const late = open(ids[0]);
        const timely = open(ids[1]);
        await clock.advance(50);
        assert.deepEqual(all.read(), ["3", "4", "5"], "who never was here misses nothing");
        assert.deepEqual(late.read(), ["lost", "3", "4", "5"]);
        assert.deepEqual(timely.read(), ["3", "4", "5"]);
    });

    it("tells how often something was not recorded, because too much happened", async () => {
        let now = 0;
        start({ budget: { now: () => now, perSecond: 10, atOnce: 20 } });
        const reader = open();
        await clock.advance(50);
        for (let count = 0; count < 50; count++) {
            if (store.on) {
                happen(count, count);
            }
        }
        await clock.advance(50);
        const first = reader.read();
        assert.deepEqual([first[0], first.length], ["lost 30", 21]);
        now += 60_000;
        happen(100, 100);
        await clock.advance(50);
        assert.deepEqual(reader.read(), ["100"]);
    });

    it("counts for each reader what that reader misses", async () => {
        start();
        const slow = open();
        const quick = open();
        await clock.advance(50);
        slow.writableLength = 2 * 1024 * 1024;
        happen(1, 10_001);
        await clock.advance(5000);
        assert.equal(quick.read().includes("lost 1"), true, "all at once is more than waits for one batch");
        happen(10_002, 10_003);
        await clock.advance(50);
        assert.deepEqual(quick.read(), ["10002", "10003"]);
        slow.writableLength = 0;
        await clock.advance(5000);
        assert.equal(slow.read()[0], "lost 3");
    });
});
