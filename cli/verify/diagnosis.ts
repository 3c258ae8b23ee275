import { type CheckContext, CheckError, type CheckName, type Finding, SkippedError } from "./check";
import { readPlan } from "./events";
import { closedHint } from "./exposure";

/** Adds to the failure of the client what the other checks tell about its cause. */
export function diagnose({
    error,
    context,
    statusOf,
}: {
    error: unknown;
    context: CheckContext;
    statusOf(check: CheckName): Finding["status"] | undefined;
}): unknown {
    const { deployed, event, negotiated } = context;
    // The answer to an event of the command line is the function's own affair.
    const isAboutEvent = event !== undefined && error instanceof Error && error.message.includes(`"${event.name}"`);
    if (!(error instanceof CheckError) || error instanceof SkippedError || isAboutEvent) {
        return error;
    }
    return new CheckError(`${error.message} ${causes()}`.trim());

    function causes(): string {
        const closed = closedHint(deployed, "service");
        if (closed !== undefined) {
            return closed;
        }
        if (statusOf("listeners") === "failed") {
            return "Nobody answers the service's event: see the listeners check.";
        }
        if (readPlan(deployed) === "consumption") {
            return "On the Consumption plan the first connection after a pause takes seconds, and the service may give up before: run verify again.";
        }
        if (statusOf("webhook") !== "passed" || statusOf("listeners") !== "passed") {
            return "";
        }
        const thrown =
            negotiated?.service === "socketio" || negotiated?.service === "webpubsub"
                ? " A connect function that throws is never answered, so look in the app's log too."
                : "";
        return `The app takes this command's call, so the service's own call does not get through. Most often the service could not read the key from the vault, because its role came after the hub: it reads again after about 30 minutes, or at once when you change keyRotation and run \`pulumi up\`. Or the app's network rules keep the service out.${thrown}`;
    }
}
