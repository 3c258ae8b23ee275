import fc from "fast-check";

/** Names that confuse lookups, and names that mean something. */
export const names = fc.constantFrom(
    "constructor",
    "__proto__",
    "toString",
    "hasOwnProperty",
    "type",
    "target",
    "data",
    "group",
    "event",
    "a",
    "b",
    "A",
    "",
    " ",
    "ß",
    "\u0000",
    "😀",
    "\ud800",
);

/** Nested brackets of any depth, closed or not. */
export const deep: fc.Arbitrary<string> = fc
    .tuple(fc.constantFrom("[", '{"a":', '[{"a":'), fc.integer({ min: 1, max: 12_000 }), fc.boolean())
    .map(([open, depth, closed]) => {
        const close = open === "[" ? "]" : open === '{"a":' ? "}" : "}]";
        return open.repeat(depth) + (closed ? `1${close.repeat(depth)}` : "");
    });

/** A text made of the words of a language, so that much of it is right. */
export function wordsOf(...words: readonly string[]): fc.Arbitrary<string> {
    const word = fc.oneof(
        { weight: 8, arbitrary: fc.constantFrom(...words) },
        { weight: 1, arbitrary: names },
        fc.string({ maxLength: 5 }),
    );
    const repeated = fc
        .tuple(word, fc.integer({ min: 1, max: 3000 }))
        .map(([text, count]) => text.repeat(Math.min(count, 9000 / (text.length + 1))));
    return fc
        .array(fc.oneof({ weight: 12, arbitrary: word }, repeated), { maxLength: 25 })
        .map((parts) => parts.join(""));
}

/** JSON of any form, with some of these members, whole, damaged or nested too deep. */
export function jsonOf(members: Readonly<Record<string, readonly unknown[]>>): fc.Arbitrary<string> {
    const value = fc.oneof(
        fc.json({ maxDepth: 3 }).map((text) => JSON.parse(text) as unknown),
        names,
        fc.double(),
        fc.constantFrom(null, true, [], {}),
    );
    const member = (known: readonly unknown[]) => fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...known) }, value);
    const record = fc.record(
        Object.fromEntries(Object.entries(members).map(([name, known]) => [name, member(known)])),
        { requiredKeys: [] },
    );
    const whole = fc.oneof({ weight: 6, arbitrary: record }, value).map((made) => JSON.stringify(made) ?? "null");
    const keys = Object.keys(members);
    const complete = fc.record(
        Object.fromEntries(Object.entries(members).map(([key, known]) => [key, fc.constantFrom(...known)])),
    );
    const hole = "@deep@";
    // A right message with one member that is nested too deep.
    const nested = fc
        .tuple(complete, fc.constantFrom(...keys), fc.subarray(keys, { maxLength: Math.min(3, keys.length) }), deep)
        .map(([made, deepest, left, brackets]) => {
            const kept = Object.fromEntries(Object.entries(made).filter(([key]) => !left.includes(key)));
            return JSON.stringify({ ...kept, [deepest]: hole }).replace(`"${hole}"`, () => brackets);
        });
    return fc.oneof({ weight: 6, arbitrary: whole }, nested, deep, damaged(whole));
}

/** A text with characters taken out, doubled or changed. */
export function damaged(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
    const change = fc.tuple(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 3 }),
        fc.string({ maxLength: 2 }),
    );
    return fc.tuple(text, fc.array(change, { minLength: 1, maxLength: 3 })).map(([whole, changes]) =>
        changes.reduce((made, [place, taken, put]) => {
            const at = Math.floor(place * made.length);
            return made.slice(0, at) + put + made.slice(at + taken);
        }, whole),
    );
}

const byte = fc.integer({ min: 0, max: 255 });
/** Heads of MessagePack values with lengths of all sizes. */
const heads = fc
    .tuple(
        fc.constantFrom(0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xd9, 0xda, 0xdb, 0xdc, 0xdd, 0xde, 0xdf, 0x9f, 0x8f, 0x95),
        fc.array(fc.constantFrom(0, 1, 0xff, 0x7f), { maxLength: 4 }),
    )
    .map(([head, length]) => [head, ...length]);

/** Bytes of which many are MessagePack: heads, values, and heads again and again. */
export const messagePackBytes: fc.Arbitrary<Buffer> = fc
    .array(
        fc.oneof(
            heads,
            byte.map((value) => [value]),
            fc.constantFrom([0x96, 1, 0x80, 0xc0, 0xa1, 0x61], [0x91, 6], [0x93, 7, 0xc0, 0xc3]),
            fc
                .tuple(heads, fc.integer({ min: 1, max: 8 }))
                .map(([head, count]) => Array.from({ length: count }, () => head).flat()),
        ),
        { maxLength: 12 },
    )
    .map((parts) => Buffer.from(parts.flat()));

/** A field of protobuf, mostly of a low number, with a message, bytes or an integer, and sometimes a wrong length. */
const { field } = fc.letrec<{ field: number[]; fields: number[] }>((tie) => ({
    fields: fc.array(tie("field"), { maxLength: 4 }).map((fields) => fields.flat()),
    field: fc
        .tuple(
            fc.integer({ min: 0, max: 15 }),
            fc.oneof(
                { depthSize: "small" },
                fc.array(byte, { maxLength: 9 }).map((content) => ({ type: 2, content })),
                fc.array(byte, { maxLength: 10 }).map((content) => ({ type: 0, content })),
                fc.record({ type: fc.integer({ min: 0, max: 7 }), content: fc.constant<number[]>([]) }),
                tie("fields").map((content) => ({ type: 2, content })),
            ),
            fc.integer({ min: -9, max: 9 }),
        )
        .map(([number, { type, content }, lie]) => {
            const length = Math.max(0, content.length + (lie > 7 ? lie : 0)) & 127;
            return [(number << 3) | type, ...(type === 2 ? [length] : []), ...content];
        }),
}));

/** Bytes of which many are messages of protobuf. */
export const protobufBytes: fc.Arbitrary<Buffer> = fc
    .array(field, { maxLength: 4 })
    .map((fields) => Buffer.from(fields.flat()));

/** Bytes of MessagePack with their length before them, or a lie about it. */
export const prefixedBytes: fc.Arbitrary<Buffer> = fc.oneof(
    messagePackBytes.map((bytes) => {
        const { length } = bytes;
        const prefix = length < 128 ? [length] : [(length & 127) | 128, (length >> 7) & 127];
        return Buffer.concat([Buffer.from(prefix), bytes.subarray(0, 16_383)]);
    }),
    fc
        .tuple(fc.uint8Array({ maxLength: 6 }), messagePackBytes)
        .map(([prefix, bytes]) => Buffer.concat([prefix, bytes])),
);

/** Cuts bytes into pieces at these places. */
export function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
    const places = [...new Set(cuts.map((cut) => Math.floor(cut * bytes.length)))].sort((a, b) => a - b);
    return [...places, bytes.length].map((end, index) => bytes.subarray(places[index - 1] ?? 0, end));
}

export const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 });
