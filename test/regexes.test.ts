import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { globSync } from "tinyglobby";
import ts from "typescript";
import { repositoryRoot } from "./support/registeredFunctions";

/** A regular expression of the code, and where it stands. */
interface Found {
    place: string;
    expression: RegExp;
}

function expressionsOf(path: string, text: string): Found[] {
    const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    const found: Found[] = [];
    const visit = (node: ts.Node): void => {
        if (ts.isRegularExpressionLiteral(node)) {
            const end = node.text.lastIndexOf("/");
            const { line } = source.getLineAndCharacterOfPosition(node.getStart());
            const flags = node.text.slice(end + 1);
            found.push({ place: `${path}:${line + 1}`, expression: new RegExp(node.text.slice(1, end), flags) });
        }
        ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
}

/** Short texts that parts of an expression may match, taken from the expression itself. */
function piecesOf({ source }: RegExp): string[] {
    const plain = source.replace(/\\[a-zA-Z]|\(\?[:=!<]*|[[\](){}|+*?^$]/g, " ").replace(/\\(.)/g, "$1");
    const words = plain.split(" ").filter((word) => word !== "" && word.length < 12);
    const single = [...new Set(words.join(""))].slice(0, 12);
    return [...new Set([...words.slice(0, 8), ...single, "a", "A", "0", " ", "\n", ".", "/", "a.", "a/", "ab "])];
}

/** Lengths of the texts, and the milliseconds of a processor that each may take. The short ones name the text of a bad expression. */
const sizes = [
    { length: 24, longest: 20 },
    { length: 400, longest: 20 },
    { length: 20_000, longest: 150 },
];

function timeOf(expression: RegExp, text: string): number {
    // A global or sticky expression would go on where it stopped.
    expression.lastIndex = 0;
    // A busy machine lengthens the time on the clock, not that of the processor.
    const began = process.cpuUsage();
    expression.test(text);
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1000;
}

/** Milliseconds for all texts of one expression, on a busy machine too. */
const longestSearch = 10_000;

/** A text for which the expression takes too long; undefined when none was found. */
function slowText(expression: RegExp, timeout = longestSearch): string | undefined {
    try {
        // Only `timeout` can end one test of an expression that would go on for hours.
        return runInNewContext("search()", { search: () => searchSlowText(expression) }, { timeout });
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") {
            return `a text that it did not finish in ${timeout / 1000} s`;
        }
        throw error;
    }
}

function searchSlowText(expression: RegExp): string | undefined {
    const pieces = piecesOf(expression);
    for (const piece of pieces) {
        for (const start of ["", ...pieces.slice(0, 6)]) {
            for (const { length, longest } of sizes) {
                const count = Math.ceil(length / piece.length);
                // A text that does not match at its end makes an expression try every way to split the rest.
                const text = `${start}${piece.repeat(count)}\u0000\n\u0000`;
                if ([0, 1, 2].every(() => timeOf(expression, text) > longest)) {
                    return `${JSON.stringify(start)} + ${JSON.stringify(piece)} x ${count}`;
                }
            }
        }
    }
    return undefined;
}

/** Files that make expressions of texts, and what the texts are. */
const madeOf = new Map([
    ["cli/mask.ts", "secrets, escaped"],
    ["components/functionCode/ignoreRules.ts", "one set of characters"],
    ["components/functionCode/modules.ts", "the name of a package, escaped"],
    ["components/functionCode/triggers.ts", "names of bindings"],
    ["components/shared/urls.ts", "placeholders"],
    ["emulator/core/printable.ts", "an escape"],
    ["emulator/core/shown.ts", "names of secrets"],
    ["emulator/functions/host/stack.ts", "folders, escaped"],
    ["emulator/functions/host/worker/loadFile.ts", "a file, escaped"],
    ["emulator/identity/audience.ts", "a domain"],
    ["emulator/inspect/otlp/places.ts", "names of collections"],
    ["emulator/vault/vault.ts", "a domain"],
    ["local/inspection.ts", "the form of a Key Vault reference"],
    ["rules/routeConstraints.ts", "a constraint of an app's own route"],
]);

describe("regular expressions", function () {
    this.timeout(60_000);

    it("take no long time for a long text, whatever it is", () => {
        const paths = globSync("{cli,components,emulator,local,plugin,policy,rules,stacks}/**/*.ts", {
            cwd: repositoryRoot,
            ignore: ["**/node_modules/**"],
        });
        const all = paths.flatMap((path) => expressionsOf(path, readFileSync(join(repositoryRoot, path), "utf8")));
        assert.ok(all.length > 200, `${all.length} expressions`);
        const slow = all.flatMap(({ place, expression }) => {
            const text = slowText(expression);
            return text === undefined ? [] : [`${place} ${expression} for ${text}`];
        });
        assert.deepEqual(slow, []);
    });

    for (const text of ["/\\s+$/", "/^(.*),(.*),(.*)$/", "/^(\\w+\\s*)*$/", "/<[^>]*>$/", "/^a*a*a*b$/"]) {
        it(`that are slow would be found: ${text}`, () => {
            const [found] = expressionsOf("a.ts", `const expression = ${text};`);
            assert.ok(found !== undefined && slowText(found.expression, 2_000) !== undefined);
        });
    }

    // A pattern of somebody else must go through emulator/core/wildcards.ts, which takes linear time.
    it("are made at run time only of names that this project or a program chooses", () => {
        const paths = globSync("{cli,components,emulator,local,plugin,policy,rules,stacks}/**/*.ts", {
            cwd: repositoryRoot,
            ignore: ["**/node_modules/**"],
        });
        const making = paths.filter((path) => /\bRegExp\(/.test(readFileSync(join(repositoryRoot, path), "utf8")));
        assert.deepEqual(making.sort(), [...madeOf.keys()].sort());
    });
});
