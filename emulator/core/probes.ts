import type { EventFields, Product } from "./inspect";

/** A hub as the inspector shows it. */
export interface HubState {
    name: string;
    /** One text for each event handler: its URL without the query, and the events that it takes. */
    handlers?: string[];
    connections: number;
    groups: { name: string; connections: number }[];
}

/** A client connection as the inspector shows it. */
export interface ConnectionState {
    id: string;
    service: string;
    hub: string;
    user?: string;
    transport: string;
    protocol: string;
    /** Groups, or rooms of Socket.IO as `/namespace room`. */
    groups: string[];
    /** Milliseconds since the Unix epoch. */
    since: number;
    /** Bytes from the client. */
    in: number;
    /** Bytes to the client. */
    out: number;
}

export interface FunctionState {
    name: string;
    trigger: string;
    state: string;
    /** Hub of a SignalR trigger. */
    hub?: string;
    route?: string;
    methods?: string[];
}

/** Who gets a message that is sent by hand. */
export type Receivers = { all: true } | { group: string } | { user: string } | { connection: string };

export interface HandMessage {
    hub: string;
    to: Receivers;
    /** Name of the event of Socket.IO, or target of SignalR. */
    event?: string;
    data: unknown;
}

/** The test client that somebody asks for. */
export interface TestClient {
    hub: string;
    user?: string;
    roles?: string[];
    groups?: string[];
    claims?: Record<string, string>;
    protocol: string;
}

/** Something cannot be done as asked. The message says what to change. */
export class ActionError extends Error {
    override readonly name = "ActionError";
}

/** What the inspector sees of a realtime service and can do to it. */
export interface ServiceProbe {
    readonly id: string;
    readonly name: string;
    readonly product: Product;
    readonly endpoint: string;
    hubs(): HubState[];
    /** At most so many connections. */
    connections(most: number): ConnectionState[];
    count(): number;
    /** Sends, and tells to how many connections. Throws `ActionError`. */
    send(message: HandMessage): number;
    /** False when there is no such connection. */
    close(target: { connection: string; reason: string }): boolean;
    /** Destroys the client's socket without a goodbye. False when there is no such connection. */
    cut(connection: string): boolean;
    /** Ends a connection as the service does when the client's token has expired. */
    expire(connection: string): boolean;
    /** Takes a role away from a client of Web PubSub. Throws `ActionError`. */
    revoke(target: { connection: string; role: string }): boolean;
    connect(client: TestClient): { url: string; accessToken: string; protocol: string };
}

/** What the inspector sees of a function app and can do to it. */
export interface AppProbe {
    readonly id: string;
    readonly name: string;
    readonly url: string;
    functions(): FunctionState[];
    /** Calls a function with the app's own key. */
    call(call: { function: string; method?: string; path?: string; body?: string }): Promise<EventFields>;
    /** Tells the app's process whether somebody looks. */
    record(on: boolean): void;
}

/** The open resources that the inspector shows. */
export interface Probes {
    readonly services: Set<ServiceProbe>;
    readonly apps: Set<AppProbe>;
}
