import { openTestApp, type TestApp, type TestAppOptions } from "./functionApp";
import { functionFolder } from "./functionFolder";

/** The script of a function that answers with its name. */
export const script = {
    "index.js": "module.exports = async (context) => ({ body: context.executionContext.functionName });",
};
export const hostJson = { "host.json": '{"version":"2.0"}' };
/** Runs the app with these files while the work lasts. */
export async function withApp<T>(
    files: Record<string, string>,
    options: TestAppOptions,
    work: (test: TestApp) => Promise<T>,
): Promise<T> {
    const test = await openTestApp({ codeFolder: functionFolder({ ...hostJson, ...files }), ...options });
    try {
        return await work(test);
    } finally {
        await test.close();
    }
}

export const http = { type: "httpTrigger", direction: "in", name: "req", authLevel: "anonymous" };
export const answer = { type: "http", direction: "out", name: "$return" };
/** Files of a function in the function.json model. */
export function fn(name: string, ...bindings: object[]): Record<string, string> {
    return { [`${name}/function.json`]: JSON.stringify({ bindings }), [`${name}/index.js`]: script["index.js"] };
}
