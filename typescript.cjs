// Compiles the TypeScript of this repository as it is loaded: no type check, every line stays where it is, and so stack traces
// need no source maps. ts-node would take half a second and 60 MB more in every process. What is compiled is kept.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const compiler = require("./package.json").devDependencies.sucrase;
const cache = join(__dirname, "node_modules", ".cache", "typescript");

const hash = (text) => createHash("sha256").update(text).digest("hex");

function compile(source, filePath) {
    return require("sucrase").transform(source, {
        filePath,
        transforms: ["typescript", "imports"],
        // Node.js knows all of the language but the types.
        disableESTransforms: true,
        preserveDynamicImport: true,
    }).code;
}

function read(kept) {
    try {
        return readFileSync(kept, "utf8");
    } catch {
        return "";
    }
}

function keep(kept, text) {
    try {
        mkdirSync(cache, { recursive: true });
        // Under its name when it is whole, since another process may read it meanwhile.
        writeFileSync(`${kept}.${process.pid}`, text);
        renameSync(`${kept}.${process.pid}`, kept);
    } catch {
        // A folder that cannot be written to costs time and nothing else.
    }
}

require.extensions[".ts"] = (module, filePath) => {
    const source = readFileSync(filePath, "utf8");
    // One file for each source, so that edits do not pile up.
    const kept = join(cache, `${hash(filePath)}.js`);
    const mark = `\n/*${compiler} ${hash(source)}*/`;
    let code = read(kept);
    // At the end: a first line may be one that the system reads, and a file that was cut off has no end.
    if (!code.endsWith(mark)) {
        code = compile(source, filePath) + mark;
        keep(kept, code);
    }
    module._compile(code, filePath);
};
