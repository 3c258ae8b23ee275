import type * as pulumi from "@pulumi/pulumi";
import { type Checks, oneOf, type Rule, show } from "../shared/checks";
import { nameRule } from "../shared/names";
import { checkList } from "./checkList";
import { ListenedEvent, userEventPatternRule } from "./hub";

/** A listener as the rules see it. */
export interface ListenerArgs {
    name: string;
    eventHubId: pulumi.Input<string>;
    fullyQualifiedNamespace?: pulumi.Input<string>;
    systemEvents?: pulumi.Input<pulumi.Input<string>[]>;
    userEventPattern?: pulumi.Input<string>;
}

export interface EventHubPlace {
    resourceGroupName: string;
    namespaceName: string;
    eventHubName: string;
}

// Azure's limit, counted over all hubs of a service.
const maximum = 10;

const idPattern =
    /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)\/providers\/Microsoft\.EventHub\/namespaces\/([^/]+)\/eventhubs\/([^/]+)$/i;

export function parseEventHubId(id: string): EventHubPlace | undefined {
    const [, resourceGroupName, namespaceName, eventHubName] = idPattern.exec(id) ?? [];
    return resourceGroupName && namespaceName && eventHubName
        ? { resourceGroupName, namespaceName, eventHubName }
        : undefined;
}

export const eventHubIdRule: Rule<string> = (value) =>
    typeof value === "string" && parseEventHubId(value) !== undefined
        ? undefined
        : `${show(value)} is not the id of an event hub. Allowed: /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.EventHub/namespaces/<namespace>/eventhubs/<name>.`;

const namespaceRule: Rule<string> = (value) =>
    typeof value === "string" && /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9-]+)+$/.test(value)
        ? undefined
        : `${show(value)} is not a host name. Allowed: a name such as events.servicebus.windows.net, without scheme and path.`;

const listenedEventsRule: Rule<readonly string[]> = (events) =>
    events.map(oneOf(ListenedEvent)).find((reason) => reason !== undefined);

/** Checks listeners and answers them, outputs guarded. */
export function checkListeners<L extends ListenerArgs>(question: {
    checks: Checks;
    path: string;
    listeners: L[] | undefined;
}): L[] | undefined {
    const { checks, path, listeners } = question;
    if (listeners === undefined) {
        return undefined;
    }
    refuseTooMany({ checks, path, count: listeners.length });
    return listeners.map((listener, index) => {
        const at = (part: keyof ListenerArgs) => `${path}[${index}].${part}`;
        const { name, eventHubId, systemEvents } = listener;
        checks.plain({ path: at("name"), value: name, rule: nameRule("role") });
        if (listeners.findIndex((other) => other.name === name) < index) {
            checks.fault(at("name"), `${show(name)} is there twice. Give each listener a name of its own.`);
        }
        return {
            ...listener,
            eventHubId: checks.input({ path: at("eventHubId"), value: eventHubId, rule: eventHubIdRule }),
            fullyQualifiedNamespace: checks.input({
                path: at("fullyQualifiedNamespace"),
                value: listener.fullyQualifiedNamespace,
                rule: namespaceRule,
            }),
            systemEvents: checkList(checks, {
                path: at("systemEvents"),
                value: systemEvents,
                rule: listenedEventsRule,
            }),
            userEventPattern: checks.input({
                path: at("userEventPattern"),
                value: listener.userEventPattern,
                rule: userEventPatternRule,
            }),
        };
    });
}

export function refuseTooMany({ checks, path, count }: { checks: Checks; path: string; count: number }): void {
    if (count > maximum) {
        checks.fault(path, `${count} listeners are too many. Allowed: ${maximum} over all hubs of a service.`);
    }
}
