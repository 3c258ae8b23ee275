import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { listPackageFiles } from "../../components/functionCode/files";
import { zipPackage } from "../../components/functionCode/zip";
import { writeByHand } from "../program/byHand";
import { measureProgram } from "../program/measure";
import { copyApp, readStack, writeProgram } from "../program/stack";
import { alternate, describePairs } from "../runner/statistics";
import type { Row } from "../runner/types";

/** Writes the program of a user who installed the package. */
const writeOurs = (codePath: string): string => `import { SocketIOBackend } from "azure-realtime";
const chat = new SocketIOBackend("chat", { codePath: ${JSON.stringify(codePath)} });
export const negotiateUrl = chat.negotiateUrl;
`;

export const program: Row = {
    name: "program",
    title: "Program with one backend through cmd/run",
    reference: "the same resources by hand, deep azure-native imports; both with Pulumi's default compiler",
    async run({ folder, quick, note }) {
        const codePath = copyApp({ app: "socketio-chat", folder });
        const { project, config } = readStack({ stack: "dev", changes: { codePath } });
        const common = { stack: "dev", config, folder };
        note("what the program registers");
        const main = writeProgram({ folder, name: "ours", text: writeOurs(codePath) });
        const ours = () => measureProgram({ ...common, project: { ...project, main } });
        const first = await ours();
        const { recorded } = first;
        const file = join(folder, "package.zip");
        writeFileSync(file, zipPackage(listPackageFiles(codePath)).zip);
        const byHand = writeProgram({ folder, name: "byHand", text: writeByHand({ recorded, file }) });
        const reference = () => measureProgram({ ...common, project: { ...project, main: byHand } });
        const count = (all: typeof recorded): number => all.filter(({ custom }) => custom).length;
        const firstByHand = await reference();
        const written = count(firstByHand.recorded);
        if (written !== count(recorded)) {
            throw new Error(`the program by hand registers ${written} resources, not ${count(recorded)}`);
        }
        note("both programs in turn");
        const runs = quick
            ? { ours: [first], reference: [firstByHand] }
            : await alternate({ runs: 5, ours, reference });
        const pick = (key: "seconds" | "peak") => ({
            ours: runs.ours.map((run) => run[key]),
            reference: runs.reference.map((run) => run[key]),
        });
        return {
            results: [
                describePairs({
                    what: "wall time",
                    unit: "s",
                    ...pick("seconds"),
                    aim: { atMost: 1.15 },
                    detail: `${written} resources, without the build of the function app`,
                }),
                describePairs({ what: "peak memory", unit: "MB", ...pick("peak"), aim: { atMost: 1.15 } }),
            ],
        };
    },
};
