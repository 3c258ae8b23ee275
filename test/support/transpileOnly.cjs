// Pulumi's plugin host checks types as it loads, for seconds; here they are checked before the tests.
const tsNode = require("ts-node");
const { register } = tsNode;
tsNode.register = (options) => register({ ...options, typeCheck: false, transpileOnly: true });
