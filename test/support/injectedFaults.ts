import { sep } from "node:path";

/** A function of the language that the emulator calls everywhere, and that a fault can be put into. */
interface Place {
    name: string;
    owner: object;
    key: string;
}

export const places: readonly Place[] = [
    { name: "JSON.parse", owner: JSON, key: "parse" },
    { name: "JSON.stringify", owner: JSON, key: "stringify" },
    { name: "Map.get", owner: Map.prototype, key: "get" },
    { name: "Map.set", owner: Map.prototype, key: "set" },
    { name: "Map.delete", owner: Map.prototype, key: "delete" },
    { name: "Buffer.from", owner: Buffer, key: "from" },
    { name: "Buffer.toString", owner: Buffer.prototype, key: "toString" },
    { name: "Buffer.subarray", owner: Buffer.prototype, key: "subarray" },
    { name: "String.toLowerCase", owner: String.prototype, key: "toLowerCase" },
    { name: "Array.map", owner: Array.prototype, key: "map" },
    { name: "URLSearchParams.get", owner: URLSearchParams.prototype, key: "get" },
];

const emulator = `${sep}emulator${sep}`;
const tests = `${sep}test${sep}`;

/** Whether the code two levels above is the emulator's. */
function isCalledByEmulator(): boolean {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 3;
    const caller = new Error().stack?.split("\n")[3] ?? "";
    Error.stackTraceLimit = limit;
    return caller.includes(emulator) && !caller.includes(tests);
}

export interface Fault {
    /** Where the fault struck; undefined while it has not. */
    struck(): string | undefined;
    remove(): void;
}

/** Lets the n-th call of a place by the emulator throw an error that no code expects. */
export function inject({ owner, key }: Place, nth: number): Fault {
    const original = Reflect.get(owner, key) as (this: unknown, ...args: unknown[]) => unknown;
    const own = Object.getOwnPropertyDescriptor(owner, key);
    let calls = 0;
    let struck: string | undefined;
    Object.defineProperty(owner, key, {
        configurable: true,
        writable: true,
        value: function faulty(this: unknown, ...args: unknown[]): unknown {
            if (struck === undefined && isCalledByEmulator() && ++calls === nth) {
                struck = new Error().stack?.split("\n")[2]?.trim() ?? "somewhere";
                throw new TypeError("an injected error");
            }
            return original.apply(this, args);
        },
    });
    return {
        struck: () => struck,
        remove: () =>
            void (own === undefined ? Reflect.deleteProperty(owner, key) : Object.defineProperty(owner, key, own)),
    };
}
