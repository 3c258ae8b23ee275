/** Messages for clients and for the log. They are those of Azure or of the SignalR server where these are known. */
export const messages = {
    unknownPath: (path: string): string =>
        `There is nothing at '${path}'. Clients connect to /client/?hub={hub}, after POST /client/negotiate?hub={hub}.`,
    noHub: "The query has no 'hub'. Clients connect to /client/?hub={hub}.",
    invalidHub: (hub: string): string =>
        `Invalid hub name '${hub}': a letter, then up to 127 letters, digits or any of _\`,.[].`,
    wrongHub: (options: { audiences: string; hub: string }): string =>
        `The token is for '${options.audiences}', and this is hub '${options.hub}'.`,
    defaultMode:
        "The service is in mode Default, in which clients are served by an app server, and none is connected. Set the feature flag ServiceMode to Serverless.",
    method: (method: string): string => `Method ${method} is not taken here.`,
    idRequired: "Connection ID required",
    noConnection: "No Connection with that ID",
    inUse: "The connection is in use by another transport, or another client.",
    otherTransport: "Cannot change transports mid-connection",
    postOnWebSocket: "POST requests are not allowed for WebSocket connections.",
    deleteElsewhere: "Cannot terminate this connection using the DELETE endpoint.",
    bodyTooLarge: "The body is larger than 1 MiB.",
    badHandshake: "The client's first message is not a valid handshake request.",
    unknownProtocol: (protocol: string): string => `The protocol '${protocol}' is not supported.`,
    protocolVersion: (options: { protocol: string; version: number }): string =>
        `The server does not support version ${options.version} of the '${options.protocol}' protocol.`,
    binaryOnText: "Cannot use the 'messagepack' protocol on the current transport. It does not carry binary data.",
    handshakeTimeout: "Handshake was canceled.",
    /** Source: the SignalR server. */
    closedWithError: "Connection closed with an error.",
    clientTimeout: (seconds: number): string =>
        `The client has sent nothing, not even a ping, for ${seconds} s (serverless.connectionTimeoutInSeconds).`,
    cutOff: "The connection was cut off.",
    tooLarge: "The message is larger than 1 MiB.",
    refused: (status: number): string => `The upstream refused the connection with status ${status}.`,
    noTemplate: (options: { event: string; category: string; count: number }): string =>
        options.count === 0
            ? `'${options.event}' goes nowhere: the service has no upstream template.`
            : `'${options.event}' goes nowhere: none of the ${options.count} upstream templates takes it in category '${options.category}'.`,
    notEncoded: (target: string, protocol: string | undefined): string =>
        `does not get '${target}': its protocol is '${protocol}', for which the sender has not encoded the call.`,
    noStream: (target: string): string =>
        `'${target}' is called as a stream, which serverless mode does not support. Use invoke or send.`,
    noClientStream: (target: string): string =>
        `'${target}' is called with a stream as argument, which serverless mode does not support.`,
    failedInvocation: (status: number): string => `Invocation failed, status code ${status}`,
    badCompletion: "Invocation failed, the upstream's answer is not a completion of this invocation.",
} as const;
