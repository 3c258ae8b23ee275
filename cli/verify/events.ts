import type { StackResource } from "../stackJson";
import { at, isObject, textAt } from "../words";
import { type CheckContext, SkippedError } from "./check";
import type { Deployed } from "./deployed";

/** Where a service sends events, in the service's own order: the first that selects an event gets it. */
export interface EventTarget {
    /** Whether the target is the webhook of this backend's Function App. Its HTTP functions can read events too, with webPubSubContext. */
    isOwn: boolean;
    systemEvents: string[];
    userEventPattern: string;
}

/** A hub that the service has settings for. */
export interface ServiceHub {
    name: string;
    targets: EventTarget[];
}

/** A template of SignalR's upstream. A pattern is `*`, one name, or several separated by commas. */
export interface UpstreamTemplate {
    hubPattern: string;
    categoryPattern: string;
    eventPattern: string;
}

const allSystemEvents = ["connect", "connected", "disconnected"];

/** Hubs of the service: from the stack's resources, or else their names from the outputs. Undefined when neither tells. */
export function readHubs({ resources, hubNames, negotiateUrl }: Deployed): ServiceHub[] | undefined {
    const { host } = new URL(negotiateUrl);
    // The component around a hub has a type of the same ending.
    const found = resources
        ?.filter(({ type }) => /^azure-native:.*:WebPubSubHub$/.test(type))
        .map((hub) => readHub(hub, host));
    if (found !== undefined && (found.length > 0 || hubNames === undefined)) {
        return found;
    }
    const target = { isOwn: true, systemEvents: allSystemEvents, userEventPattern: "*" };
    return hubNames?.map((name) => ({ name, targets: [target] }));
}

function readHub({ name, outputs }: StackResource, appHost: string): ServiceHub {
    const handlers = [at(outputs, "properties", "eventHandlers") ?? []].flat().filter(isObject);
    return {
        name: textAt(outputs, "name") ?? name,
        targets: handlers.map((handler) => {
            const url = textAt(handler, "urlTemplate");
            const events = [handler.systemEvents ?? []].flat();
            return {
                // A URL with a key is a hidden secret in an export without --show-secrets.
                isOwn: url === undefined || !URL.canParse(url) || isWebhook(new URL(url), appHost),
                systemEvents: events.filter((event): event is string => typeof event === "string"),
                userEventPattern: textAt(handler, "userEventPattern") ?? "",
            };
        }),
    };
}

function isWebhook({ host, pathname }: URL, appHost: string): boolean {
    return host === appHost && pathname.toLowerCase().startsWith("/runtime/webhooks/");
}

/** The upstream templates of a SignalR service; undefined when the stack does not tell. */
export function readUpstream({ resources }: Deployed): UpstreamTemplate[] | undefined {
    const services = resources?.filter(({ type }) => type.endsWith(":SignalR"));
    if (services === undefined || services.length === 0) {
        return undefined;
    }
    return services.flatMap(({ outputs }) =>
        [at(outputs, "upstream", "templates") ?? []]
            .flat()
            .filter(isObject)
            .map((template) => ({
                hubPattern: textAt(template, "hubPattern") ?? "*",
                categoryPattern: textAt(template, "categoryPattern") ?? "*",
                eventPattern: textAt(template, "eventPattern") ?? "*",
            })),
    );
}

/** What sends events to the app's webhook, where the stack tells. */
export function eventSources({ deployed }: CheckContext, service: string): string[] | undefined {
    return service === "signalr"
        ? readUpstream(deployed)?.map(({ hubPattern }) => `hub ${hubPattern}`)
        : readHubs(deployed)
              ?.filter(({ targets }) => targets.some(({ isOwn }) => isOwn))
              .map(({ name }) => `hub ${name}`);
}

/** Leaves out a check of the webhook where the service calls none, as that of an app that only sends. */
export function requireEvents(context: CheckContext, service: string): void {
    if (eventSources(context, service)?.length === 0) {
        throw new SkippedError("The service sends no event to the app's webhook.");
    }
}

/** Whether a pattern selects a name: `*` or a list of names separated by commas. */
export function selects(pattern: string, name: string): boolean {
    return pattern.split(",").some((part) => part.trim() === "*" || part.trim() === name);
}

export type PlanKind = "flex" | "consumption" | "other";

/** Kind of the app's plan, from the stack's resources; undefined when they do not tell. */
export function readPlan({ resources }: Deployed): PlanKind | undefined {
    const plans = resources?.filter(({ type }) => type.endsWith(":AppServicePlan")) ?? [];
    const apps = resources?.filter(({ type }) => type.endsWith(":WebApp")) ?? [];
    if (apps.some(({ outputs }) => isObject(outputs.functionAppConfig))) {
        return "flex";
    }
    if (plans.length !== 1) {
        return undefined;
    }
    const sku = textAt(plans[0]?.outputs, "sku", "name")?.toUpperCase();
    return sku === "FC1" ? "flex" : sku === "Y1" ? "consumption" : "other";
}
