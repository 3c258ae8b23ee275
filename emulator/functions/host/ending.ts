import { describeError, placesOf } from "./stack";

/**
 * Tells why this process ends: an error that nobody caught, or `process.exit` and who called it. As on Azure, the first listener ends the
 * process, so the app's own listeners of `uncaughtException` never run. Source: Worker.ts of azure-functions-nodejs-worker.
 */
export function watchEnding(options: { onEnd: (reason: string) => void; folder: () => string | undefined }): {
    /** The process ends because the supervisor says so. */
    expect(): void;
} {
    let isExpected = false;
    // Also where the app has removed the listener below, as Azure lets it do.
    process.on("uncaughtExceptionMonitor", (error) => {
        isExpected = true;
        options.onEnd(describeError(error, options.folder()));
    });
    process.on("uncaughtException", () => process.exit(1));
    process.on("exit", () => {
        if (isExpected) {
            return;
        }
        Error.stackTraceLimit = 50;
        const { stack } = new Error();
        if (typeof stack === "string" && /\bat process\.(?:reallyE|e)xit /.test(stack)) {
            options.onEnd(["the code called process.exit", ...placesOf(stack, options.folder())].join("\n"));
        }
    });
    return {
        expect() {
            isExpected = true;
        },
    };
}
