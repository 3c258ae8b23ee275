type Counted = (this: Buffer, ...args: never[]) => unknown;

/** Counts the bytes that are searched, copied or joined by buffers while `run` runs. Counting does not depend on a machine's speed, as time does. */
export function countBytes(run: () => void): number {
    let bytes = 0;
    const restore: (() => void)[] = [];

    function count(owner: object, name: string, sizeOf: (self: Buffer, args: unknown[]) => number): void {
        const original = Reflect.get(owner, name) as Counted;
        const own = Object.hasOwn(owner, name);
        Reflect.set(owner, name, function counted(this: Buffer, ...args: never[]) {
            bytes += sizeOf(this, args);
            return original.apply(this, args);
        });
        restore.push(() => (own ? Reflect.set(owner, name, original) : Reflect.deleteProperty(owner, name)));
    }

    const lengthOf = (value: unknown): number => (ArrayBuffer.isView(value) ? value.byteLength : 0);
    count(Buffer.prototype, "indexOf", (self) => self.length);
    count(Buffer.prototype, "copy", (self) => self.length);
    count(Buffer.prototype, "set", (_, [source]) => lengthOf(source));
    count(Buffer.prototype, "toString", (self) => self.length);
    count(Buffer, "concat", (_, [list]) => (list as Uint8Array[]).reduce((sum, item) => sum + item.length, 0));
    try {
        run();
    } finally {
        for (const undo of restore) {
            undo();
        }
    }
    return bytes;
}
