import fc from "fast-check";
import { shownEvent, shownText } from "../../emulator/core/shown";
import { isResultOf, parseFromHost } from "../../emulator/functions/fromHost";
import { createRenumbering, inMessages, readEvents } from "../../emulator/functions/inspectEvents";
import { isSpan } from "../../emulator/inspect/otlp/conventions";
import { toLogRecord } from "../../emulator/inspect/otlp/logs";
import { createPlaces, type Places } from "../../emulator/inspect/otlp/places";
import { toSpan } from "../../emulator/inspect/otlp/spans";
import { names, wordsOf } from "./generators";
import { target } from "./target";

/** Nothing is known of the app. */
const places: Places = {
    address: () => undefined,
    trigger: () => "other",
    route: () => undefined,
    see: () => undefined,
    refresh: () => undefined,
};

/** What the channel between processes can carry. */
const anything = fc.oneof(
    fc.anything({ maxDepth: 2, withMap: true, withSet: true, withDate: true, withBigInt: true, withTypedArray: true }),
    names,
    fc.double(),
    fc.constantFrom(null, undefined, [], {}, { toString: 1 }, [{ toString: 1 }]),
);

/** An object with some of these members, most of them right. */
function recordOf(members: Readonly<Record<string, unknown>>): fc.Arbitrary<Record<string, unknown>> {
    const arbitraries = Object.entries(members).map(([name, value]): [string, fc.Arbitrary<unknown>] => [
        name,
        fc.oneof({ weight: 5, arbitrary: fc.constant(value) }, anything),
    ]);
    return fc.record(Object.fromEntries(arbitraries), { requiredKeys: [] });
}

const types = fc.constantFrom(
    ...["ready", "failed", "log", "inspect", "crash", "inspecting", "pong", "authenticate", "recycle", "result"],
);
const right = {
    functions: [{ name: "f", trigger: "t", disabled: false }],
    level: "info",
    message: "m",
    category: "c",
    reason: "r",
    url: "ws://127.0.0.1:1/x",
    id: 1,
    question: { token: "t" },
    events: [],
    value: { masterKey: "m", functionKeys: {}, systemKeys: {} },
    error: "e",
};
const event = {
    ...{ id: 1, trace: "a".repeat(32), span: "b".repeat(16), parent: "c".repeat(16), kind: "function", name: "f" },
    ...{ start: 1, duration: 1, status: 200, bytes: 1, url: "/a", headers: { a: "b" }, data: "d", dataType: "binary" },
    ...{ message: "m", level: "info", fix: "f", code: "functionFailed", outcome: "failed" },
};

/** An app with these routes. */
function placesOf(routes: readonly string[]) {
    const app = { functions: () => routes.map((route) => ({ name: "f", trigger: "t", state: "running", route })) };
    const probe = { ...app, id: "a", name: "app", url: "http://localhost:1", call: async () => ({ name: "x" }) };
    return createPlaces({ services: new Set(), apps: new Set([{ ...probe, record: () => undefined }]) });
}

export const processTargets = [
    target({
        name: "messages of an app's process",
        examples: [{ type: "constructor" }, { type: "authenticate", id: 1, question: null }],
        input: fc.oneof(
            anything,
            fc.tuple(types, recordOf(right)).map(([type, rest]) => ({ ...rest, type })),
        ),
        parse(value) {
            const message = parseFromHost(value);
            if (message?.type === "result") {
                for (const method of ["hostKeys", "functionKeys", "setHostKey"] as const) {
                    isResultOf(method, message.value);
                }
            }
        },
    }),
    target({
        name: "events of an app's process",
        examples: [[{ ...event, headers: { a: { toString: 1 } } }], [{ ...event, start: 1e308 }]],
        input: fc.oneof(anything, fc.array(fc.oneof({ weight: 5, arbitrary: recordOf(event) }, anything))),
        parse(value) {
            const renumber = createRenumbering(() => 1);
            for (const read of inMessages(readEvents(value)).flat()) {
                const shown = shownEvent(renumber(read));
                const text = JSON.stringify(isSpan(shown) ? toSpan(shown, places) : toLogRecord(shown));
                // A receiver reads times as whole numbers.
                for (const [, nanoseconds = ""] of text.matchAll(/"\w*imeUnixNano":"([^"]*)"/g)) {
                    if (!/^\d+$/.test(nanoseconds)) {
                        throw new Error(`'${nanoseconds}' is no time`);
                    }
                }
            }
        },
    }),
    target({
        name: "routes and paths of an app in a trace",
        examples: [{ route: "/x/{a}-{b}-{c}-{d}!", path: `/x/${"-".repeat(8000)}` }],
        input: fc.record({
            route: wordsOf("/", "{a}", "{b?}", "{c=1}", "{*d}", "-", ".", "!", "api", "{", "}"),
            path: wordsOf("/", "-", ".", "!", "api", "%2f"),
        }),
        parse: ({ route, path }) => void placesOf([route.slice(0, 500)]).route("app", path.slice(0, 8000)),
    }),
    target({
        name: "texts that may hold secrets",
        input: wordsOf(
            ...[
                "key",
                "token",
                "=",
                ":",
                '"',
                "'",
                "\\",
                "\\\\",
                " ",
                "a",
                "A1",
                "code",
                "x-functions-key",
                "eyJ",
                ".",
            ],
            ...["Bearer ", "://", "@", "AzFu", "?sig=", "%26", "sha256=", "0", "-", "_", "[", "…", "\n", "password"],
        ),
        parse: (text) => void shownText(text.slice(0, 8000)),
    }),
];
