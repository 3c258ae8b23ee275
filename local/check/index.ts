import type { Properties } from "../engine/values";
import { paint } from "../ui/paint";
import { signalRSteps } from "./signalr/script";
import { socketIoSteps } from "./socketio/script";
import type { CheckScript } from "./step";
import { webPubSubSteps } from "./webpubsub/script";

/** By the output `backend` of the stack. */
const scripts: Record<string, CheckScript> = {
    socketio: socketIoSteps,
    webpubsub: webPubSubSteps,
    signalr: signalRSteps,
};

export interface CheckOptions {
    /** Outputs of the stack: `backend`, `negotiateUrl` and `pageUrl`. */
    outputs: Properties;
    print(line: string): void;
    /** How long an answer may take. Defaults to 15 seconds. */
    milliseconds?: number;
}

function shorten(args: unknown[]): string {
    const text = args.map((arg) => JSON.stringify(arg)).join(" ");
    return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

/** Lets real clients go through every binding of the chat. Answers whether all of it works; prints what they saw. */
export async function runCheck(options: CheckOptions): Promise<boolean> {
    const { backend, negotiateUrl, pageUrl } = options.outputs;
    if (typeof negotiateUrl !== "string" || typeof pageUrl !== "string") {
        options.print(`${paint.red("failed")}  the check needs the stack's outputs negotiateUrl and pageUrl`);
        return false;
    }
    const script = scripts[String(backend)];
    if (script === undefined) {
        const known = Object.keys(scripts).join(", ");
        options.print(
            `${paint.red("failed")}  the stack's output backend is ${JSON.stringify(backend)}; the check knows ${known}`,
        );
        return false;
    }
    const steps = script({
        negotiateUrl,
        pageUrl,
        milliseconds: options.milliseconds ?? 15_000,
        onSeen: (client, { event, args }) =>
            options.print(paint.dim(`        ${client} sees ${event} ${shorten(args)}`)),
    });
    options.print("");
    let count = 0;
    try {
        for await (const step of steps) {
            try {
                await step.run();
            } catch (error) {
                options.print(
                    `${paint.red("failed")}  ${step.title}: ${error instanceof Error ? error.message : error}`,
                );
                return false;
            }
            options.print(`${paint.green("ok")}      ${step.title}`);
            count++;
        }
    } finally {
        await steps.return(undefined);
    }
    options.print(`\n${count} checks passed`);
    return true;
}
