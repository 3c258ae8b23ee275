import { messageOf } from "../../emulator/core/errors";
import type { Properties } from "../engine/values";
import { paint } from "../ui/paint";
import { signalRSteps } from "./signalr/script";
import { socketIoSteps } from "./socketio/script";
import type { CheckScript } from "./step";
import { webPubSubSteps } from "./webpubsub/script";

/** The script for each value of the stack's output `backend`. */
const scripts = new Map<unknown, CheckScript>([
    ["socketio", socketIoSteps],
    ["webpubsub", webPubSubSteps],
    ["signalr", signalRSteps],
]);

export interface CheckOptions {
    /** Outputs of the stack: `backend`, `negotiateUrl` and `pageUrl`. */
    outputs: Properties;
    print(line: string): void;
    /** Longest wait for an answer. Defaults to 15 seconds. */
    milliseconds?: number;
}

function shorten(args: unknown[]): string {
    const text = args.map((arg) => JSON.stringify(arg)).join(" ");
    return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

/** Exercises every binding of the chat with real clients, and prints what they receive. Returns whether every step passed. */
export async function runCheck({ outputs, print, milliseconds = 15_000 }: CheckOptions): Promise<boolean> {
    const { backend, negotiateUrl, pageUrl } = outputs;
    if (typeof negotiateUrl !== "string" || typeof pageUrl !== "string") {
        print(
            `${paint.red("failed")}  the check needs the outputs negotiateUrl and pageUrl: export them from the program`,
        );
        return false;
    }
    const script = scripts.get(backend);
    if (script === undefined) {
        const known = [...scripts.keys()].join(", ");
        print(
            `${paint.red("failed")}  the stack's output backend is ${JSON.stringify(backend)}: it must be one of ${known}`,
        );
        return false;
    }
    const steps = script({
        negotiateUrl,
        pageUrl,
        milliseconds,
        onSeen: (client, { event, args }) => print(paint.dim(`        ${client} sees ${event} ${shorten(args)}`)),
    });
    print("");
    let count = 0;
    try {
        for await (const step of steps) {
            try {
                await step.run();
            } catch (error) {
                print(`${paint.red("failed")}  ${step.title}: ${messageOf(error)}`);
                return false;
            }
            print(`${paint.green("ok")}      ${step.title}`);
            count++;
        }
    } finally {
        await steps.return(undefined);
    }
    print(`\n${count} checks passed`);
    return true;
}
