import { randomUUID } from "node:crypto";
import { services } from "../services";
import { ask } from "./ask";
import { type CheckContext, CheckError, requireService, SkippedError } from "./check";
import { readHubs, readPlan, requireEvents } from "./events";
import type { Trigger } from "./triggers";

interface Probe {
    hub: string;
    event: string;
    isSystem: boolean;
    namespace: string;
    /** The function that should listen; undefined when the code is unknown or has none. */
    functionName?: string;
}

export interface ListenersContext extends CheckContext {
    /** Triggers of the code; undefined when they are unknown. */
    triggers?: Trigger[];
    /** Whether the webhook accepted the handshake. */
    webhookWorks: boolean;
}

/**
 * Asks the extension for each event whether a function listens, without running the function: the extension looks for the function
 * before it looks at the method, and PUT is no method of an event.
 */
export async function checkListeners(context: ListenersContext): Promise<string> {
    const { deployed, webhookWorks } = context;
    const service = requireService(context);
    if (!services[service].handshake) {
        throw new SkippedError(
            "SignalR's extension has no request that finds a function without running it. The hubs check compares the functions with the service; with --event the client sends a real event.",
        );
    }
    requireEvents(context, service);
    if (deployed.webhookKey === undefined) {
        throw new SkippedError("The check needs the webhook's key: see the webhook check.");
    }
    if (!webhookWorks) {
        throw new SkippedError("The webhook refuses the handshake, so it would refuse a question about an event too.");
    }
    const probes = probesOf(context);
    if (probes.length === 0) {
        throw new SkippedError(
            "The stack does not tell which events the service sends to the app. Pass the output of `pulumi stack export --show-secrets`.",
        );
    }
    const silent: Probe[] = [];
    for (const probe of probes) {
        if (!(await isHeard(context, probe))) {
            silent.push(probe);
        }
    }
    const heard = probes.filter((probe) => !silent.includes(probe));
    const isDead = silent.some(({ functionName }) => functionName !== undefined);
    const isRefused = silent.some(({ event, isSystem }) => isSystem && event.toLowerCase() === "connect");
    if (isDead || isRefused || heard.length === 0) {
        throw new CheckError(explain({ context, silent, isDead, nobody: heard.length === 0 }));
    }
    const rest =
        silent.length === 0
            ? ""
            : ` No function listens to ${list(silent)}: add one, or take the event out of the hub's systemEvents.`;
    return `Functions listen to ${list(heard)}.${rest}`;
}

/** The system events that the hubs send to the app, the triggers of the code, and the event of the command line. */
function probesOf(context: ListenersContext): Probe[] {
    const { deployed, event, triggers = [] } = context;
    const hubs = readHubs(deployed) ?? [];
    const probes = new Map<string, Probe>();
    const add = (probe: Probe) => {
        const key = JSON.stringify([probe.hub, probe.namespace, probe.event]).toLowerCase();
        probes.set(key, probes.get(key) ?? probe);
    };
    for (const { functionName, hub, event: name, category, namespace } of triggers) {
        const sent = hubs.some((known) => known.name.toLowerCase() === hub?.toLowerCase());
        if (hub !== undefined && sent && name !== "") {
            add({ hub, event: name, isSystem: category === "system", namespace, functionName });
        }
    }
    const isCovered = (hub: string, name: string) =>
        [...probes.values()].some(
            (probe) =>
                probe.hub.toLowerCase() === hub.toLowerCase() && probe.event.toLowerCase() === name.toLowerCase(),
        );
    for (const { name: hub, targets } of hubs) {
        const own = targets.filter(({ isOwn }) => isOwn);
        for (const systemEvent of new Set(own.flatMap(({ systemEvents }) => systemEvents))) {
            // A function may listen in another namespace than the default one.
            if (!isCovered(hub, systemEvent)) {
                add({ hub, event: systemEvent, isSystem: true, namespace: "/" });
            }
        }
        if (event !== undefined && own.length > 0 && hubs.length === 1 && !isCovered(hub, event.name)) {
            add({ hub, event: event.name, isSystem: false, namespace: "/" });
        }
    }
    return [...probes.values()];
}

async function isHeard(context: ListenersContext, { hub, event, isSystem, namespace }: Probe): Promise<boolean> {
    const { deployed } = context;
    const service = requireService(context);
    const url = new URL(`/runtime/webhooks/${service}`, deployed.negotiateUrl);
    const place = `${url.host}${url.pathname}`;
    url.searchParams.set("code", deployed.webhookKey ?? "");
    const { status } = await ask(context, url, {
        method: "PUT",
        headers: {
            "WebHook-Request-Origin": new URL(deployed.endpoint).hostname,
            "ce-type": `azure.webpubsub.${isSystem ? "sys" : "user"}.${event}`,
            "ce-eventName": event,
            "ce-hub": hub,
            "ce-connectionId": randomUUID(),
            ...(service === "socketio" && { "ce-namespace": namespace, "ce-socketId": randomUUID() }),
        },
    });
    if (status === 404) {
        return false;
    }
    if (status === 400 || status === 401) {
        return true;
    }
    throw new CheckError(
        `${place} answers ${status} to a question about "${event}", where only 400, 401 and 404 tell something. ${status >= 500 ? "Look in the app's log." : "Check what stands before the app."}`,
    );
}

function explain({
    context,
    silent,
    isDead,
    nobody,
}: {
    context: ListenersContext;
    silent: Probe[];
    isDead: boolean;
    nobody: boolean;
}): string {
    const service = requireService(context);
    const plan = readPlan(context.deployed);
    const names = new Set(silent.map(({ functionName }) => functionName).filter((name) => name !== undefined));
    const what = `The extension answers 404 to ${list(silent)}, although it accepts the handshake: nobody listens.`;
    const dead = isDead ? ` The code has ${[...names].join(", ")}, but its trigger does not run.` : "";
    const flex =
        "On the Flex Consumption plan the host starts no Socket.IO trigger (https://github.com/Azure/azure-webpubsub/issues/877). Deploy with another plan: Consumption to try, ElasticPremium or Dedicated for production";
    const noFunction =
        "The code has no function with a trigger for it, or the function did not load: compare hub, namespace and event with the bindings, letter by letter, or take the event out of the hub's systemEvents";
    if (service === "socketio" && plan === "flex") {
        return `${what}${dead} ${flex}.`;
    }
    if (service === "webpubsub" && plan !== "other" && plan !== "consumption" && (isDead || nobody)) {
        return `${what}${dead} On the Flex Consumption plan a Functions host from before 2025-11-21 starts no Web PubSub trigger: restart the app, so that it gets a newer one. ${isDead ? "" : `Otherwise: ${noFunction}.`}`.trim();
    }
    if (isDead) {
        return `${what}${dead} Look in the app's log for the listener's error, and at the app's plan. ${service === "socketio" && plan === undefined ? `${flex}.` : ""}`.trim();
    }
    return service === "socketio" && plan === undefined && nobody
        ? `${what} Either: ${noFunction}. Or: ${flex}.`
        : `${what} ${noFunction}.`;
}

function list(probes: Probe[]): string {
    return probes
        .map(
            ({ hub, event, namespace }) =>
                `"${event}" of hub ${hub}${namespace === "/" ? "" : ` (namespace ${namespace})`}`,
        )
        .join(", ");
}
