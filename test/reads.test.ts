import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import ts from "typescript";
import { repositoryRoot } from "./support/registeredFunctions";

/** Functions that read a file or look at one. The last three are this project's own. */
const readers = new Set([
    ...["readFileSync", "readFile", "readSync", "readdirSync", "readdir", "openSync", "open", "opendir", "opendirSync"],
    ...["statSync", "stat", "lstatSync", "lstat", "accessSync", "access", "realpathSync", "realpath"],
    ...["readTextIfAny", "readBytesIfAny", "readKeptJson"],
]);

/** Files that only ask whether something exists, and why a failure to look is no loss there. */
const mayLook = new Map([
    ["emulator/functions/bundle.ts", "looks for its own compiled host, and else compiles it"],
    ["local/engine/project.ts", "the program's file is refused when it cannot be seen"],
    ["local/watch.ts", "what cannot be seen is not watched; the update reads it"],
    ["stacks/build.ts", "a folder without sources is taken as it is"],
    ["emulator/functions/coreTools.ts", "looks for a program in PATH, as a shell does"],
    ["local/manage.ts", "down says that there is no stack; the removal that follows says why a folder cannot be read"],
    ["cli/new.ts", "a folder that is not there is a new one; making it says why that fails"],
    ["cli/ownPackage.ts", "looks for this package's own files, and says when they are not there"],
    ["emulator/functions/host/extensions/available.ts", "only words an error"],
    ["components/functionCode/zip.ts", "looks for a node_modules folder for its cache, and else uses a temporary one"],
]);

/** Files that take every failure to read alike, and why nothing is lost there. */
const mayCatch = new Map([
    ["emulator/functions/coreTools.ts", "looks for a program in PATH, as a shell does"],
    ["components/functionCode/linkedPackages.ts", "a folder without package.json asks for no package"],
    ["emulator/core/tls/systemRoots.ts", "looks in several places, and has Node's own roots at the end"],
    ["emulator/functions/certificates.ts", "Node goes on without a file of roots, and warns of it"],
    ["emulator/functions/host/worker/functionJson.ts", "reports the failure as the function's error"],
    ["emulator/functions/host/stack.ts", "frames of an error keep their paths"],
]);

/** The calls in a node, without those in functions that the node only defines. */
function callsIn(node: ts.Node): string[] {
    if (ts.isFunctionLike(node)) {
        return [];
    }
    const own = ts.isCallExpression(node) ? [calleeOf(node)] : [];
    const inside: string[] = [];
    ts.forEachChild(node, (child) => void inside.push(...callsIn(child)));
    return [...own, ...inside];
}

function calleeOf({ expression }: ts.CallExpression): string {
    return ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();
}

function throws(node: ts.Node): boolean {
    return ts.isThrowStatement(node) || ts.forEachChild(node, (child) => throws(child) || undefined) === true;
}

/** Places where a failure to read is taken for "there is nothing". */
function catchAlls(path: string, text: string): string[] {
    const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    const found: string[] = [];
    const report = (node: ts.Node, what: string) => {
        const { line } = source.getLineAndCharacterOfPosition(node.getStart());
        found.push(`${path}:${line + 1} ${what}`);
    };
    const visit = (node: ts.Node): void => {
        if (ts.isTryStatement(node) && node.catchClause !== undefined) {
            const reads = callsIn(node.tryBlock).filter((name) => readers.has(name));
            if (reads.length > 0 && !throws(node.catchClause) && !mayCatch.has(path)) {
                report(node, `catches every failure of ${reads.join(", ")}`);
            }
        }
        if (ts.isCallExpression(node) && calleeOf(node) === "catch") {
            const reads = callsIn(node.expression).filter((name) => readers.has(name));
            if (reads.length > 0 && !node.arguments.some(throws)) {
                report(node, `catches every failure of ${reads.join(", ")}`);
            }
        }
        if (ts.isCallExpression(node) && calleeOf(node) === "existsSync" && !mayLook.has(path)) {
            report(node, "asks existsSync, which takes a file that cannot be reached for none");
        }
        ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
}

describe("a failure to read", () => {
    const paths = globSync("{cli,components,emulator,local,plugin,policy,prove,stacks}/**/*.ts", {
        cwd: repositoryRoot,
        ignore: ["**/node_modules/**"],
    });

    it("is never taken for a file that is not there: only ENOENT is", () => {
        assert.ok(paths.length > 200);
        const all = paths.flatMap((path) => catchAlls(path, readFileSync(join(repositoryRoot, path), "utf8")));
        assert.deepEqual(all, []);
    });

    it("is allowed to go unseen only where a file says so that still exists and asks", () => {
        for (const path of mayLook.keys()) {
            assert.match(readFileSync(join(repositoryRoot, path), "utf8"), /existsSync/, path);
        }
    });

    for (const text of [
        "try { return readFileSync(path); } catch { return undefined; }",
        "try { const text = fs.readFileSync(path, 'utf8'); use(text); } catch (error) { log(error); }",
        "const text = await readFile(path).catch(() => undefined);",
        "try { return JSON.parse(readTextIfAny(path)); } catch { return {}; }",
        "if (existsSync(path)) { use(path); }",
        "try { await stat(path); return true; } catch { return false; }",
    ]) {
        it(`would be found in: ${text}`, () => {
            assert.equal(catchAlls("a.ts", `async function f() { ${text} }`).length, 1);
        });
    }

    for (const text of [
        "try { return readFileSync(path); } catch (error) { if (isMissing(error)) { return undefined; } throw error; }",
        "try { return JSON.parse(text); } catch { return undefined; }",
        "try { later(() => readFileSync(path)); } catch { return undefined; }",
        "const text = readFileSync(path);",
    ]) {
        it(`is right in: ${text}`, () => {
            assert.deepEqual(catchAlls("a.ts", `async function f() { ${text} }`), []);
        });
    }
});
