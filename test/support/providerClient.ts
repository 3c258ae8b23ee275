import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Properties } from "../../local/engine/values";

type Callback<T> = (error: grpc.ServiceError | null, value: T) => void;

const struct = (values: Properties) => Struct.fromJavaScript(values as Parameters<typeof Struct.fromJavaScript>[0]);
const plain = (values: Struct | undefined) => (values?.toJavaScript() ?? {}) as Properties;

export interface Difference {
    changes: "none" | "some";
    replaces: string[];
    /** The protocol's name for the kind of change, by path. */
    detailed: Record<string, string>;
    deleteBeforeReplace: boolean;
}

const kinds = ["ADD", "ADD_REPLACE", "DELETE", "DELETE_REPLACE", "UPDATE", "UPDATE_REPLACE"];

/** Calls a provider as the Pulumi engine does. Arguments and results are plain values. */
export function createProviderClient(address: string, metadata = new grpc.Metadata()) {
    const client = new ResourceProviderClient(address, grpc.credentials.createInsecure());
    const ask = <T>(call: (callback: Callback<T>) => unknown) =>
        new Promise<T>((resolve, reject) => call((error, value) => (error ? reject(error) : resolve(value))));

    return {
        raw: client,
        ask,
        close: () => client.close(),
        async handshake() {
            const request = new messages.ProviderHandshakeRequest().setConfigureWithUrn(true);
            return (
                await ask<messages.ProviderHandshakeResponse>((cb) => client.handshake(request, metadata, cb))
            ).toObject();
        },
        async configure(urn: string, args: Properties = {}): Promise<void> {
            const request = new messages.ConfigureRequest().setArgs(struct(args));
            if (urn !== "") {
                request.setUrn(urn);
            }
            await ask((cb) => client.configure(request, metadata, cb));
        },
        async version(): Promise<string> {
            const info = await ask<{ getVersion(): string }>((cb) => client.getPluginInfo(new Empty(), metadata, cb));
            return info.getVersion();
        },
        async schema(): Promise<Record<string, unknown>> {
            const request = new messages.GetSchemaRequest();
            const answer = await ask<messages.GetSchemaResponse>((cb) => client.getSchema(request, metadata, cb));
            return JSON.parse(answer.getSchema()) as Record<string, unknown>;
        },
        async check(options: { urn: string; news: Properties; olds?: Properties }) {
            const request = new messages.CheckRequest()
                .setUrn(options.urn)
                .setNews(struct(options.news))
                .setOlds(struct(options.olds ?? {}));
            const answer = await ask<messages.CheckResponse>((cb) => client.check(request, metadata, cb));
            return {
                inputs: plain(answer.getInputs()),
                failures: answer.getFailuresList().map((failure) => failure.getReason()),
            };
        },
        async diff(options: { urn: string; id: string; before: Properties; after: Properties }): Promise<Difference> {
            const request = new messages.DiffRequest()
                .setUrn(options.urn)
                .setId(options.id)
                .setOldInputs(struct(options.before))
                .setOlds(struct({}))
                .setNews(struct(options.after));
            const answer = await ask<messages.DiffResponse>((cb) => client.diff(request, metadata, cb));
            const detailed: Record<string, string> = {};
            answer.getDetaileddiffMap().forEach((change, path) => {
                detailed[path] = kinds[change.getKind()] ?? "";
            });
            return {
                changes: answer.getChanges() === messages.DiffResponse.DiffChanges.DIFF_NONE ? "none" : "some",
                replaces: answer.getReplacesList(),
                detailed,
                deleteBeforeReplace: answer.getDeletebeforereplace(),
            };
        },
        async create(options: { urn: string; inputs: Properties; preview?: boolean }) {
            const request = new messages.CreateRequest()
                .setUrn(options.urn)
                .setProperties(struct(options.inputs))
                .setPreview(options.preview ?? false);
            const answer = await ask<messages.CreateResponse>((cb) => client.create(request, metadata, cb));
            return { id: answer.getId(), outputs: plain(answer.getProperties()) };
        },
        async update(options: { urn: string; id: string; before: Properties; after: Properties; preview?: boolean }) {
            const request = new messages.UpdateRequest()
                .setUrn(options.urn)
                .setId(options.id)
                .setOldInputs(struct(options.before))
                .setNews(struct(options.after))
                .setPreview(options.preview ?? false);
            const answer = await ask<messages.UpdateResponse>((cb) => client.update(request, metadata, cb));
            return plain(answer.getProperties());
        },
        async read(options: { urn: string; id: string; inputs?: Properties; outputs?: Properties }) {
            const request = new messages.ReadRequest()
                .setUrn(options.urn)
                .setId(options.id)
                .setInputs(struct(options.inputs ?? {}))
                .setProperties(struct(options.outputs ?? {}));
            const answer = await ask<messages.ReadResponse>((cb) => client.read(request, metadata, cb));
            return {
                id: answer.getId(),
                inputs: plain(answer.getInputs()),
                outputs: plain(answer.getProperties()),
            };
        },
        async remove(options: { urn: string; id: string }): Promise<void> {
            const request = new messages.DeleteRequest().setUrn(options.urn).setId(options.id);
            await ask((cb) => client.delete(request, metadata, cb));
        },
        async invoke(token: string, args: Properties = {}): Promise<Properties> {
            const request = new messages.InvokeRequest().setTok(token).setArgs(struct(args));
            const answer = await ask<messages.InvokeResponse>((cb) => client.invoke(request, metadata, cb));
            return plain(answer.getReturn());
        },
    };
}

export type ProviderClient = ReturnType<typeof createProviderClient>;

/** Wraps a secret in the Pulumi engine's envelope. */
export const secretOf = (value: Properties[string]): Properties => ({
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    value,
});
