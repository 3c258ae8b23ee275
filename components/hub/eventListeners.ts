import type { RoleAssignment } from "@pulumi/azure-native/authorization";
import { getNamespaceOutput } from "@pulumi/azure-native/eventhub";
import type * as inputs from "@pulumi/azure-native/types/input";
import * as pulumi from "@pulumi/pulumi";
import { armIdRule, placeOf } from "../shared/armId";
import { type Checks, oneOf, type Rule, show } from "../shared/checks";
import { patternRule } from "../shared/eventTargets";
import { nameRule } from "../shared/names";
import { assignRole, Roles } from "../shared/roles";
import { itemsOf, orDefault } from "../shared/shape";
import { type EventListener, ListenedEvent } from "./args";

// Azure's limit, counted over all hubs of a service.
const maximum = 10;

const eventHubIdRule = armIdRule("Microsoft.EventHub/namespaces/eventhubs");

const namespaceRule: Rule<string> = (value) =>
    typeof value === "string" && /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9-]+)+$/.test(value)
        ? undefined
        : `${show(value)} is not a host name. Allowed: a name such as events.servicebus.windows.net, without scheme and path.`;

const listenedEventsRule: Rule<readonly string[]> = (events) =>
    events.map(oneOf(ListenedEvent)).find((reason) => reason !== undefined);

// One guarded output for one given output, so that listeners of the same event hub are still seen as such.
const guardedIds = new WeakMap<object, pulumi.Input<string>>();

function checkEventHubId(checks: Checks, id: pulumi.Input<string>): pulumi.Input<string> {
    const known = typeof id === "object" ? guardedIds.get(id) : undefined;
    const guarded = known ?? checks.input("eventHubId", id, eventHubIdRule);
    if (typeof id === "object") {
        guardedIds.set(id, guarded);
    }
    return guarded;
}

/** Checks listeners and returns them, outputs guarded. */
export function checkListeners(checks: Checks, given: pulumi.Input<EventListener>[] | undefined): EventListener[] {
    const listeners = itemsOf(given);
    refuseTooMany(checks, "eventListeners", listeners.length);
    return listeners.map((listener, index) => {
        const part = checks.at(`eventListeners[${index}].`);
        const { name, systemEvents, fullyQualifiedNamespace, userEventPattern } = listener;
        part.plain("name", name, nameRule("role"));
        if (name !== undefined && listeners.findIndex((other) => other.name === name) < index) {
            part.fault("name", `${show(name)} is there twice. Give each listener a name of its own.`);
        }
        return {
            name,
            eventHubId: checkEventHubId(part, listener.eventHubId),
            fullyQualifiedNamespace: part.input("fullyQualifiedNamespace", fullyQualifiedNamespace, namespaceRule),
            systemEvents: part.list("systemEvents", systemEvents, listenedEventsRule),
            userEventPattern: part.input("userEventPattern", userEventPattern, patternRule("event")),
        };
    });
}

export function refuseTooMany(checks: Checks, path: string, count: number): void {
    if (count > maximum) {
        checks.fault(path, `${count} listeners are too many. Allowed: ${maximum} over all hubs of a service.`);
    }
}

/** Lets the service send to the event hubs of its listeners. Each event hub gets one role, because Azure refuses a second one. */
export function grantListeners(
    name: string,
    { listeners, principalId }: { listeners: EventListener[]; principalId: pulumi.Input<string> },
    opts: pulumi.CustomResourceOptions,
): RoleAssignment[] {
    const first = new Map(
        [...listeners].reverse().map((listener): [unknown, EventListener] => [listener.eventHubId, listener]),
    );
    return listeners
        .filter((listener) => first.get(listener.eventHubId) === listener)
        .map((listener) => {
            const grant = { role: Roles.eventHubsDataSender, scope: listener.eventHubId, principalId };
            return assignRole(`${name}-${listener.name}-sender`, grant, opts);
        });
}

/** Listeners as the hub's properties hold them. */
export function toListeners(
    listeners: EventListener[],
    opts: pulumi.InvokeOptions,
): inputs.webpubsub.EventListenerArgs[] {
    return listeners.map((listener) => ({
        filter: {
            type: "EventName",
            systemEvents: orDefault(listener.systemEvents, Object.values(ListenedEvent)),
            userEventPattern: orDefault(listener.userEventPattern, "*"),
        },
        endpoint: {
            type: "EventHub",
            eventHubName: pulumi.output(listener.eventHubId).apply((id) => id.split("/").at(-1) ?? ""),
            fullyQualifiedNamespace: listener.fullyQualifiedNamespace ?? findNamespaceHost(listener, opts),
        },
    }));
}

// Azure is asked, because the host name ends differently in each cloud.
function findNamespaceHost({ eventHubId }: EventListener, opts: pulumi.InvokeOptions): pulumi.Output<string> {
    const { id, resourceGroupName } = placeOf("eventHubId", eventHubId, opts);
    const namespaceName = id.apply(({ names }) => names[0] ?? "");
    const found = getNamespaceOutput({ resourceGroupName, namespaceName }, opts);
    return found.serviceBusEndpoint.apply((address) => new URL(address).hostname);
}
