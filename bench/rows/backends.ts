import { measureProgram } from "../program/measure";
import { copyApp, readStack, writeProgram } from "../program/stack";
import { describePairs } from "../runner/statistics";
import type { Row } from "../runner/types";

/** Writes a program with many backends that share no resource. */
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
    reference: "the same with fewer backends",
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
        // One run each, because fifty backends take half a minute and one run already shows a cost that grows too fast.
        const [least, at, most] = [await measure(one), await measure(some), await measure(many)];
        // The difference leaves out the cost of a program without any backend.
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
