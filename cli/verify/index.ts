import { messageOf } from "../../emulator/core/errors";
import { createMask, type Mask } from "../mask";
import { checkBundle } from "./bundle";
import { type CheckContext, CheckError, type CheckName, type Finding, type Negotiated, SkippedError } from "./check";
import type { Client } from "./clients/client";
import { runSignalRClient } from "./clients/signalR";
import { runSocketIOClient } from "./clients/socketIO";
import { runWebPubSubClient } from "./clients/webPubSub";
import { diagnose } from "./diagnosis";
import { checkHubs } from "./hubs";
import { checkListeners } from "./listeners";
import { negotiate } from "./negotiation";
import { checkRole } from "./role";
import { type DeployedCode, readCode } from "./triggers";
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
    /** Hides the secrets that the caller knows. Defaults to hiding the keys of the backend and the token alone. */
    mask?: Mask;
};

/** Runs every check of a deployed backend, one after the other. A failed check does not stop the rest. */
export async function verify({ now, onFinding, mask = createMask(), ...given }: VerifyOptions): Promise<Finding[]> {
    const findings: Finding[] = [];
    let negotiated: Negotiated | undefined;
    let code: Promise<DeployedCode> | undefined;
    const context = (): CheckContext => ({ ...given, negotiated });
    const statusOf = (check: CheckName) => findings.find((finding) => finding.check === check)?.status;
    mask.add(given.deployed.webhookKey);
    mask.add(given.deployed.masterKey);
    mask.addFrom(given.deployed.negotiateUrl);
    mask.addFrom(given.deployed.endpoint);
    const codeOnce = (): Promise<DeployedCode> => {
        code ??= readCode(context());
        return code;
    };

    async function run(check: CheckName, work: () => string | Promise<string>): Promise<void> {
        const { status, message } = await ended(work);
        const finding: Finding = { check, status, message: shortened(mask.apply(message)) };
        findings.push(finding);
        onFinding?.(finding);
    }

    await run("negotiation", async () => {
        negotiated = await negotiate({ context: context(), now: Math.floor(now() / 1000), mask });
        return `${new URL(given.deployed.negotiateUrl).host} gives a client a token for ${new URL(negotiated.url).host}.`;
    });
    await run("webhook", () => checkWebhook(context()));
    await run("listeners", async () => {
        // Without the triggers the check still knows the events that the hubs send.
        const triggers = await codeOnce().then(
            (found) => found.triggers,
            () => undefined,
        );
        return checkListeners({ ...context(), triggers, webhookWorks: statusOf("webhook") === "passed" });
    });
    await run("hubs", () => checkHubs(context(), codeOnce));
    await run("client", async () => {
        try {
            return await runClient(context());
        } catch (error) {
            throw diagnose({ error, context: context(), statusOf });
        }
    });
    await run("role", () => checkRole(context()));
    await run("bundle", () => checkBundle(context()));
    return findings;
}

/** Longest message. What an app or a service answers may be a part of it. */
const longest = 4000;

function shortened(message: string): string {
    const more = message.length - longest;
    return more > 0 ? `${message.slice(0, longest)}… (${more} more characters)` : message;
}

/** The check of the hubs alone. */
export async function compareHubs(context: CheckContext): Promise<Finding> {
    return { check: "hubs", ...(await ended(() => checkHubs(context, () => readCode(context)))) };
}

async function runClient({ negotiated, event, milliseconds }: CheckContext): Promise<string> {
    if (negotiated === undefined) {
        throw new SkippedError("The check needs a token, and the negotiation gave none.");
    }
    const steps = await clients[negotiated.service]({ negotiated, event, milliseconds });
    const hint = event === undefined ? " To check an ack too, name an event that the app answers with --event." : "";
    return `${steps}, and is disconnected.${hint}`;
}

async function ended(work: () => string | Promise<string>): Promise<Pick<Finding, "status" | "message">> {
    try {
        return { status: "passed", message: await work() };
    } catch (error) {
        if (error instanceof SkippedError) {
            return { status: "skipped", message: error.message };
        }
        const known = error instanceof CheckError;
        return { status: "failed", message: known ? error.message : `The check could not finish: ${messageOf(error)}` };
    }
}
