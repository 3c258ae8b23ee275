import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Entry, listEntries } from "../../prove/matrix";
import { type Pages, writePages } from "../../prove/page";
import type { EntryResult, ProofState } from "../../prove/state";
import { repositoryRoot } from "../support/registeredFunctions";

const read = (name: string) => readFileSync(join(repositoryRoot, "docs", name), "utf8");
const emptyTable =
    "# Proven\n\n<!-- results -->\n| backend | result |\n| --- | --- |\n\n## Answers\n\n<!-- answers -->\n";
const open = '# Not proven\n\n- <a id="one"></a>The first,\n  on two lines.\n- <a id="two"></a>The second.\n';

const entry = (name: string, ...answers: string[]): Entry => ({
    name,
    backend: "socketio",
    plan: "Y1",
    config: {},
    dollars: 0,
    answers,
});
const result = (change: Partial<EntryResult> = {}): EntryResult => ({
    status: "passed",
    date: "2026-12-01T10:00:00.000Z",
    hostVersion: "4.1052.200",
    steps: [
        { step: "up", seconds: 240, note: "" },
        { step: "first message", seconds: 31, note: "" },
    ],
    ...change,
});

function write(results: Record<string, EntryResult>, pages: Pages = { proven: emptyTable, notProven: open }): Pages {
    const state: ProofState = { target: "a", entries: results };
    return writePages({ pages, state, entries: [entry("a", "one"), entry("b", "two", "one")] });
}

describe("the pages that npm run prove writes", () => {
    it("have a row for each entry, with times and the host's version", () => {
        const { proven } = write({ a: result(), b: result({ status: "failed", error: "up: a | b\nc" }) });
        assert.match(proven, /^\| a \| passed \| 2026-12-01 \| 4\.1052\.200 \| 240 s \| 31 s \| {2}\| {2}\| {2}\|$/m);
        assert.match(proven, /^\| b \| failed \| .*up: a \\\| b c \|$/m);
    });

    it("leave a line that the run could not answer", () => {
        const { notProven } = write({ b: result({ unanswered: ["one"] }) });
        assert.match(notProven, /The first/);
        assert.doesNotMatch(notProven, /The second/);
    });

    it("move an answered line, with what was seen", () => {
        const { proven, notProven } = write({ a: result() });
        assert.doesNotMatch(notProven, /first|two lines/);
        assert.match(notProven, /The second/);
        assert.match(
            proven,
            /<a id="one"><\/a>The first,\n {2}on two lines\.\n {2}\*\*It works\*\* \(a, 2026-12-01\)\./,
        );
    });

    it("move a line for a failure too, and none for what is left behind", () => {
        assert.match(write({ a: result({ status: "failed", error: "404" }) }).proven, /It failed: 404\*\* \(a/);
        assert.deepEqual(write({ a: result({ status: "left" }) }), { proven: emptyTable, notProven: open });
    });

    it("are the same when they are written again, and replace the row of an entry that ran again", () => {
        const once = write({ a: result() });
        assert.deepEqual(write({ a: result() }, once), once);
        const again = write({ a: result({ hostVersion: "5.0.0" }), b: result() }, once);
        assert.equal(again.proven.match(/^\| a \|/gm)?.length, 1);
        assert.match(again.proven, /5\.0\.0/);
    });

    it("find every id that the matrix answers in the documentation", () => {
        const keys = {
            plan: { type: "string", allowed: ["FC1", "EP1", "Y1", "B1"] },
            allowSocketIOTriggerOnFlex: { type: "boolean" },
            packageDelivery: { type: "string", allowed: ["Extracted", "Mounted", "Url"] },
        };
        const text = read("not-proven.md") + read("proven.md");
        const ids = new Set(listEntries(keys, { idleMinutes: 30 }).entries.flatMap(({ answers }) => answers));
        assert.deepEqual(
            [...ids].filter((id) => !text.includes(`<a id="${id}"></a>`)),
            [],
        );
    });

    it("keep their places for rows and answers in the documentation", () => {
        const pages = { proven: read("proven.md"), notProven: read("not-proven.md") };
        const entries = [entry("a", "recover")];
        const written = writePages({ pages, state: { target: "a", entries: { a: result() } }, entries });
        assert.match(written.proven, /^\| a \| passed/m);
        assert.match(written.proven, /<a id="recover">/);
        assert.doesNotMatch(written.notProven, /<a id="recover">/);
    });

    it("have an id on every open question", () => {
        const questions = read("not-proven.md")
            .split("\n")
            .filter((line) => line.startsWith("- "));
        const without = questions.filter((line) => !line.includes('<a id="'));
        // This one is asked by the three lines below it.
        assert.deepEqual(
            without.filter((line) => !line.startsWith("- **Which of the three")),
            [],
        );
    });
});
