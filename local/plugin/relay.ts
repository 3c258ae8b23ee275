import * as grpc from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import {
    type ConfigureRequest,
    ConfigureResponse,
    DiffRequest,
    GetSchemaResponse,
    ProviderHandshakeResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type Answer, answer } from "../engine/answer";
import { decode } from "../engine/values";
import type { Connection } from "./connect";
import { callMetadata, noticeKey, unlimitedMessages } from "./contact";

export interface RelayOptions {
    /** Version of the installed SDK of the package. */
    version: string;
    /** Schema of the package, as JSON. */
    schema(): string;
    /** Connects to the local Azure of the stack in a provider's URN. */
    connect(urn: string): Promise<Connection>;
    /** Prints a text of the server about a resource in the CLI. */
    print(urn: string, text: string): void;
}

/** Calls that go to the server unchanged. Their answers come back unchanged. */
const forwarded = ["check", "diff", "create", "read", "update", "delete", "invoke"] as const;

const bytes = (value: Buffer) => value;

/** URN in the bytes of a diff, whose answer is the one that says something. */
const urnOf = (request: Buffer) => DiffRequest.deserializeBinary(request).getUrn();

function forwardedService(): grpc.ServiceDefinition {
    const service: Record<string, grpc.MethodDefinition<unknown, unknown>> = { ...ResourceProviderService };
    for (const name of forwarded) {
        const method = service[name]!;
        service[name] = { ...method, requestDeserialize: bytes, responseSerialize: bytes as () => Buffer };
    }
    return service;
}

function unary<Request, Response>(work: (request: Request) => Response | Promise<Response>) {
    return (call: { request: Request }, callback: Answer<Response>): void =>
        answer(() => work(call.request), { callback, codeOf: () => grpc.status.FAILED_PRECONDITION });
}

/** Starts a provider for the CLI, which forwards all calls about resources to the stack's server. Returns its port. */
export async function startRelay(options: RelayOptions): Promise<number> {
    let connection: Connection | undefined;
    let location: string | undefined;

    async function configure(request: ConfigureRequest): Promise<ConfigureResponse> {
        const urn = request.getUrn();
        if (!urn) {
            throw new Error(
                "this Pulumi CLI does not send the URN of the provider, which names the stack: use version 3.248.0 or newer",
            );
        }
        const { values } = decode(request.getArgs());
        location = typeof values.location === "string" ? values.location : undefined;
        connection = await options.connect(urn);
        return new ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
    }

    function forward(path: string) {
        return (call: { request: Buffer }, callback: Answer<Buffer>): void => {
            if (!connection) {
                callback({
                    code: grpc.status.FAILED_PRECONDITION,
                    details: "the provider is not configured: the CLI must call Configure first",
                });
                return;
            }
            const metadata = callMetadata({ secret: connection.contact.secret, ...(location && { location }) });
            const forwardedCall = connection.client.makeUnaryRequest(
                path,
                bytes,
                bytes,
                call.request,
                metadata,
                (error, value) => callback(error && { code: error.code, details: error.details }, value),
            );
            forwardedCall.on("status", ({ metadata: notices }) => {
                for (const text of notices.get(noticeKey)) {
                    options.print(urnOf(call.request), text.toString());
                }
            });
        };
    }

    const service = forwardedService();
    const server = new grpc.Server(unlimitedMessages);
    server.addService(service, {
        ...Object.fromEntries(forwarded.map((name) => [name, forward(service[name]!.path)])),
        handshake: unary(() => new ProviderHandshakeResponse().setAcceptSecrets(true)),
        configure: unary(configure),
        getSchema: unary(() => new GetSchemaResponse().setSchema(options.schema())),
        getPluginInfo: unary(() => new PluginInfo().setVersion(options.version)),
        attach: unary(() => new Empty()),
        // Pending calls finish, so that the CLI learns their results. The CLI makes no new ones after cancelling.
        cancel: unary(() => new Empty()),
    });
    return new Promise((resolve, reject) =>
        server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
            error ? reject(error) : resolve(port),
        ),
    );
}
