import assert from "node:assert/strict";
import { printable, printableColouredLines, printableLines, printableOutput } from "../../../emulator/core/printable";

describe("a text that is printed", () => {
    it("shows every control character but a tab, and changes nothing else", () => {
        for (let code = 0; code <= 0x2100; code++) {
            const character = String.fromCharCode(code);
            const shown = printable(`a${character}b`);
            const isControl =
                (code < 0x20 && code !== 9) ||
                (code >= 0x7f && code < 0xa0) ||
                [0x061c, 0x200e, 0x200f, 0x2028, 0x2029].includes(code) ||
                (code >= 0x202a && code <= 0x202e) ||
                (code >= 0x2066 && code <= 0x2069);
            assert.equal(shown === `a${character}b`, !isControl, code.toString(16));
            assert.ok(!isControl || /^a\\(x[0-9a-f]{2}|u[0-9a-f]{4}|[nr])b$/.test(shown), shown);
        }
        assert.equal(printable("größe 👩‍👩‍👧 日本"), "größe 👩‍👩‍👧 日本");
    });

    it("stays in one line", () => {
        assert.equal(printable("x\r\nerror  fake"), "x\\r\\nerror  fake");
        assert.deepEqual(printableLines("one\r\ntwo\rthree\u0085"), ["one", "two\\rthree\\x85"]);
    });

    it("has colours only where they are wanted, and never another sequence", () => {
        const text = "\u001b[31mred\u001b[39m \u001b[2J \u001b]0;title\u0007 \u009b1m\nnext";
        const rest = " \\x1b[2J \\x1b]0;title\\x07 \\x9b1m\nnext";
        assert.equal(printableOutput(text, { colours: true }), `\u001b[31mred\u001b[39m${rest}`);
        assert.equal(printableOutput(text, { colours: false }), `\\x1b[31mred\\x1b[39m${rest}`);
    });

    // ColoredConsoleLogger.cs of Azure/azure-functions-core-tools writes what an app has coloured as it is.
    it("keeps the colours of an app's own text where they are wanted, ends them with the line, and else leaves them out", () => {
        const text = "\u001b[1;31mred\u001b[0m \u001b[2J\n\u001b[32mgreen\r\nplain \u001b\u001b[31m[2J";
        assert.deepEqual(printableColouredLines(text, { colours: true }), [
            "\u001b[1;31mred\u001b[0m \\x1b[2J\u001b[0m",
            "\u001b[32mgreen\u001b[0m",
            "plain \\x1b\u001b[31m[2J\u001b[0m",
        ]);
        assert.deepEqual(printableColouredLines(text, { colours: false }), ["red \\x1b[2J", "green", "plain \\x1b[2J"]);
    });
});
