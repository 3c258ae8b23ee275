// Compiles TypeScript as it is loaded, in a third of the time that ts-node needs by itself. Not in tsconfig.json: Pulumi's plugin
// host reads that too, insists on a type check, and would not start.
require("ts-node").register({ cwd: __dirname, swc: true });
