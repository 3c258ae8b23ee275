import { type CoverageEntry, supported } from "../core/service/coverage";

const hub = "/api/hubs/{hub}";

/** What the emulated Web PubSub supports. The support table in the docs is generated from this list. */
export const coverage: readonly CoverageEntry[] = [
    ...supported("client", [
        "/client/hubs/{hub} and /client?hub={hub}",
        "Clients without subprotocol: events, and webpubsub_mode=sendToGroup",
        "json.webpubsub.azure.v1",
        "Roles for all groups, one group and patterns of groups",
        "Message metadata",
        "Tokens signed with either access key, and tokens made by :generateToken",
        "Anonymous clients where the hub's policy allows them",
    ]),
    {
        area: "client",
        operation: "json.reliable.webpubsub.azure.v1",
        support: "supported",
        note: "1000 messages or 16 MiB are kept, and a client may come back for 30 s after it was cut off or closed with another code than 1000, or with none, as in the vendor's emulator.",
    },
    {
        area: "client",
        operation: "ackId and sequenceId",
        support: "supported",
        note: "Error names are Forbidden, Duplicate, Timeout and InternalServerError.",
    },
    {
        area: "client",
        operation: "Connection limit",
        support: "partly",
        note: "20 with a Free SKU; other SKUs are not limited.",
    },
    {
        area: "client",
        operation: "protobuf.webpubsub.azure.v1, protobuf.reliable.webpubsub.azure.v1",
        support: "supported",
        note: "A handler gets protobuf data as application/x-protobuf, which the Functions extension refuses, as on Azure.",
    },
    { area: "client", operation: "MQTT", support: "refused", note: "501 before the upgrade." },
    {
        area: "client",
        operation: "Invocations, streams and group states",
        support: "refused",
        note: "Answered with error NotImplemented; the connection stays.",
    },
    ...supported("event", [
        "connect with user, groups, roles, subprotocol and state in the answer",
        "connected, disconnected",
        "User events with an answer of text, JSON or bytes",
        "Connection state (ce-connectionState)",
        "OPTIONS handshake, its refresh and its back-off",
        "Retries after 1, 3 and 5 s, within 100 s",
        "Cookies per connection",
        "Managed identity sign-in at the handler",
        "Key Vault references in URL templates",
    ]),
    {
        area: "event",
        operation: "Order of events",
        support: "supported",
        note: "User events of one client are delivered one after the other; its group messages do not wait for them. Azure does not publish its order.",
    },
    {
        area: "event",
        operation: "Event listeners (Event Hubs)",
        support: "refused",
        note: "Taken in a hub's settings, and named in the log when an event is for one. An event that only a listener takes fails.",
    },
    {
        area: "event",
        operation: "tunnel:// URL templates",
        support: "refused",
        note: "Named in the log when the first event is sent.",
    },
    ...supported("hub", ["eventHandlers", "anonymousConnectPolicy", "webSocketKeepAliveIntervalInSeconds"]),
    ...supported("rest", [
        "HEAD /api/health",
        ...["", "groups/{group}/", "users/{user}/", "connections/{connection}/"].map((to) => `POST ${hub}/${to}:send`),
        `POST ${hub}/:addToGroups`,
        `POST ${hub}/:removeFromGroups`,
        ...["", "groups/{group}/", "users/{user}/"].map((of) => `POST ${hub}/${of}:closeConnections`),
        `HEAD ${hub}/connections/{connection}`,
        `DELETE ${hub}/connections/{connection}`,
        `DELETE ${hub}/connections/{connection}/groups`,
        `HEAD ${hub}/groups/{group}`,
        `GET ${hub}/groups/{group}/connections`,
        `PUT ${hub}/groups/{group}/connections/{connection}`,
        `DELETE ${hub}/groups/{group}/connections/{connection}`,
        `HEAD ${hub}/users/{user}`,
        `PUT ${hub}/users/{user}/groups/{group}`,
        `DELETE ${hub}/users/{user}/groups/{group}`,
        `DELETE ${hub}/users/{user}/groups`,
        ...["PUT", "DELETE", "HEAD"].map(
            (method) => `${method} ${hub}/permissions/{permission}/connections/{connection}`,
        ),
    ]),
    {
        area: "rest",
        operation: `POST ${hub}/:generateToken`,
        support: "partly",
        note: "With an Entra token. A token for MQTT clients is made, and their connections are refused.",
    },
];
