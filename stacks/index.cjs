// Where Pulumi begins: index.ts is the program.
require("./load.cjs");

module.exports = require("./index.ts");
