import assert from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createRecorder, payload } from "../../../emulator/core/inspect";
import { shownHeaders } from "../../../emulator/core/shown";
import { createRenumbering, inMessages, readEvents } from "../../../emulator/functions/inspectEvents";
import { EventStore } from "../../../emulator/inspect/store";

describe("the inspector's memory", () => {
    it("keeps the last 10,000 events", () => {
        const store = new EventStore();
        const recorder = createRecorder(store);
        store.hold();
        for (let index = 0; index < 25_000; index++) {
            recorder.note("log", { name: String(index) });
        }
        const { events } = store.after(0);
        assert.equal(events.length, 10_000);
        assert.equal(events.at(-1)?.name, "24999");
        assert.equal(events[0]?.name, "15000");
    });

    it("stays below 32 MiB whatever is in the events, also when they grow at their end", () => {
        const store = new EventStore();
        const recorder = createRecorder(store);
        store.hold();
        for (let index = 0; index < 10_000; index++) {
            const span = recorder.begin("clientEvent", { name: "x", ...payload("ä".repeat(1_000_000 % 5000), "text") });
            span.end({ message: "m".repeat(4000) });
        }
        assert.ok(store.bytes <= 32 * 1024 * 1024, `${store.bytes} bytes`);
        assert.ok(store.size > 100 && store.size < 10_000);
    });

    it("tells a reader that comes back what it missed, and that more is gone", () => {
        const store = new EventStore({ mostEvents: 3 });
        const recorder = createRecorder(store);
        store.hold();
        const ids: number[] = [];
        store.listen(({ id }) => void ids.push(id));
        for (const name of ["a", "b", "c", "d", "e"]) {
            recorder.note("log", { name });
        }
        assert.deepEqual(
            [store.after(ids[3] ?? 0).events.map(({ name }) => name), store.after(ids[3] ?? 0).lost],
            [["e"], false],
        );
        assert.equal(store.after(ids[0] ?? 0).lost, true);
    });

    it("records a part of what begins while more happens than it has time for, and all that belongs to that part", () => {
        let now = 0;
        const store = new EventStore({ budget: { now: () => now, perSecond: 10, atOnce: 20 } });
        const recorder = createRecorder(store);
        store.hold();
        function happen(): void {
            const span = recorder.on ? recorder.begin("clientEvent", { name: "x" }) : undefined;
            span?.note("ack", { name: "x" });
            span?.end();
        }
        const counts = [0, 1000, 1000, 100_000].map((later) => {
            now += later;
            const before = store.after(0).events.length;
            for (let time = 0; time < 100; time++) {
                happen();
            }
            return store.after(0).events.length - before;
        });
        assert.deepEqual(counts, [40, 20, 20, 40]);
        assert.equal(store.missed, 340);
        assert.ok(recorder.isOpen && !recorder.on);
    });

    it("records nothing, and counts nothing as missed, while nobody looks", () => {
        const store = new EventStore();
        const recorder = createRecorder(store);
        recorder.note("log", { name: "x" });
        assert.deepEqual([recorder.on, recorder.isOpen, store.missed, store.size], [false, false, 0, 0]);
    });

    it("keeps no more of a long payload in memory than it shows", () => {
        setFlagsFromString("--expose-gc");
        const collect = runInNewContext("gc") as () => void;
        const used = (): number => {
            collect();
            return process.memoryUsage().heapUsed + process.memoryUsage().external;
        };
        const kept: unknown[] = [];
        const before = used();
        for (let index = 0; index < 100; index++) {
            kept.push(payload(`${index} ${"x".repeat(1_000_000)}`, "text"));
        }
        assert.equal(kept.length, 100);
        assert.ok(used() - before < 50_000_000);
    });

    it("cuts a payload before it converts it, and shows binary data as base64", () => {
        assert.equal(payload(Buffer.alloc(1_000_000, "x"), "text").data?.length, 2000);
        assert.deepEqual(payload(Buffer.from([1, 2, 255]), "binary"), { data: "AQL/", dataType: "binary", bytes: 3 });
    });

    it("masks every header that may hold a secret", () => {
        const names = [
            "Authorization",
            "cookie",
            "Set-Cookie",
            "x-functions-key",
            "ce-signature",
            "X-ASRS-Signature",
            "api-key",
            "X-Auth-Token",
            "client_secret",
        ];
        const shown = shownHeaders(Object.fromEntries([...names, "ce-hub"].map((name) => [name, "value"])));
        assert.deepEqual(
            Object.entries(shown).filter(([, value]) => value === "value"),
            [["ce-hub", "value"]],
        );
        assert.equal(Object.keys(shown).length, names.length + 1);
    });

    it("takes from an app's process only what it knows, and gives it ids of its own", () => {
        const good = {
            id: 7,
            trace: "a".repeat(32),
            span: "b".repeat(16),
            kind: "function",
            name: "f",
            start: 1,
            evil: {},
            app: "other",
            connection: "c",
        };
        assert.deepEqual(readEvents([good]), [
            { id: 7, trace: "a".repeat(32), span: "b".repeat(16), kind: "function", start: 1, name: "f" },
        ]);
        for (const bad of [
            null,
            1,
            {},
            { ...good, id: 1.5 },
            { ...good, trace: "x" },
            { ...good, kind: "connection" },
            { ...good, start: "1" },
            { ...good, name: 1 },
        ]) {
            assert.deepEqual(readEvents([bad]), []);
        }
        assert.deepEqual(readEvents("x"), []);
        for (const start of [-1, 8.64e15 + 2, 1e308, Number.NaN, Number.POSITIVE_INFINITY]) {
            assert.deepEqual(readEvents([{ ...good, start }]), [], `start ${start}`);
            assert.equal(readEvents([{ ...good, duration: start }])[0]?.duration, undefined, `duration ${start}`);
        }
        assert.equal(readEvents([{ ...good, message: "m".repeat(100_000) }])[0]?.message?.length, 16 * 1024);
        const headers = { a: "text", b: ["c", "d"], e: { toString: 1 }, f: [{ toString: 1 }], g: 1 };
        assert.deepEqual(readEvents([{ ...good, headers }])[0]?.headers, { a: "text", b: "c, d", e: "", f: "", g: "" });
        let last = 100;
        const renumber = createRenumbering(() => ++last);
        const [event] = readEvents([good]);
        assert.ok(event);
        assert.equal(renumber(event).id, 101);
        assert.equal(renumber({ ...event, duration: 1 }).id, 101);
        assert.equal(renumber(event).id, 102);
    });

    it("travels in messages that are small, whatever the app logs", () => {
        const store = new EventStore();
        const recorder = createRecorder(store);
        store.hold();
        for (let index = 0; index < 450; index += 1) {
            recorder.note("log", { name: "n".repeat(20_000), message: `${index} ${"m".repeat(70_000)}` });
        }
        const { events } = store.after(0);
        const messages = inMessages(events);
        assert.deepEqual(
            messages.flat().map(({ id }) => id),
            events.map(({ id }) => id),
        );
        assert.ok(messages.every((some) => some.length <= 200));
        for (const { name, message } of messages.flat()) {
            assert.deepEqual([name.length, message?.length], [16 * 1024, 16 * 1024]);
        }
        assert.deepEqual(inMessages([]), []);
    });
});
