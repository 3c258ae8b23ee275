import * as grpc from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import {
    type ConfigureRequest,
    ConfigureResponse,
    GetSchemaResponse,
    ProviderHandshakeResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { decode } from "../engine/values";
import type { Connection } from "./connect";
import { callMetadata, unlimitedMessages } from "./contact";

export interface RelayOptions {
    /** Version of the package, as its SDK is installed. */
    version: string;
    /** JSON text. */
    schema(): string;
    /** Finds the local Azure of the stack that a provider's URN names. */
    connect(urn: string): Promise<Connection>;
}

type Answer<T> = (error: Partial<grpc.StatusObject> | null, value?: T) => void;

/** Calls about resources: handed on as they are, and so are their answers. */
const forwarded = ["check", "diff", "create", "read", "update", "delete", "invoke"] as const;

const bytes = (value: Buffer) => value;

function forwardedService(): grpc.ServiceDefinition {
    const service: Record<string, grpc.MethodDefinition<unknown, unknown>> = { ...ResourceProviderService };
    for (const name of forwarded) {
        const method = service[name]!;
        service[name] = { ...method, requestDeserialize: bytes, responseSerialize: bytes as () => Buffer };
    }
    return service;
}

function answer<Request, Response>(work: (request: Request) => Response | Promise<Response>) {
    return (call: { request: Request }, callback: Answer<Response>): void => {
        Promise.resolve(call.request)
            .then(work)
            .then(
                (value) => callback(null, value),
                (error: unknown) =>
                    callback({
                        code: grpc.status.FAILED_PRECONDITION,
                        details: error instanceof Error ? error.message : String(error),
                    }),
            );
    };
}

/** What the CLI talks to: a provider that says hello and hands all work to the stack's own server. Resolves to its port. */
export async function startRelay(options: RelayOptions): Promise<number> {
    let connection: Connection | undefined;
    let location: string | undefined;

    async function configure(request: ConfigureRequest): Promise<ConfigureResponse> {
        const urn = request.getUrn();
        if (!urn) {
            throw new Error("this Pulumi CLI does not say which stack it works on: 3.248.0 is known to");
        }
        const { values } = decode(request.getArgs());
        location = typeof values.location === "string" ? values.location : undefined;
        connection = await options.connect(urn);
        return new ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
    }

    function forward(path: string) {
        return (call: { request: Buffer }, callback: Answer<Buffer>): void => {
            if (!connection) {
                callback({ code: grpc.status.FAILED_PRECONDITION, details: "not configured yet" });
                return;
            }
            const metadata = callMetadata({ secret: connection.contact.secret, ...(location && { location }) });
            connection.client.makeUnaryRequest(path, bytes, bytes, call.request, metadata, (error, value) =>
                callback(error && { code: error.code, details: error.details }, value),
            );
        };
    }

    const service = forwardedService();
    const server = new grpc.Server(unlimitedMessages);
    server.addService(service, {
        ...Object.fromEntries(forwarded.map((name) => [name, forward(service[name]!.path)])),
        handshake: answer(() => new ProviderHandshakeResponse().setAcceptSecrets(true)),
        configure: answer(configure),
        getSchema: answer(() => new GetSchemaResponse().setSchema(options.schema())),
        getPluginInfo: answer(() => new PluginInfo().setVersion(options.version)),
        attach: answer(() => new Empty()),
        // Work under way is let finish, so that the CLI knows what became of it; it asks for no more.
        cancel: answer(() => new Empty()),
    });
    return new Promise((resolve, reject) =>
        server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
            error ? reject(error) : resolve(port),
        ),
    );
}
