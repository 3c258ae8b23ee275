// What a program needs before it is loaded.
require("../typescript.cjs");

// The SDK renders a stack trace for each of thousands of promises, which is a sixth of the program's time and 15 MB, and
// shows one only when PULUMI_DEBUG_PROMISE_LEAKS asks for it. The traces of errors stay as they are.
const render = Error.prepareStackTrace;
if (render !== undefined && !process.env.PULUMI_DEBUG_PROMISE_LEAKS) {
    Error.prepareStackTrace = (error, frames) =>
        frames[0]?.getFunctionName() === "debuggablePromise" ? "" : render(error, frames);
}
