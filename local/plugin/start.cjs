const { join } = require("node:path");

// This repository's own settings, wherever the CLI starts the plugin.
require("ts-node").register({ project: join(__dirname, "../../tsconfig.json") });

/** Serves one package to the CLI. */
exports.plugin = (name) => require("./main").runPlugin(name);

// As a program of its own: the background process.
if (require.main === module) require("./server/main").runServer(process.argv.slice(2));
