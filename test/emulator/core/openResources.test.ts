import assert from "node:assert/strict";
import { trackOpenResources } from "../../../emulator/core/openResources";

describe("open resources", () => {
    function resource(options: { events: string[]; name: string; fails?: boolean }) {
        return {
            async close() {
                options.events.push(`close ${options.name}`);
                if (options.fails) {
                    throw new Error(`${options.name} hangs`);
                }
            },
            async remove() {
                options.events.push(`remove ${options.name}`);
            },
        };
    }

    it("close last opened first, and all of them although one fails", async () => {
        const events: string[] = [];
        const resources = trackOpenResources();
        for (const name of ["a", "b", "c"]) {
            await resources.open({ id: name, start: async () => resource({ events, name, fails: name === "b" }) });
        }
        await assert.rejects(resources.closeAll(), /1 resources did not close: Error: b hangs/);
        assert.deepEqual(events, ["close c", "close b", "close a"]);
        await resources.closeAll();
        assert.equal(events.length, 3);
    });

    for (const end of ["close", "remove"] as const) {
        it(`are forgotten once on ${end}, and their id is free again`, async () => {
            const events: string[] = [];
            const resources = trackOpenResources();
            const start = async () => resource({ events, name: "a" });
            const onClose = () => void events.push("forgotten");
            const opened = await resources.open({ id: "a", start, onClose });
            await assert.rejects(resources.open({ id: "A", start }), /A is open already/);
            await opened[end]();
            await opened[end]();
            await resources.open({ id: "a", start });
            assert.deepEqual(events, ["forgotten", `${end} a`, `${end} a`]);
        });
    }

    it("that are still starting are waited for and closed, and none is opened after", async () => {
        const events: string[] = [];
        const resources = trackOpenResources();
        let finish = () => {};
        const started = new Promise<void>((resolve) => {
            finish = resolve;
        });
        const opening = resources.open({
            id: "slow",
            start: async () => {
                await started;
                return resource({ events, name: "slow" });
            },
        });
        const closing = resources.closeAll();
        finish();
        await Promise.all([opening, closing]);
        assert.deepEqual(events, ["close slow"]);
        const late = resources.open({ id: "late", start: async () => resource({ events, name: "late" }) });
        await assert.rejects(late, /late cannot be opened: the emulator is closed/);
    });

    it("free the id of one that did not start", async () => {
        const resources = trackOpenResources();
        const fail = () => Promise.reject(new Error("no"));
        await assert.rejects(resources.open({ id: "a", start: fail }), /no/);
        await resources.open({ id: "a", start: async () => resource({ events: [], name: "a" }) });
    });
});
