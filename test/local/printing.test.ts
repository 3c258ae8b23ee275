import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import { siteFaults } from "../../local/azure/siteFaults";
import type { Update } from "../../local/engine/update";
import { failure } from "../../local/failure";
import { takesColours } from "../../local/ui/paint";
import { writeLine } from "../../local/ui/print";
import { repositoryRoot } from "../support/registeredFunctions";

const sources = globSync("{local,cli,emulator}/**/*.ts", { cwd: repositoryRoot, ignore: ["**/node_modules/**"] });
const read = (path: string) => readFileSync(join(repositoryRoot, path), "utf8");

/** Files that write without the guard, and what they write. */
const allowed: Record<string, string> = {
    "local/ui/print.ts": "is the guard",
    "cli/main.ts": "waits with an empty text for what was written",
    "local/plugin/main.ts": "tells Pulumi's engine a port",
    "emulator/functions/host/main.ts": "writes to the supervisor, which guards it",
};

describe("what is printed", () => {
    it("goes through one place, which shows control characters", () => {
        const writers = sources.filter((path) =>
            /process\.(stdout|stderr)\.write|\bconsole\.(log|info|warn|error|debug)\(/.test(read(path)),
        );
        assert.deepEqual(
            writers.filter((path) => !Object.hasOwn(allowed, path) && path !== "local/ui/print.ts"),
            [],
        );
    });

    it("comes from readers that bound a line", () => {
        const readers = sources.filter((path) => /\bcreateInterface\(/.test(read(path)));
        assert.deepEqual(readers, []);
    });

    it("holds no escape sequence, whatever a line holds", () => {
        const written: string[] = [];
        writeLine("a\u001b[2Jb\rc\u0085", { write: (text: unknown) => written.push(String(text)) > 0 });
        assert.deepEqual(written, ["a\\x1b[2Jb\\rc\\x85\n"]);
    });
});

describe("colours", () => {
    for (const [what, env, isTTY, expected] of [
        ["a terminal", {}, true, true],
        ["a pipe", {}, false, false],
        ["a pipeline", { CI: "true" }, false, false],
        ["a terminal that knows none", { TERM: "dumb" }, true, false],
        ["NO_COLOR", { NO_COLOR: "1" }, true, false],
        ["an empty NO_COLOR", { NO_COLOR: "" }, true, true],
        ["FORCE_COLOR in a pipe", { FORCE_COLOR: "1" }, false, true],
        ["FORCE_COLOR=0", { FORCE_COLOR: "0" }, true, false],
        ["both", { FORCE_COLOR: "1", NO_COLOR: "1" }, true, false],
    ] as const) {
        it(`are ${expected ? "" : "not "}used with ${what}`, () =>
            assert.equal(takesColours({ env, isTTY }), expected));
    }
});

describe("why an update failed", () => {
    it("has a line for each resource, whatever the name of one holds", () => {
        const step = { operation: "failed", type: "a:b:C", name: "x\r\nerror  forged\u001b[2J", reason: "no" };
        const update = { steps: [step, { ...step, name: "y" }] } as unknown as Update;
        assert.deepEqual(failure({ update, code: 0, errors: [] })?.split("\n"), [
            "a:b:C x\\r\\nerror  forged\\x1b[2J: no",
            "a:b:C y: no",
        ]);
    });
});

describe("CORS of a site", () => {
    it("takes credentials for named origins only, as Azure does", () => {
        const faultsOf = (cors: unknown) => siteFaults({ siteConfig: { cors } } as never);
        assert.deepEqual(faultsOf({ allowedOrigins: ["*"], supportCredentials: true }), [
            'siteConfig.cors.supportCredentials is true and allowedOrigins includes "*": Azure takes credentials for named origins only. List the origins, or remove supportCredentials.',
        ]);
        assert.deepEqual(faultsOf({ allowedOrigins: ["*"] }), []);
        assert.deepEqual(faultsOf({ allowedOrigins: ["https://a.example"], supportCredentials: true }), []);
    });
});
