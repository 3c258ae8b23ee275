import { services } from "../services";
import { type CheckContext, CheckError, requireService, SkippedError } from "./check";
import { eventSources, readHubs, readUpstream, type ServiceHub, selects, type UpstreamTemplate } from "./events";
import type { DeployedCode, Trigger } from "./triggers";

/** Compares the hubs and events that the code's triggers name with those that the service sends to the app. */
export async function checkHubs(context: CheckContext, readCode: () => Promise<DeployedCode>): Promise<string> {
    const service = requireService(context);
    const { title } = services[service];
    const { functionCount, triggers, hasOtherBindings } = await readCode();
    if (functionCount === 0) {
        throw new CheckError(
            "The host runs without any function. Either each function is in error (see the log), no code is deployed, one broken function unloaded all, or the host could not read the package: where WEBSITE_RUN_FROM_PACKAGE is a URL, WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID must name the identity (or SystemAssigned), and the identity needs a role on the container.",
        );
    }
    if (triggers.length === 0) {
        const sources = eventSources(context, service);
        if (sources?.length === 0) {
            return `No function has a trigger of ${title}, and the service sends no event to the app's webhook.`;
        }
        if (!hasOtherBindings) {
            throw new CheckError(
                `None of the ${functionCount} functions has a trigger of ${title}, so the events${sources === undefined ? "" : ` of ${sources.join(", ")}`} reach nobody. Deploy the code of this backend, or let the service send no events (${service === "signalr" ? "upstreamTemplates" : "eventHandlers"}: []).`,
            );
        }
    }
    const unresolved = triggers.find(({ missingSetting }) => missingSetting !== undefined);
    if (unresolved !== undefined) {
        throw new CheckError(
            `The hub of ${unresolved.functionName} is the app setting ${unresolved.missingSetting}, which does not exist. The backend sets ${services[service].hubSetting}, and with several hubs also ${services[service].hubSetting}_<hub>.`,
        );
    }
    const faults = service === "signalr" ? upstreamFaults(context, triggers) : hubFaults(context, triggers);
    if (faults.length > 0) {
        throw new CheckError(faults.join(" "));
    }
    if (triggers.length === 0) {
        return "The code gives access and sends, and takes no events.";
    }
    const hubs = [...new Set(triggers.map(({ hub }) => hub).filter((hub) => hub !== undefined))];
    const named = hubs.length > 0 ? `Hub ${hubs.join(", ")} of the code is` : "The code's hub, from an app setting, is";
    return hubs.length > 0
        ? `${named} ${service === "signalr" ? "selected by the service's upstream" : "a hub of the service"}, and every trigger's event is sent to the app.`
        : `${named} not compared.`;
}

function hubFaults({ deployed }: CheckContext, triggers: Trigger[]): string[] {
    const hubs = readHubs(deployed);
    if (hubs === undefined) {
        throw new SkippedError(
            "The hubs of the service are unknown. Export the component's hubNames, or pass the output of `pulumi stack export --show-secrets`.",
        );
    }
    const known = new Map(hubs.map((hub) => [hub.name.toLowerCase(), hub]));
    const names = new Map(triggers.map(({ hub }) => [hub?.toLowerCase(), hub]));
    const faults: string[] = [];
    for (const [key, name] of names) {
        if (key !== undefined && !known.has(key)) {
            faults.push(
                `The code listens to hub ${name}, but the service has settings for ${[...known.values()].map((hub) => hub.name).join(", ") || "no hub"}: events of hub ${name} go nowhere, and every client is let in. Name the hub in the component's \`hubs\`, or in the bindings of the code.`,
            );
        }
    }
    for (const [key, { name, targets }] of known) {
        if (!names.has(undefined) && !names.has(key) && targets.some(({ isOwn }) => isOwn)) {
            faults.push(
                `The service sends the events of hub ${name} to the app, but no function listens to that hub. Correct \`hub\` in the bindings, or remove the hub.`,
            );
        }
    }
    return [
        ...faults,
        ...triggers.flatMap((trigger) => eventFaults(known.get(trigger.hub?.toLowerCase() ?? ""), trigger)),
    ];
}

/** Why the event of a trigger does not reach the app: the first handler that selects it gets it, and no other. */
function eventFaults(hub: ServiceHub | undefined, { functionName, event, category }: Trigger): string[] {
    if (hub === undefined || event === "") {
        return [];
    }
    const lower = event.toLowerCase();
    const first = hub.targets.find(({ systemEvents, userEventPattern }) =>
        category === "system"
            ? systemEvents.some((name) => name.toLowerCase() === lower)
            : selects(userEventPattern, event),
    );
    if (first === undefined) {
        return [
            `No event handler of hub ${hub.name} selects "${event}", so ${functionName} never runs${lower === "connect" && category === "system" ? " and every client is let in" : ""}. Add the event to the handler's ${category === "system" ? "systemEvents" : "userEventPattern"}.`,
        ];
    }
    return first.isOwn
        ? []
        : [
              `An event handler elsewhere selects "${event}" of hub ${hub.name} before the app's, so ${functionName} never runs. Put the narrower handler first.`,
          ];
}

function upstreamFaults({ deployed }: CheckContext, triggers: Trigger[]): string[] {
    if (triggers.length === 0) {
        return [];
    }
    const templates = readUpstream(deployed);
    if (templates === undefined) {
        throw new SkippedError(
            "The upstream of the service is unknown. Pass the output of `pulumi stack export --show-secrets`.",
        );
    }
    return triggers
        .filter((trigger) => trigger.hub !== undefined && !templates.some((template) => takes(template, trigger)))
        .map(
            ({ functionName, hub, category, event }) =>
                `No upstream template of the service selects hub ${hub}, category ${category} and event ${event}, so ${functionName} never runs. Correct the patterns; letter case counts.`,
        );
}

function takes({ hubPattern, categoryPattern, eventPattern }: UpstreamTemplate, trigger: Trigger): boolean {
    return (
        selects(hubPattern, trigger.hub ?? "") &&
        selects(categoryPattern, trigger.category) &&
        selects(eventPattern, trigger.event)
    );
}
