// This repository's own compiler, wherever the CLI starts the plugin.
require("../../typescript.cjs");

/** Serves one package to the CLI. */
exports.plugin = (name) => require("./main").runPlugin(name);

// As a program of its own: the background process.
if (require.main === module) {
    require("./server/main").runServer(process.argv.slice(2));
}
