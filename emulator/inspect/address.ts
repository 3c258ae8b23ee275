import { join } from "node:path";
import { readTextIfAny, writePrivateFile } from "../core/persistence";

/** Port and token of an inspector's page. */
export interface Address {
    port: number;
    token: string;
}

const fileOf = (folder: string): string => join(folder, "inspector.json");

/** The address of the last start. A file that is damaged counts as none, because a new address does no harm. */
export function readAddress(folder: string): Partial<Address> {
    const text = readTextIfAny(fileOf(folder)) ?? "{}";
    const { port, token } = parse(text);
    const isUsable =
        typeof token === "string" &&
        /^[\w-]{32,}$/.test(token) &&
        Number.isInteger(port) &&
        Number(port) > 0 &&
        Number(port) < 65_536;
    return isUsable ? { port: Number(port), token } : {};
}

function parse(text: string): { port?: unknown; token?: unknown } {
    try {
        const value: unknown = JSON.parse(text);
        return typeof value === "object" && value !== null ? value : {};
    } catch {
        return {};
    }
}

export function keepAddress(folder: string, { port, token }: Address): void {
    writePrivateFile(fileOf(folder), `${JSON.stringify({ port, token })}\n`);
}
