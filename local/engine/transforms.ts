import * as grpc from "@grpc/grpc-js";
import { CallbacksClient } from "@pulumi/pulumi/proto/callback_grpc_pb";
import { type Callback, CallbackInvokeRequest } from "@pulumi/pulumi/proto/callback_pb";
import {
    type RegisterResourceRequest,
    type ResourceInvokeRequest,
    TransformInvokeRequest,
    TransformInvokeResponse,
    TransformRequest,
    TransformResourceOptions,
    TransformResponse,
} from "@pulumi/pulumi/proto/resource_pb";

/** The program's `transforms`: functions that may change a resource before it is registered. */
export interface Transforms {
    /** Adds a transform that applies to every resource of the stack. */
    addToStack(callback: Callback): void;
    /** Applies the transforms of the resource, then those of its parents, then those of the stack. */
    apply(request: RegisterResourceRequest): Promise<void>;
    /** Adds a transform that applies to every call of a provider function. */
    addToInvokes(callback: Callback): void;
    /** Applies the transforms of provider functions to the arguments of a call. */
    applyToInvoke(request: ResourceInvokeRequest): Promise<void>;
    /** Stores the transforms of a resource under its URN, for its children. */
    remember(urn: string, request: RegisterResourceRequest): void;
    close(): void;
}

interface Known {
    transforms: Callback[];
    parent: string;
}

function toOptions(request: RegisterResourceRequest): TransformResourceOptions {
    const options = new TransformResourceOptions()
        .setDependsOnList(request.getDependenciesList())
        .setIgnoreChangesList(request.getIgnorechangesList())
        .setReplaceOnChangesList(request.getReplaceonchangesList())
        .setAliasesList(request.getAliasesList())
        .setAdditionalSecretOutputsList(request.getAdditionalsecretoutputsList())
        .setProvider(request.getProvider())
        .setVersion(request.getVersion())
        .setDeletedWith(request.getDeletedwith());
    const protect = request.getProtect();
    if (protect !== undefined) {
        options.setProtect(protect);
    }
    const retain = request.getRetainondelete();
    if (retain !== undefined) {
        options.setRetainOnDelete(retain);
    }
    if (request.hasReplacementTrigger()) {
        options.setReplacementTrigger(request.getReplacementTrigger());
    }
    if (request.getDeletebeforereplacedefined()) {
        options.setDeleteBeforeReplace(request.getDeletebeforereplace());
    }
    return options;
}

function takeOptions(request: RegisterResourceRequest, options: TransformResourceOptions): void {
    request
        .setDependenciesList(options.getDependsOnList())
        .setIgnorechangesList(options.getIgnoreChangesList())
        .setReplaceonchangesList(options.getReplaceOnChangesList())
        .setAliasesList(options.getAliasesList())
        .setAdditionalsecretoutputsList(options.getAdditionalSecretOutputsList())
        .setProvider(options.getProvider())
        .setDeletedwith(options.getDeletedWith())
        .setReplacementTrigger(options.getReplacementTrigger());
    request.setProtect(options.getProtect() ?? false);
    request.setRetainondelete(options.getRetainOnDelete() ?? false);
    const first = options.getDeleteBeforeReplace();
    request.setDeletebeforereplacedefined(first !== undefined).setDeletebeforereplace(first ?? false);
}

export function createTransforms(): Transforms {
    const ofStack: Callback[] = [];
    const ofInvokes: Callback[] = [];
    const known = new Map<string, Known>();
    const clients = new Map<string, CallbacksClient>();

    function clientOf(target: string): CallbacksClient {
        let client = clients.get(target);
        if (!client) {
            client = new CallbacksClient(target, grpc.credentials.createInsecure());
            clients.set(target, client);
        }
        return client;
    }

    function call<T>(
        callback: Callback,
        request: TransformRequest | TransformInvokeRequest,
        read: (bytes: Uint8Array) => T,
    ): Promise<T> {
        const message = new CallbackInvokeRequest().setToken(callback.getToken()).setRequest(request.serializeBinary());
        return new Promise((resolve, reject) =>
            clientOf(callback.getTarget()).invoke(message, (error, response) =>
                error
                    ? reject(new Error(`a transform failed: ${error.details}`))
                    : resolve(read(response.getResponse_asU8())),
            ),
        );
    }

    function inherited(parent: string): Callback[] {
        const found = known.get(parent);
        return found ? [...found.transforms, ...inherited(found.parent)] : [];
    }

    return {
        addToStack: (callback) => void ofStack.push(callback),
        addToInvokes: (callback) => void ofInvokes.push(callback),
        async applyToInvoke(request) {
            for (const callback of ofInvokes) {
                const asked = new TransformInvokeRequest().setToken(request.getTok()).setArgs(request.getArgs());
                const answer = await call(callback, asked, TransformInvokeResponse.deserializeBinary);
                request.setArgs(answer.getArgs());
            }
        },
        async apply(request) {
            const callbacks = [...request.getTransformsList(), ...inherited(request.getParent()), ...ofStack];
            for (const callback of callbacks) {
                const response = await call(
                    callback,
                    new TransformRequest()
                        .setType(request.getType())
                        .setName(request.getName())
                        .setCustom(request.getCustom())
                        .setParent(request.getParent())
                        .setProperties(request.getObject())
                        .setOptions(toOptions(request)),
                    TransformResponse.deserializeBinary,
                );
                request.setObject(response.getProperties());
                const options = response.getOptions();
                if (options) {
                    takeOptions(request, options);
                }
            }
        },
        remember(urn, request) {
            known.set(urn, { transforms: request.getTransformsList(), parent: request.getParent() });
        },
        close() {
            for (const client of clients.values()) {
                client.close();
            }
        },
    };
}
