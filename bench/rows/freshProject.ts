import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Consumer, createConsumer, packRepository } from "../../test/support/consumer";
import { megabytes, packagesBelow } from "../program/installedSize";
import { root } from "../program/stack";
import { describePairs } from "../runner/statistics";
import type { Result, Row } from "../runner/types";
import { importSdks } from "./start";

/** Longest time until the page of a new project is there. */
const seconds = 5;
const sdks = ["@pulumi/pulumi", "@pulumi/azure-native"];

/** Makes a project with `new`, starts it, and resolves with the seconds until its page has answered. */
async function timePage({ folder, package: installed }: Consumer, name: string): Promise<number> {
    const command = join(installed, "dist/cli/azure-realtime.js");
    execFileSync(process.execPath, [command, "new", name], { cwd: folder, stdio: "ignore" });
    const path = join(folder, name);
    symlinkSync(join(folder, "node_modules"), join(path, "node_modules"));
    const env = { ...process.env, AZURE_REALTIME_HOME: join(folder, "home") };
    const began = performance.now();
    const child = spawn(process.execPath, [command, "start"], {
        cwd: path,
        env,
        stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(child, "exit");
    const lines: string[] = [];
    try {
        for await (const line of createInterface({ input: child.stdout })) {
            lines.push(line);
            const page = /^Open (\S+)/.exec(line)?.[1];
            if (page !== undefined) {
                const answer = await fetch(page);
                if (!answer.ok) {
                    throw new Error(`the page answers with ${answer.status}`);
                }
                await answer.text();
                return (performance.now() - began) / 1000;
            }
        }
        throw new Error(`start ended before it served:\n${lines.join("\n")}`);
    } finally {
        child.kill("SIGINT");
        await ended;
    }
}

/** What npm installs for the package, besides the SDKs of Pulumi that every such project has. */
function sizes(installed: string): Result[] {
    const { dependencies } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as {
        dependencies: Record<string, string>;
    };
    const theirs = packagesBelow(sdks, root);
    const more = (names: readonly string[]) => [...packagesBelow(names, root)].filter((place) => !theirs.has(place));
    const reference = [megabytes(theirs)];
    const own = more(Object.keys(dependencies));
    const storage = more(["azurite"]).filter((place) => !own.includes(place));
    const line = (what: string, folders: readonly string[]) =>
        describePairs({
            what,
            unit: "MB",
            ours: [megabytes(folders)],
            reference,
            detail: `${folders.length} packages`,
        });
    return [
        line("installed: azure-realtime and what it needs", [installed, ...own]),
        line("installed: azurite for the local storage", storage),
    ];
}

export const freshProject: Row = {
    name: "fresh-project",
    title: "A project made by new, from the packed package",
    reference: `${seconds} s; importing the SDKs; their installed size`,
    async run({ quick, note }) {
        note("npm pack");
        const packed = await packRepository();
        const consumer = createConsumer({ packed, files: {}, tools: ["typescript", "ts-node"] });
        try {
            const ours: number[] = [];
            const loading: number[] = [];
            for (let run = 0; run < (quick ? 1 : 3); run++) {
                note(`run ${run + 1}`);
                loading.push(importSdks());
                ours.push(await timePage(consumer, `fresh-${run}`));
            }
            const page = (against: string, reference: readonly number[]) =>
                describePairs({ what: `start to the page, against ${against}`, unit: "s", ours, reference });
            const fixed = page(
                `${seconds} s`,
                ours.map(() => seconds),
            );
            return {
                results: [
                    { ...fixed, aim: { atMost: 1 } },
                    page("importing the SDKs", loading),
                    ...sizes(consumer.package),
                ],
            };
        } finally {
            consumer.remove();
            packed.remove();
        }
    },
};
