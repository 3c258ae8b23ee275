// Compiles the TypeScript of this repository as it is loaded: no type check, every line stays where it is, and so stack traces
// need no source maps. ts-node would take half a second and 60 MB more in every process.
const { readFileSync } = require("node:fs");
const { transform } = require("sucrase");

require.extensions[".ts"] = (module, filePath) => {
    const { code } = transform(readFileSync(filePath, "utf8"), {
        filePath,
        transforms: ["typescript", "imports"],
        // Node.js knows all of the language but the types.
        disableESTransforms: true,
        preserveDynamicImport: true,
    });
    module._compile(code, filePath);
};
