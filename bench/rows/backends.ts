import { measureProgram } from "../program/measure";
import { copyApp, readStack, writeProgram } from "../program/stack";
import { describePairs } from "../runner/statistics";
import type { Row } from "../runner/types";

/** A program with many backends, each with everything of its own. */
function manyBackends({ count, codePath }: { count: number; codePath: string }): string {
    return `import { SocketIOBackend } from "azure-realtime";
for (let index = 0; index < ${count}; index++) {
    new SocketIOBackend("chat" + index, { codePath: ${JSON.stringify(codePath)} });
}
`;
}

export const backends: Row = {
    name: "backends",
    title: "Backends in one program, cost of one more",
    reference: "itself at fewer",
    async run({ folder, quick, note }) {
        const codePath = copyApp({ app: "socketio-chat", folder });
        const { project, config } = readStack({ stack: "dev", changes: { codePath } });
        const measure = (count: number) => {
            note(`${count} backends`);
            const main = writeProgram({ folder, name: `backends${count}`, text: manyBackends({ count, codePath }) });
            return measureProgram({
                project: { ...project, main },
                stack: "dev",
                config,
                folder,
            });
        };
        const [one, some, many] = quick ? ([0, 1, 2] as const) : ([1, 10, 50] as const);
        // Once: what would grow faster than its input shows in one run, and fifty backends take half a minute.
        const [least, at, most] = [await measure(one), await measure(some), await measure(many)];
        // What a program costs with no backend in it is not a backend's.
        const pick = (key: "seconds" | "peak", scale: number) => ({
            ours: [((most[key] - at[key]) / (many - some)) * scale],
            reference: [((at[key] - least[key]) / (some - one)) * scale],
        });
        const text = (key: "seconds" | "peak"): string =>
            `${one}: ${least[key].toFixed(1)}, ${some}: ${at[key].toFixed(1)}, ${many}: ${most[key].toFixed(1)}`;
        const what = `from ${some} to ${many}, against ${one} to ${some}`;
        return {
            results: [
                describePairs({
                    what: `time, ${what}`,
                    unit: "ms each",
                    ...pick("seconds", 1000),
                    aim: { atMost: 1.2 },
                    detail: `s at ${text("seconds")}`,
                }),
                describePairs({
                    what: `memory, ${what}`,
                    unit: "MB each",
                    ...pick("peak", 1),
                    aim: { atMost: 1.2 },
                    detail: `MB at ${text("peak")}`,
                }),
            ],
        };
    },
};
