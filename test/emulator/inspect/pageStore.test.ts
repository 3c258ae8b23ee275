import assert from "node:assert/strict";
import { noFilter } from "../../../emulator/inspect/page/filter";
import { formatLost } from "../../../emulator/inspect/page/format";
import { Shown } from "../../../emulator/inspect/page/shown";
import { Store } from "../../../emulator/inspect/page/store";
import type { InspectEvent, InspectMessage } from "../../../emulator/inspect/page/types";
import { eventOf, scenario, stateOf } from "./scenario";

const messages = (events: InspectEvent[]): InspectMessage[] => events.map((event) => ({ type: "event", event }));
const numbered = (from: number, to: number, more: Partial<InspectEvent> = {}) =>
    Array.from({ length: to - from + 1 }, (_, index) => eventOf({ id: from + index, ...more }));
const ids = (events: readonly InspectEvent[]) => events.map(({ id }) => id);

describe("the events that the inspector's page holds", () => {
    it("keep the newest, with their traces and the number of failures", () => {
        const store = new Store(10);
        store.apply(messages(numbered(1, 8, { outcome: "failed", trace: "a" })));
        const change = store.apply(messages(numbered(9, 15, { trace: "b" })));
        assert.deepEqual(ids(store.events), [6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
        assert.deepEqual(ids(store.trace("a")), [6, 7, 8]);
        assert.equal(store.failures, 3);
        assert.equal(change.dropped, true);
        store.apply(messages(numbered(16, 30, { trace: "b" })));
        assert.deepEqual(ids(store.trace("a")), []);
        assert.equal(store.failures, 0);
    });

    it("give no event that is gone again when one batch holds more than there is room for", () => {
        const store = new Store(10);
        const { added } = store.apply(messages(numbered(1, 25)));
        assert.deepEqual(ids(added), ids(store.events));
        assert.equal(store.events.length, 10);
    });

    it("replace an event by its end, and ignore the end of one that is gone", () => {
        const store = new Store(10);
        store.apply(messages([eventOf({ id: 1, trace: "a" }), eventOf({ id: 2, trace: "a" })]));
        const ended = eventOf({ id: 1, trace: "a", duration: 5, outcome: "failed" });
        assert.deepEqual(store.apply(messages([ended])).replaced, [ended]);
        assert.deepEqual(ids(store.events), [1, 2]);
        assert.equal(store.find(1), ended);
        assert.equal(store.trace("a")[0], ended);
        assert.equal(store.failures, 1);
        store.clear();
        assert.deepEqual(store.apply(messages([ended])).added, []);
        assert.deepEqual(store.events, []);
    });

    it("are one event when it begins and ends in the same batch", () => {
        const store = new Store();
        const ended = eventOf({ id: 1, duration: 5 });
        const { added, replaced } = store.apply(messages([eventOf({ id: 1 }), ended]));
        assert.deepEqual([added, replaced], [[ended], []]);
    });

    it("come with the last state, and with how many are missing", () => {
        const store = new Store();
        const state = stateOf(0);
        const change = store.apply([
            { type: "state", state },
            { type: "lost", count: 1200 },
            { type: "lost", count: 34 },
        ]);
        assert.equal(store.state, state);
        assert.equal(change.state, true);
        assert.deepEqual([store.lost, store.lostMore, formatLost(store)], [1234, false, "1,234 missing"]);
        store.apply([{ type: "lost" }]);
        assert.deepEqual([store.lost, formatLost(store)], [1234, "More than 1,234 missing"]);
        store.clear();
        assert.deepEqual([store.lost, store.lostMore], [0, false]);
        store.apply([{ type: "lost" }]);
        assert.equal(formatLost(store), "Some missing");
    });
});

describe("the events that the timeline shows", () => {
    function filled() {
        const store = new Store(100);
        store.apply(messages(scenario(0)));
        return { store, shown: new Shown(store) };
    }
    const filtered = (filter: Partial<typeof noFilter>) => {
        const { shown } = filled();
        shown.setFilter({ ...noFilter, ...filter });
        return ids(shown.events);
    };

    for (const { title, filter, expected } of [
        { title: "all without a filter", filter: {}, expected: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] },
        { title: "those with every word, in any case and field", filter: { text: "POST  0~lw~" }, expected: [6] },
        { title: "those with a status", filter: { text: "202" }, expected: [6] },
        { title: "none for a text that is a pattern elsewhere", filter: { text: ".*" }, expected: [] },
        { title: "one kind", filter: { kind: "log" }, expected: [5] },
        { title: "failures, which a why row is", filter: { failures: true }, expected: [9, 10] },
        { title: "whole traces of an event", filter: { event: "message" }, expected: [2, 3, 4, 5, 6, 7, 8] },
        { title: "whole traces of a user", filter: { user: "ANN" }, expected: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] },
        { title: "whole traces of a connection", filter: { connection: "nobody" }, expected: [] },
        { title: "rows of chosen traces", filter: { event: "message", kind: "function" }, expected: [4] },
    ]) {
        it(`are ${title}`, () => assert.deepEqual(filtered(filter), expected));
    }

    it("take what arrives as a new choice would, whatever the order", () => {
        for (const filter of [{ event: "message" }, { failures: true }, { text: "ann" }, { kind: "function" }]) {
            const store = new Store(100);
            const shown = new Shown(store);
            shown.setFilter({ ...noFilter, ...filter });
            // The event that chooses the trace arrives after one that it caused.
            const ids20 = new Map([
                [4, 20],
                [2, 30],
            ]);
            const late = scenario(0).map((event) => ({ ...event, id: ids20.get(event.id) ?? event.id }));
            for (const event of late.sort((a, b) => a.id - b.id)) {
                shown.apply(store.apply(messages([{ ...event, duration: undefined, outcome: undefined }])));
            }
            for (const event of late) {
                shown.apply(store.apply(messages([event])));
            }
            const step = ids(shown.events);
            shown.refresh();
            assert.deepEqual(step, ids(shown.events), JSON.stringify(filter));
            assert.ok(step.length > 0);
        }
    });

    it("take a batch once, although its first event brings the others of its trace", () => {
        const store = new Store(100);
        const shown = new Shown(store);
        shown.setFilter({ ...noFilter, event: "message" });
        assert.equal(shown.apply(store.apply(messages(scenario(0)))), 7);
        assert.deepEqual(ids(shown.events), [2, 3, 4, 5, 6, 7, 8]);
    });

    it("stand in the order of their starts, although an app tells late what its functions did", () => {
        const store = new Store(3);
        const shown = new Shown(store);
        const late = eventOf({ id: 3, start: 5 });
        shown.apply(store.apply(messages([eventOf({ id: 1, start: 1 }), eventOf({ id: 2, start: 9 })])));
        shown.apply(store.apply(messages([late])));
        assert.deepEqual(ids(shown.events), [1, 3, 2]);
        shown.apply(store.apply(messages([{ ...late, duration: 2 }, eventOf({ id: 4, start: 11 })])));
        assert.deepEqual(ids(shown.events), [3, 2, 4]);
        assert.equal(shown.events[0]?.duration, 2);
        shown.refresh();
        assert.deepEqual(ids(shown.events), [3, 2, 4]);
    });

    it("take a late change as the store has it by then", () => {
        const store = new Store(3);
        const shown = new Shown(store);
        const first = store.apply(messages(numbered(1, 3)));
        const ended = eventOf({ id: 3, duration: 1 });
        const second = store.apply(messages([ended, ...numbered(4, 5)]));
        shown.apply({ ...second, added: [...first.added, ...second.added] });
        assert.deepEqual(ids(shown.events), [3, 4, 5]);
        assert.equal(shown.events[0], ended);
    });

    it("leave with the events that the store drops", () => {
        const store = new Store(5);
        const shown = new Shown(store);
        shown.setFilter({ ...noFilter, text: "event" });
        for (const event of numbered(1, 12)) {
            shown.apply(store.apply(messages([event])));
        }
        assert.deepEqual(ids(shown.events), [8, 9, 10, 11, 12]);
    });

    it("stay as they are during a pause, also for another filter, and count what arrives", () => {
        const { store, shown } = filled();
        shown.pause(true);
        assert.equal(shown.apply(store.apply(messages(numbered(11, 200)))), 0);
        assert.equal(shown.waiting, 100);
        shown.setFilter({ ...noFilter, failures: true });
        assert.deepEqual(ids(shown.events), [9, 10]);
        shown.setFilter(noFilter);
        assert.deepEqual(ids(shown.events), ids(scenario(0)));
        shown.pause(false);
        assert.deepEqual(ids(shown.events), ids(store.events));
        assert.equal(shown.events.length, 100);
    });
});
