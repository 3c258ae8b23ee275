import { zipSync } from "fflate";

const modules = "@azure/functions";

/** Zips these files into a package as a deployment uploads it. */
export function zipOf(files: Record<string, string>): Buffer {
    return Buffer.from(
        zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)]))),
    );
}

/** A complete function app without dependencies. Each function is a folder with a `function.json`. */
export function legacyPackage(options: { text: string; more?: Record<string, string> }): Buffer {
    return zipOf({
        "host.json": '{"version":"2.0"}',
        "text/function.json": JSON.stringify({
            bindings: [
                { type: "httpTrigger", direction: "in", name: "req", authLevel: "anonymous" },
                { type: "http", direction: "out", name: "$return" },
            ],
        }),
        "text/index.js": `module.exports = async () => ({ body: ${JSON.stringify(options.text)} });`,
        ...options.more,
    });
}

/** A package whose entry point requires a missing module. */
export const packageWithoutModules = zipOf({
    "host.json": '{"version":"2.0"}',
    "package.json": '{"main":"index.js"}',
    "index.js": `require(${JSON.stringify(modules)});`,
});

/** A package whose entry point is not JavaScript. */
export const brokenPackage = zipOf({
    "host.json": '{"version":"2.0"}',
    "package.json": '{"main":"dist/index.js"}',
    "dist/index.js": "const a = 1;\nconst b = ;\n",
});
