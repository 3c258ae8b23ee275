// The background process of one stack, as connect.ts starts it.
require("ts-node").register({ cwd: __dirname, swc: true });
require("./main").runServer(process.argv.slice(2));
