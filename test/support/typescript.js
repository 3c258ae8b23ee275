// Compiles TypeScript for mocha and scripts, without checking types. Not in tsconfig.json, which the Pulumi CLI reads for every
// component plugin that somebody calls in this folder; the plugin then refuses a compiler other than TypeScript's own.
require("ts-node").register({ cwd: __dirname, swc: true });
