import { type CoverageEntry, supported } from "../core/service/coverage";

const hub = "/api/hubs/{hub}";
const check = (path: string): string[] => ["HEAD", "GET"].map((method) => `${method} ${hub}${path}`);
const hubOperations = [
    ...["", "/groups/{group}", "/users/{user}"].flatMap((path) => [
        `POST ${hub}${path}`,
        `POST ${hub}${path}/:send`,
        `POST ${hub}${path}/:closeConnections`,
    ]),
    `POST ${hub}/connections/{connection}`,
    `POST ${hub}/connections/{connection}/:send`,
    ...check("/connections/{connection}"),
    `DELETE ${hub}/connections/{connection}`,
    `DELETE ${hub}/connections/{connection}/groups`,
    ...check("/groups/{group}"),
    ...["/groups/{group}/connections/{connection}", "/connections/{connection}/groups/{group}"].flatMap((path) => [
        `PUT ${hub}${path}`,
        `DELETE ${hub}${path}`,
    ]),
    ...check("/users/{user}"),
    ...["/users/{user}/groups/{group}", "/groups/{group}/users/{user}"].flatMap((path) => [
        ...check(path),
        `PUT ${hub}${path}`,
        `DELETE ${hub}${path}`,
    ]),
    `DELETE ${hub}/users/{user}/groups`,
];

/** What the emulated SignalR Service supports. The support table in the docs is generated from this list. */
export const coverage: readonly CoverageEntry[] = [
    ...supported("client", [
        "Negotiation, versions 0 and 1",
        "WebSockets with and without negotiation, server-sent events, long polling",
        "Hub protocols json and messagepack, versions 1 and 2",
        "Keep-alive pings after 15 s, handshake within 15 s",
        "Tokens signed with either access key, or with the key that apps with an identity get",
        "CORS by the service's settings, with credentials",
    ]),
    {
        area: "client",
        operation: "Service mode",
        support: "partly",
        note: "Serverless, and Classic without app servers. In mode Default clients are refused with 503, because no app server can connect.",
    },
    {
        area: "client",
        operation: "Connection limit",
        support: "partly",
        note: "20 with a Free SKU; other SKUs are not limited.",
    },
    {
        area: "client",
        operation: "Streams, from clients and to them",
        support: "refused",
        note: "The call fails and is named, as serverless mode has none; the connection stays.",
    },
    { area: "client", operation: "Stateful reconnect", support: "refused", note: "Not offered in the negotiation." },
    { area: "client", operation: "Client results", support: "refused", note: "No REST operation asks for one." },
    { area: "client", operation: "ASP.NET (not Core) SignalR clients", support: "refused" },
    ...supported("event", [
        "connected, disconnected, and invocations with their result in the answer",
        "Signature with both access keys",
        "Managed identity sign-in at the upstream",
        "Key Vault references in URL templates",
    ]),
    {
        area: "event",
        operation: "Templates",
        support: "supported",
        note: "Hub, category and event patterns; the first match wins, and case counts, as in the vendor's emulator.",
    },
    {
        area: "event",
        operation: "Failed upstream calls",
        support: "supported",
        note: "Each is made once. A connected event answered with 401 or 403 closes the client; Azure does not publish its rule.",
    },
    {
        area: "event",
        operation: "Order of events",
        support: "supported",
        note: "Events of one client are delivered one after the other. Azure does not publish its order.",
    },
    {
        area: "event",
        operation: "Invocations that no template takes",
        support: "supported",
        note: "Fail and are named. Azure does not publish its answer.",
    },
    {
        area: "event",
        operation: "tunnel:// URL templates",
        support: "refused",
        note: "Named in the log when the first event is sent.",
    },
    ...supported("hub", ["Hubs are made by the first client or call that names them, and kept apart by application"]),
    ...supported("rest", [
        "HEAD /api/health",
        "GET /api/health",
        "HEAD /api/v1/health",
        "GET /api/v1/health",
        "GET /api/v1/auth/accessKey",
        "POST /api/v1/auth/accessKey",
        ...hubOperations,
        ...hubOperations.map((operation) => operation.replace("/api/", "/api/v1/")),
    ]),
];
