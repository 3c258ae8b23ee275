import { authShape } from "../shared/eventTargets";
import { nameRule } from "../shared/names";
import { resourceGroup } from "../shared/places";
import { decisive, filled, list, number, object, plain, required, ruled, type ShapesOf, text } from "../shared/shape";
import type { EventHandler, EventListener, EventSelection, HubOptions, WebPubSubHubArgs } from "./args";

export const eventSelectionShape: ShapesOf<EventSelection> = {
    systemEvents: list(text),
    userEventPattern: text,
    auth: authShape,
};

/** A rule asks for the URL, in the words of a URL. */
export const eventHandlerShape: ShapesOf<EventHandler> = { ...eventSelectionShape, urlTemplate: text };

const eventListener = object<EventListener>({
    name: plain(required(text)),
    eventHubId: required(text),
    fullyQualifiedNamespace: decisive(text),
    systemEvents: list(text),
    userEventPattern: text,
});

export const hubOptionsShape: ShapesOf<HubOptions> = {
    eventListeners: plain(list(plain(eventListener))),
    anonymousConnectPolicy: text,
    webSocketKeepAliveIntervalInSeconds: number,
};

export const hubShape: ShapesOf<WebPubSubHubArgs> = {
    ...hubOptionsShape,
    resourceGroupName: resourceGroup,
    serviceName: required(ruled(nameRule("service"))),
    hubName: text,
    eventHandlers: list(object<EventHandler>(eventHandlerShape)),
    servicePrincipalId: decisive(filled),
};
