import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";

const root = resolve(__dirname, "..");

/** Files that may call `fetch` or open a client connection themselves, and why. Everybody else goes through one of these. */
const allowed = new Map([
    ["emulator/core/fetchOnce.ts", "follows no redirect with a credential, and bounds the answer"],
    ["cli/verify/ask.ts", "the same, with the words of a check"],
    ["cli/verify/clients/webSocket.ts", "bounds what it reads, and follows no redirect"],
    ["cli/verify/clients/socketIO.ts", "bounds what it reads"],
    ["emulator/functions/index.ts", "calls the fetch of package/code.ts, which is none of the network"],
    ["emulator/functions/inspect.ts", "shows a redirect and follows none; bounds the answer"],
    ["emulator/functions/host/tracing.ts", "wraps the fetch that others hand to fetchOnce"],
    ["emulator/core/upstream/http.ts", "bounds the answer; a dispatcher follows no redirect"],
]);

/** The clients of the checks, which talk to a stack of this machine, and a page, which runs in a browser. */
const exempt = /^(?:local\/check|emulator\/inspect\/page)\//;

/** Ways to send a request. A value that is handed on, such as `fetch: options.fetch`, is no call. */
const calls =
    /\bfetch\(|\bnew WebSocket\(|\bio\(|\.dispatch\(|\b(?:http|https)\.(?:get|request)\(|from "(?:node:)?https?"[^\n]*\brequest\b/;

function files(folder: string): string[] {
    return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
        .map(({ parentPath, name }) => relative(root, join(parentPath, name)).replaceAll("\\", "/"));
}

const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|(?<![:"'`])\/\/.*$/gm, "");

/** A parameter or member named `fetch` in a declaration, as in `fetch(request: …): …`, is no call. */
const isDeclaration = (line: string) => /\bfetch\([^)]*:.*\)\s*:|async fetch\(\{|type |^\s*request\(/.test(line);

const isCall = (line: string) => calls.test(line) && !isDeclaration(line);

describe("a request of this project", () => {
    for (const line of [
        "const answer = await fetch(url);",
        "await options.fetch(url, { headers })",
        "new WebSocket(url)",
        "http.get(url)",
        "https.request(url)",
        'import { request } from "node:http"; request(url)',
        "client.dispatch({ path }, handler)",
    ]) {
        it(`would be found: ${line}`, () => assert.ok(isCall(line)));
    }

    it("is sent by code that follows no redirect with a key, and reads no answer without end", () => {
        const found = ["cli", "emulator", "local", "plugin", "prove", "policy", "components"]
            .flatMap(files)
            .flatMap((file) =>
                withoutComments(readFileSync(join(root, file), "utf8"))
                    .split("\n")
                    .filter(isCall)
                    .map((line): [string, string] => [file, line.trim()]),
            );
        assert.deepEqual(
            found.filter(([file]) => !allowed.has(file) && !exempt.test(file)),
            [],
        );
        assert.ok(found.length >= allowed.size, "the search finds the allowed calls");
    });
});
