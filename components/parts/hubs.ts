import * as pulumi from "@pulumi/pulumi";
import type { BackendEventHandlerArgs, HubBackendArgs } from "../backend/args";
import { type EventHandlerArgs, WebPubSubHub } from "../hub/webPubSubHub";

export interface HubsStep {
    name: string;
    args: Pick<HubBackendArgs, "hubs">;
    parent: pulumi.Resource;
    resourceGroupName: pulumi.Input<string>;
    serviceName: pulumi.Input<string>;
    /** The backend's own Function App. */
    urlTemplate: pulumi.Output<string>;
}

/** The hubs of a backend; a handler without an address of its own goes to the backend's Function App. */
export function createHubs(step: HubsStep): WebPubSubHub[] {
    const { name, args, parent, resourceGroupName, serviceName } = step;
    return (args.hubs ?? [{ name: "hub" }]).map(
        ({ name: hubName, eventHandlers, ...rest }) =>
            new WebPubSubHub(
                `${name}-${hubName}`,
                {
                    ...rest,
                    resourceGroupName,
                    serviceName,
                    hubName,
                    eventHandlers: resolveHandlers({ handlers: eventHandlers, urlTemplate: step.urlTemplate }),
                },
                { parent },
            ),
    );
}

function resolveHandlers(question: {
    handlers: pulumi.Input<pulumi.Input<BackendEventHandlerArgs>[]> | undefined;
    urlTemplate: pulumi.Output<string>;
}): pulumi.Input<EventHandlerArgs[]> {
    const { handlers = [{}], urlTemplate } = question;
    return pulumi
        .all([handlers, urlTemplate])
        .apply(([known, own]) => known.map((handler) => ({ ...handler, urlTemplate: handler.urlTemplate ?? own })));
}
