import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { io } from "socket.io-client";
import { root } from "../program/stack";
import { describePairs, median } from "../runner/statistics";
import type { Row } from "../runner/types";

/** A stack without a file, so that every value is the default. The bench deletes its state in .azure-realtime at the end. */
const stack = "bench";
const state = join(root, ".azure-realtime", stack);

// The modules that every Pulumi program for Azure loads.
const sdks = `require("@pulumi/pulumi"); for (const module of
["applicationinsights", "authorization", "keyvault", "operationalinsights", "resources", "storage", "web", "webpubsub"])
require("@pulumi/azure-native/" + module); require("@pulumi/random");`;

interface Start {
    /** Seconds from the start of the process. */
    firstResource: number;
    serving: number;
    message: number;
}

async function end(child: ChildProcess): Promise<void> {
    if (child.exitCode === null) {
        const ended = once(child, "exit");
        child.kill("SIGINT");
        await ended;
    }
}

/** Sends a message. Resolves when the chat has acknowledged it. */
async function sendMessage(page: string): Promise<void> {
    const answer = await fetch(new URL("negotiate?userId=bench", page));
    const { endpoint, path, token } = (await answer.json()) as Record<"endpoint" | "path" | "token", string>;
    const socket = io(endpoint, { path, query: { access_token: token }, transports: ["websocket"] });
    try {
        await new Promise<void>((resolve, reject) => {
            socket.on("connect_error", reject);
            socket.emit("message", "hello", () => resolve());
        });
    } finally {
        socket.disconnect();
    }
}

/** Measures `npm start` until the chat has acknowledged the first message. */
async function start(): Promise<Start> {
    const began = performance.now();
    const since = (): number => (performance.now() - began) / 1000;
    const cli = [join(root, "dist", "cli", "azure-realtime.js"), "start", "--stack", stack, "--no-watch"];
    const child = spawn(process.execPath, cli, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
    try {
        const lines: string[] = [];
        let firstResource: number | undefined;
        for await (const line of createInterface({ input: child.stdout })) {
            lines.push(line);
            if (/^(created|unchanged) /.test(line)) {
                firstResource ??= since();
            }
            const page = /^Open (\S+)/.exec(line)?.[1];
            if (page !== undefined) {
                const serving = since();
                await sendMessage(page);
                return { firstResource: firstResource ?? serving, serving, message: since() };
            }
        }
        throw new Error(`npm start ended before it served:\n${lines.join("\n")}`);
    } finally {
        await end(child);
    }
}

/** Seconds of a process that only loads the SDKs of a Pulumi program. */
export function importSdks(): number {
    const began = performance.now();
    execFileSync(process.execPath, ["--eval", sdks], { cwd: root });
    return (performance.now() - began) / 1000;
}

/** When each part of the start was done. */
function parts(starts: readonly Start[]): string {
    const of = (pick: (one: Start) => number): string => median(starts.map(pick)).toFixed(1);
    return [
        `first resource ${of(({ firstResource }) => firstResource)} s`,
        `serving ${of(({ serving }) => serving)} s`,
        `message ${of(({ message }) => message)} s`,
    ].join(", ");
}

export const npmStart: Row = {
    name: "start",
    title: "npm start to the first chat message",
    reference: "starting node and importing the same SDKs",
    async run({ quick, note }) {
        const cold: Start[] = [];
        const again: Start[] = [];
        const reference: number[] = [];
        for (let run = 0; run < (quick ? 1 : 3); run++) {
            note(`run ${run + 1}`);
            rmSync(state, { recursive: true, force: true });
            reference.push(importSdks());
            cold.push(await start());
            again.push(await start());
        }
        rmSync(state, { recursive: true, force: true });
        const line = (what: string, starts: readonly Start[]) =>
            describePairs({
                what,
                unit: "s",
                ours: starts.map(({ message }) => message),
                reference,
                detail: parts(starts),
            });
        return { results: [line("from nothing", cold), line("an update that changes nothing", again)] };
    },
};
