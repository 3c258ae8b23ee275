import { messageOf } from "../../emulator/core/errors";
import { checkBundle } from "./bundle";
import { type CheckContext, CheckError, type CheckName, type Finding, type Negotiated, SkippedError } from "./check";
import type { Client } from "./clients/client";
import { runSignalRClient } from "./clients/signalR";
import { runSocketIOClient } from "./clients/socketIO";
import { runWebPubSubClient } from "./clients/webPubSub";
import { negotiate } from "./negotiation";
import { checkRole } from "./role";
import { checkWebhook } from "./webhook";

export type { Finding } from "./check";
export { type Deployed, type DeployedOptions, readDeployed } from "./deployed";

const clients: Record<Negotiated["service"], Client> = {
    socketio: runSocketIOClient,
    webpubsub: runWebPubSubClient,
    signalr: runSignalRClient,
};

export type VerifyOptions = Omit<CheckContext, "negotiated"> & {
    /** Current time in milliseconds since 1970. */
    now(): number;
    onFinding?(finding: Finding): void;
};

/** Runs every check of a deployed backend, one after the other. A failed check does not stop the rest. */
export async function verify({ now, onFinding, ...context }: VerifyOptions): Promise<Finding[]> {
    const findings: Finding[] = [];
    let negotiated: Negotiated | undefined;

    async function run(check: CheckName, ask: () => string | Promise<string>): Promise<void> {
        const finding: Finding = { check, ...(await ended(ask)) };
        findings.push(finding);
        onFinding?.(finding);
    }

    await run("negotiation", async () => {
        negotiated = await negotiate({ context, now: Math.floor(now() / 1000) });
        return `${new URL(context.deployed.negotiateUrl).host} gives a client a token for ${new URL(negotiated.url).host}.`;
    });
    await run("webhook", () => checkWebhook({ ...context, negotiated }));
    await run("client", () => runClient({ ...context, negotiated }));
    await run("role", () => checkRole({ ...context, negotiated }));
    await run("bundle", () => checkBundle({ ...context, negotiated }));
    return findings;
}

async function runClient({ negotiated, event, milliseconds }: CheckContext): Promise<string> {
    if (negotiated === undefined) {
        throw new SkippedError("The check needs a token, and the negotiation gave none.");
    }
    const steps = await clients[negotiated.service]({ negotiated, event, milliseconds });
    const hint = event === undefined ? " To check an ack too, name an event that the app answers with --event." : "";
    return `${steps}, and is disconnected.${hint}`;
}

async function ended(ask: () => string | Promise<string>): Promise<Pick<Finding, "status" | "message">> {
    try {
        return { status: "passed", message: await ask() };
    } catch (error) {
        if (error instanceof SkippedError) {
            return { status: "skipped", message: error.message };
        }
        const known = error instanceof CheckError;
        return { status: "failed", message: known ? error.message : `The check could not finish: ${messageOf(error)}` };
    }
}
