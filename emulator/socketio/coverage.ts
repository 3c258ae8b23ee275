export interface CoverageEntry {
    area: "client" | "event" | "rest" | "hub";
    /** For REST: method and path, exactly as the route. */
    operation: string;
    support: "supported" | "partly" | "refused";
    note?: string;
}

const supported = (area: CoverageEntry["area"], operations: readonly string[]): CoverageEntry[] =>
    operations.map((operation) => ({ area, operation, support: "supported" }));

/** What the emulated Socket.IO service does. The documentation's support table is made from this list. */
export const coverage: readonly CoverageEntry[] = [
    ...supported("client", [
        "Engine.IO 4 over polling, over WebSocket, and the upgrade between them",
        "Several namespaces on one connection",
        "Tokens signed with either access key, and tokens made by :generateToken",
        "Anonymous clients where the hub's policy allows them",
        "CORS for pages of any origin, without credentials",
    ]),
    {
        area: "client",
        operation: "Connection limit",
        support: "partly",
        note: "20 with a Free SKU; other SKUs are not limited.",
    },
    {
        area: "client",
        operation: "Binary events",
        support: "refused",
        note: "Logged by name and not delivered; the connection stays.",
    },
    { area: "client", operation: "Engine.IO 3 (Socket.IO 2 clients)", support: "refused" },
    { area: "client", operation: "WebTransport", support: "refused" },
    {
        area: "client",
        operation: "Connection state recovery",
        support: "refused",
        note: "A client that reconnects is a new connection.",
    },
    ...supported("event", [
        "connect, connected, disconnected",
        "User events with an answer from the response body",
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
        note: "Events of one socket are delivered one after the other; sockets do not wait for each other. Azure does not publish its order.",
    },
    { area: "event", operation: "Event listeners (Event Hubs)", support: "refused", note: "Not emulated." },
    {
        area: "event",
        operation: "tunnel:// URL templates",
        support: "refused",
        note: "Named in the log when the first event is sent.",
    },
    ...supported("hub", ["eventHandlers", "anonymousConnectPolicy"]),
    {
        area: "hub",
        operation: "webSocketKeepAliveIntervalInSeconds",
        support: "supported",
        note: "For connections opened after the change.",
    },
    ...supported("rest", [
        "HEAD /api/health",
        "POST /api/hubs/{hub}/:addToGroups",
        "POST /api/hubs/{hub}/:removeFromGroups",
        "POST /api/hubs/{hub}/:closeConnections",
        "POST /api/hubs/{hub}/groups/{group}/:closeConnections",
        "POST /api/hubs/{hub}/users/{user}/:closeConnections",
        "HEAD /api/hubs/{hub}/connections/{connection}",
        "DELETE /api/hubs/{hub}/connections/{connection}",
        "DELETE /api/hubs/{hub}/connections/{connection}/groups",
        "HEAD /api/hubs/{hub}/groups/{group}",
        "GET /api/hubs/{hub}/groups/{group}/connections",
        "PUT /api/hubs/{hub}/groups/{group}/connections/{connection}",
        "DELETE /api/hubs/{hub}/groups/{group}/connections/{connection}",
        "HEAD /api/hubs/{hub}/users/{user}",
        "PUT /api/hubs/{hub}/users/{user}/groups/{group}",
        "DELETE /api/hubs/{hub}/users/{user}/groups/{group}",
        "DELETE /api/hubs/{hub}/users/{user}/groups",
    ]),
    ...[":send", "groups/{group}/:send", "users/{user}/:send", "connections/{connection}/:send"].map(
        (path): CoverageEntry => ({
            area: "rest",
            operation: `POST /api/hubs/{hub}/${path}`,
            support: "partly",
            note: "Engine.IO packets as text/plain: EVENT, ACK, DISCONNECT. JSON and binary bodies are refused. messageTtlSeconds is checked and has no effect.",
        }),
    ),
    {
        area: "rest",
        operation: "POST /api/hubs/{hub}/:generateToken",
        support: "partly",
        note: "With an Entra token. clientType MQTT is refused.",
    },
    ...["PUT", "DELETE", "HEAD"].map(
        (method): CoverageEntry => ({
            area: "rest",
            operation: `${method} /api/hubs/{hub}/permissions/{permission}/connections/{connection}`,
            support: "partly",
            note: "Kept and answered; Socket.IO clients have no call that needs a permission.",
        }),
    ),
];
