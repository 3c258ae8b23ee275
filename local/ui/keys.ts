import { printable } from "../../emulator/core/printable";
import type { AppKeys } from "../keyDesk";

/** The keys of running apps as lines, with the functions that ask for them and an example. */
export function keyLines(apps: readonly AppKeys[]): string[] {
    return apps.flatMap((app, index) => [...(index === 0 ? [] : [""]), ...linesOf(app)]);
}

function linesOf({ name, hostName, functions, host, own = {}, reason }: AppKeys): string[] {
    const title = `${printable(name)}  http://${hostName}`;
    if (host === undefined) {
        return [title, `  has no keys now: ${printable(reason ?? "the app does not run")}`];
    }
    const rows: [string, string, string][] = [
        ["master", host.masterKey, "every function, and /admin"],
        ...rowsOf("function", host.functionKeys, "every function with authLevel function"),
        ...Object.entries(own).flatMap(([fn, keys]) => rowsOf(`function ${fn}`, keys, `only ${fn}`)),
        ...rowsOf("system", host.systemKeys, "the webhook of the extension of this name"),
    ];
    const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
    const table = rows.map(
        ([kind, value, use]) => `  ${kind.padEnd(widths[0] ?? 0)}  ${value.padEnd(widths[1] ?? 0)}  ${use}`,
    );
    const asking = functions.filter(({ authLevel }) => authLevel !== undefined && authLevel !== "anonymous");
    const [example] = asking;
    const key = example?.authLevel === "admin" ? host.masterKey : (host.functionKeys.default ?? host.masterKey);
    return [
        title,
        ...table,
        asking.length === 0
            ? "  No function of this app asks for a key."
            : `  Functions that ask for a key: ${asking.map((fn) => printable(fn.name)).join(", ")}`,
        ...(example === undefined
            ? []
            : [
                  `  curl -H "x-functions-key: ${key}" "http://${hostName}${printable(example.path ?? "")}"`,
                  "  In a browser, append ?code=<key> to the address.",
              ]),
    ];
}

function rowsOf(kind: string, keys: Record<string, string>, use: string): [string, string, string][] {
    return Object.entries(keys).map(([key, value]) => [`${kind} ${printable(key)}`, printable(value), use]);
}
