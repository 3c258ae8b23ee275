import type * as grpc from "@grpc/grpc-js";
import {
    CheckFailure,
    type CheckRequest,
    CheckResponse,
    type CreateRequest,
    CreateResponse,
    type DeleteRequest,
    type DiffRequest,
    DiffResponse,
    type InvokeRequest,
    InvokeResponse,
    PropertyDiff,
    type ReadRequest,
    ReadResponse,
    type UpdateRequest,
    UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { changedPaths } from "../../engine/diff";
import { CheckError, type Handler, type ProviderFunction } from "../../engine/handler";
import { parseUrn } from "../../engine/urn";
import { type Decoded, decode, encode, type Properties } from "../../engine/values";
import { unary } from "./calls";
import { compare, topLevel } from "./difference";
import type { Store } from "./store";

export interface ProviderOptions {
    store: Store;
    handlers: Map<string, Handler>;
    functions: Map<string, ProviderFunction>;
    secret: string;
}

/** Random values live in the CLI's state and nowhere else. */
const livesHere = (type: string) => !type.startsWith("random:");

/** Inputs as they came, with their secrets where they were, and what the check has added. */
function checkedStruct(options: { request: CheckRequest; given: Decoded; checked: Properties }): Struct {
    const raw = (options.request.getNews()?.toJavaScript() ?? {}) as Properties;
    const wire: Properties = {};
    for (const [key, value] of Object.entries(options.checked)) {
        wire[key] = value === options.given.values[key] ? raw[key]! : value;
    }
    return Struct.fromJavaScript(wire as Parameters<typeof Struct.fromJavaScript>[0]);
}

function failures(error: unknown): CheckFailure[] {
    if (!(error instanceof CheckError)) {
        throw error;
    }
    return error.faults.map((fault) => new CheckFailure().setReason(fault));
}

const { Kind } = PropertyDiff;
const kinds = {
    add: [Kind.ADD, Kind.ADD_REPLACE],
    delete: [Kind.DELETE, Kind.DELETE_REPLACE],
    update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
} as const;

/** The calls of a Pulumi provider about resources and functions, answered by the local Azure. */
export function providerCalls({
    store,
    handlers,
    functions,
    secret,
}: ProviderOptions): grpc.UntypedServiceImplementation {
    function find(urn: string): { type: string; name: string; handler: Handler } {
        const { type, name } = parseUrn(urn);
        const handler = handlers.get(type);
        if (handler) {
            return { type, name, handler };
        }
        const known = [...handlers.keys()].join(", ");
        throw new Error(`resource type ${type} is not supported by the local Azure. Supported are: ${known}`);
    }

    /** A stack that was deployed to Azure must not be taken for a local one: its state would be lost. */
    function refuseForeign(id: string): void {
        const subscription = /^\/subscriptions\/([^/]+)/i.exec(id)?.[1];
        if (subscription === undefined || subscription === store.settings().subscriptionId) {
            return;
        }
        throw new Error(
            `${id} is a resource of Azure subscription ${subscription}, and this is the local Azure. ` +
                "Run the CLI in the project that the stack was deployed from.",
        );
    }

    function check(request: CheckRequest, location?: string): CheckResponse {
        const { handler, name } = find(request.getUrn());
        const given = decode(request.getNews());
        const { values: before } = decode(request.getOlds());
        const response = new CheckResponse();
        try {
            const checked = handler.check({
                logicalName: name,
                inputs: given.values,
                // The names that a preview shows are made up, as those of every provider.
                preview: false,
                settings: store.settings(location),
                ...(Object.keys(before).length > 0 && { before }),
            });
            return response.setInputs(checkedStruct({ request, given, checked }));
        } catch (error) {
            return response.setInputs(request.getNews()).setFailuresList(failures(error));
        }
    }

    async function diff(request: DiffRequest): Promise<DiffResponse> {
        const { handler, type } = find(request.getUrn());
        const id = request.getId();
        refuseForeign(id);
        const response = new DiffResponse().setHasdetaileddiff(true).setChanges(DiffResponse.DiffChanges.DIFF_SOME);
        if (livesHere(type) && !(await store.find(id))) {
            // Its data were deleted, or could not be opened again.
            const key = handler.replaceOn[0] ?? "id";
            response.getDetaileddiffMap().set(key, new PropertyDiff().setKind(Kind.UPDATE_REPLACE));
            return response.setReplacesList([key]).setDiffsList([key]).setDeletebeforereplace(true);
        }
        const { values: after } = decode(request.getNews());
        const { values: before } = decode(request.getOldInputs());
        const settings = store.settings();
        const ids = { before: id, after: handler.id({ inputs: after, settings }) };
        const { changes, deleteFirst } = compare({ handler, before, after, ids });
        const replaces = new Set<string>();
        for (const [path, { kind, replaces: anew }] of changes) {
            const property = new PropertyDiff().setKind(kinds[kind][anew ? 1 : 0]).setInputdiff(true);
            response.getDetaileddiffMap().set(path, property);
            if (anew) {
                replaces.add(topLevel(path));
            }
        }
        if (changes.size === 0 && store.moved(id) === undefined) {
            response.setChanges(DiffResponse.DiffChanges.DIFF_NONE);
        }
        return response
            .setReplacesList([...replaces])
            .setDiffsList([...new Set([...changes.keys()].map(topLevel))])
            .setDeletebeforereplace(deleteFirst);
    }

    function outputsOf(options: { handler: Handler; given: Decoded; outputs: Properties }): Struct {
        return encode({
            values: options.outputs,
            secrets: [...options.given.secrets, ...(options.handler.secretOutputs ?? [])],
        });
    }

    async function create(request: CreateRequest): Promise<CreateResponse> {
        const { handler, type, name } = find(request.getUrn());
        const given = decode(request.getProperties());
        const inputs = given.values;
        const response = new CreateResponse();
        if (request.getPreview()) {
            return response.setProperties(outputsOf({ handler, given, outputs: handler.planned(inputs) }));
        }
        const world = await store.world();
        // A command that was killed may have made it without the CLI's knowledge.
        const before = await store.find(handler.id({ inputs, settings: world }));
        const made = before ? await handler.update({ world, inputs, before }) : await handler.create({ world, inputs });
        if (livesHere(type)) {
            store.put({ type, name, inputs, made });
        }
        return response.setId(made.id).setProperties(outputsOf({ handler, given, outputs: made.outputs }));
    }

    async function update(request: UpdateRequest): Promise<UpdateResponse> {
        const { handler, type, name } = find(request.getUrn());
        refuseForeign(request.getId());
        const given = decode(request.getNews());
        const inputs = given.values;
        const before = await store.find(request.getId());
        if (!before) {
            throw new Error(`${request.getId()} does not exist in the local Azure any more; run pulumi refresh`);
        }
        const changed = changedPaths({ before: before.inputs, after: inputs }).length > 0;
        const response = new UpdateResponse();
        if (request.getPreview()) {
            const known = changed ? { ...before.outputs, ...handler.planned(inputs) } : { ...before.outputs };
            for (const key of changed ? (handler.volatile ?? []) : []) {
                delete known[key];
            }
            return response.setProperties(outputsOf({ handler, given, outputs: known }));
        }
        const made = changed ? await handler.update({ world: await store.world(), inputs, before }) : before;
        store.put({ type, name, inputs, made });
        return response.setProperties(outputsOf({ handler, given, outputs: made.outputs }));
    }

    async function read(request: ReadRequest): Promise<ReadResponse> {
        const { handler, type } = find(request.getUrn());
        const id = request.getId();
        refuseForeign(id);
        const response = new ReadResponse();
        if (!livesHere(type)) {
            return response.setId(id).setProperties(request.getProperties()).setInputs(request.getInputs());
        }
        const found = await store.find(id);
        if (!found) {
            return response;
        }
        const given = decode(request.getInputs());
        const known = Object.keys(given.values).length > 0;
        return response
            .setId(found.id)
            .setProperties(outputsOf({ handler, given, outputs: found.outputs }))
            .setInputs(known ? request.getInputs() : encode({ values: found.inputs, secrets: [] }));
    }

    async function invoke(request: InvokeRequest, location?: string): Promise<InvokeResponse> {
        const token = request.getTok();
        const providerFunction = functions.get(token);
        if (!providerFunction) {
            const known = [...functions.keys()].join(", ");
            throw new Error(`function ${token} is not supported by the local Azure. Supported are: ${known}`);
        }
        const { values: args } = decode(request.getArgs());
        const known = providerFunction.known?.(store.settings(location));
        const values: Properties = known ?? (await providerFunction.run({ world: await store.world(), args }));
        return new InvokeResponse().setReturn(encode({ values, secrets: [] }));
    }

    return {
        check: unary({ secret, work: check }),
        diff: unary({ secret, work: diff }),
        create: unary({ secret, work: create }),
        update: unary({ secret, work: update }),
        read: unary({ secret, work: read }),
        invoke: unary({ secret, work: invoke }),
        delete: unary({
            secret,
            async work(request: DeleteRequest) {
                refuseForeign(request.getId());
                if (livesHere(find(request.getUrn()).type)) {
                    await store.remove(request.getId());
                }
                return new Empty();
            },
        }),
    };
}
