const { existsSync } = require("node:fs");
const { join } = require("node:path");

// What `main` in package.json names: the compiled library in a package, and its sources in this repository, where Pulumi runs
// the root as a plugin.
if (existsSync(join(__dirname, "index.ts"))) {
    // The plugin host would check types as it loads, for many seconds at each start; `npm run types` has done that.
    delete require.extensions[".ts"];
    require("./typescript.cjs");
    module.exports = require("./index.ts");
} else {
    module.exports = require("./dist/components");
}
