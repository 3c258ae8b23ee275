import { messageOf } from "../words";
import { checkBundle } from "./bundle";
import { type CheckContext, CheckError, type CheckName, type Finding, SkippedError } from "./check";
import type { Client } from "./clients/client";
import { runSignalRClient } from "./clients/signalR";
import { runSocketIOClient } from "./clients/socketIO";
import { runWebPubSubClient } from "./clients/webPubSub";
import { type Negotiated, negotiate } from "./negotiation";
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
    /** Now, in milliseconds since 1970. */
    now(): number;
    onFinding?(finding: Finding): void;
};

/** Asks a deployed backend every question, one after the other; a failed one keeps none of the others from being asked. */
export async function verify({ now, onFinding, ...context }: VerifyOptions): Promise<Finding[]> {
    const findings: Finding[] = [];
    let negotiated: Negotiated | undefined;

    async function look(check: CheckName, ask: () => string | Promise<string>): Promise<void> {
        const finding: Finding = { check, ...(await ended(ask)) };
        findings.push(finding);
        onFinding?.(finding);
    }

    await look("negotiation", async () => {
        negotiated = await negotiate({ context, now: Math.floor(now() / 1000) });
        return `${new URL(context.deployed.negotiateUrl).host} gives a client a token for ${new URL(negotiated.url).host}.`;
    });
    await look("webhook", () => checkWebhook({ ...context, negotiated }));
    await look("client", () => runClient({ ...context, negotiated }));
    await look("role", () => checkRole({ ...context, negotiated }));
    await look("bundle", () => checkBundle({ ...context, negotiated }));
    return findings;
}

async function runClient({ negotiated, event, milliseconds }: CheckContext): Promise<string> {
    if (negotiated === undefined) {
        throw new SkippedError("Without a token no client can connect.");
    }
    const said = await clients[negotiated.service]({ negotiated, event, milliseconds });
    const hint = event === undefined ? " Name an event that the app answers with --event to see an ack too." : "";
    return `${said}, and is disconnected.${hint}`;
}

async function ended(ask: () => string | Promise<string>): Promise<Pick<Finding, "status" | "message">> {
    try {
        return { status: "passed", message: await ask() };
    } catch (error) {
        if (error instanceof SkippedError) {
            return { status: "skipped", message: error.message };
        }
        const known = error instanceof CheckError;
        return { status: "failed", message: known ? error.message : `The check ended early: ${messageOf(error)}` };
    }
}
