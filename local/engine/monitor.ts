import * as grpc from "@grpc/grpc-js";
import type { Callback } from "@pulumi/pulumi/proto/callback_pb";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import {
    GetRootResourceResponse,
    type LogRequest,
    LogSeverity,
    type SetRootResourceRequest,
    SetRootResourceResponse,
} from "@pulumi/pulumi/proto/engine_pb";
import { InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import {
    type ReadResourceRequest,
    ReadResourceResponse,
    type RegisterResourceOutputsRequest,
    type RegisterResourceRequest,
    RegisterResourceResponse,
    type ResourceInvokeRequest,
    type SupportsFeatureRequest,
    SupportsFeatureResponse,
} from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type Answer, answer, withAnyAnswers } from "./answer";
import { type Registration, readRegistration } from "./registration";
import { createTransforms, type Transforms } from "./transforms";
import { type Decoded, decode, encode } from "./values";

export interface Registered extends Decoded {
    urn: string;
    /** Empty while the id is unknown. */
    id: string;
}

/** Carries out the program's calls. The monitor only translates them from and to gRPC. */
export interface Engine {
    register(registration: Registration): Promise<Registered>;
    registerOutputs(outputs: Decoded & { urn: string }): void;
    read(resource: { type: string; name: string; id: string; parent?: string }): Promise<Registered> | Registered;
    invoke(call: Decoded & { token: string }): Promise<Decoded>;
    log(message: { level: "info" | "warning" | "error"; text: string; urn: string }): void;
}

/** Thrown by an engine that has stopped. The SDK then ends the program without printing an error. */
export class StoppedError extends Error {}

export interface Monitor {
    /** `127.0.0.1:<port>`, which serves both the monitor and the engine. */
    address: string;
    close(): void;
}

// Without `aliasSpecs` the SDK would send about thirty alias URNs per resource.
const features = ["secrets", "resourceReferences", "aliasSpecs", "deletedWith", "transforms", "invokeTransforms"];
const levels = new Map<LogSeverity, "info" | "warning" | "error">([
    [LogSeverity.INFO, "info"],
    [LogSeverity.WARNING, "warning"],
    [LogSeverity.ERROR, "error"],
]);

const codeOf = (error: unknown) => (error instanceof StoppedError ? grpc.status.UNAVAILABLE : grpc.status.UNKNOWN);

function unary<Request, Response>(work: (request: Request) => Promise<Response> | Response) {
    return (call: { request: Request }, callback: Answer<Response>) =>
        answer(() => work(call.request), { callback, codeOf });
}

function monitorCalls(engine: Engine, transforms: Transforms): grpc.UntypedServiceImplementation {
    return {
        supportsFeature: unary((request: SupportsFeatureRequest) =>
            new SupportsFeatureResponse().setHassupport(features.includes(request.getId())),
        ),
        registerResource: unary(async (request: RegisterResourceRequest) => {
            await transforms.apply(request);
            const made = await engine.register(readRegistration(request));
            transforms.remember(made.urn, request);
            return new RegisterResourceResponse().setUrn(made.urn).setId(made.id).setObject(encode(made));
        }),
        registerResourceOutputs: unary((request: RegisterResourceOutputsRequest) => {
            engine.registerOutputs({ urn: request.getUrn(), ...decode(request.getOutputs()) });
            return new Empty();
        }),
        readResource: unary(async (request: ReadResourceRequest) => {
            const parent = request.getParent();
            const found = await engine.read({
                type: request.getType(),
                name: request.getName(),
                id: request.getId(),
                ...(parent ? { parent } : {}),
            });
            const response: ReadResourceResponse & { setId?(id: string): unknown } = new ReadResourceResponse();
            // Since 3.276 the SDK takes an id that is missing in a preview as unknown.
            response.setId?.(found.id);
            return response.setUrn(found.urn).setProperties(encode(found));
        }),
        invoke: unary(async (request: ResourceInvokeRequest) => {
            await transforms.applyToInvoke(request);
            return new InvokeResponse().setReturn(
                encode(await engine.invoke({ token: request.getTok(), ...decode(request.getArgs()) })),
            );
        }),
        registerStackInvokeTransform: unary((callback: Callback) => {
            transforms.addToInvokes(callback);
            return new Empty();
        }),
        registerStackTransform: unary((callback: Callback) => {
            transforms.addToStack(callback);
            return new Empty();
        }),
        signalAndWaitForShutdown: unary(() => new Empty()),
    };
}

function engineCalls(engine: Engine): grpc.UntypedServiceImplementation {
    let root = "";
    return {
        log: unary((request: LogRequest) => {
            const level = levels.get(request.getSeverity());
            if (level) {
                engine.log({ level, text: request.getMessage(), urn: request.getUrn() });
            }
            return new Empty();
        }),
        getRootResource: unary(() => new GetRootResourceResponse().setUrn(root)),
        setRootResource: unary((request: SetRootResourceRequest) => {
            root = request.getUrn();
            return new SetRootResourceResponse();
        }),
    };
}

/** Serves an engine to a program. gRPC itself answers every other call with UNIMPLEMENTED and the call's name. */
export async function startMonitor(engine: Engine): Promise<Monitor> {
    const transforms = createTransforms();
    const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
    const server = new grpc.Server(unlimited);
    server.addService(withAnyAnswers(ResourceMonitorService), monitorCalls(engine, transforms));
    server.addService(withAnyAnswers(EngineService), engineCalls(engine));
    const close = () => {
        transforms.close();
        server.forceShutdown();
    };
    const port = await new Promise<number>((resolve, reject) =>
        server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
            error ? reject(error) : resolve(bound),
        ),
    );
    return { address: `127.0.0.1:${port}`, close };
}
