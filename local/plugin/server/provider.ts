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
import { existsError } from "../../azure/armErrors";
import type { World } from "../../azure/world";
import { changedPaths } from "../../engine/diff";
import { CheckError, type Handler, type ProviderFunction } from "../../engine/handler";
import type { Handlers } from "../../engine/handlers";
import type { ResourceState } from "../../engine/state";
import { parseUrn } from "../../engine/urn";
import { type Decoded, decode, encode, mapValues, ownValue, type Properties } from "../../engine/values";
import { type Context, unary } from "./calls";
import { compare, topLevel } from "./difference";
import type { Store } from "./store";

export interface ProviderOptions {
    store: Store;
    handlers: Handlers;
    functions: Map<string, ProviderFunction>;
}

/** Whether the server keeps resources of this type. Random values live in the CLI's state alone. */
const livesHere = (type: string) => !type.startsWith("random:");

/** The checked inputs, in which every value that the check left alone is still wrapped as the secret it was. */
function checkedStruct({
    request,
    given,
    checked,
}: {
    request: CheckRequest;
    given: Decoded;
    checked: Properties;
}): Struct {
    const raw = (request.getNews()?.toJavaScript() ?? {}) as Properties;
    const wire = mapValues(checked, (value, key) =>
        value === ownValue(given.values, key) ? (ownValue(raw, key) ?? value) : value,
    );
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

interface Subject {
    type: string;
    name: string;
    handler: Handler;
}

/** Answers a Pulumi provider's calls about resources and functions from the local Azure. */
class Provider {
    constructor(private readonly options: ProviderOptions) {}

    calls(): grpc.UntypedServiceImplementation {
        return {
            check: unary((request: CheckRequest, { location }) => this.check(request, location)),
            diff: unary((request: DiffRequest, { say }) => this.diff(request, say)),
            create: unary((request: CreateRequest) => this.create(request)),
            update: unary((request: UpdateRequest) => this.update(request)),
            read: unary((request: ReadRequest) => this.read(request)),
            invoke: unary((request: InvokeRequest, { location }) => this.invoke(request, location)),
            delete: unary((request: DeleteRequest) => this.delete(request)),
        };
    }

    private check(request: CheckRequest, location?: string): CheckResponse {
        const { handler, name } = this.find(request.getUrn());
        const given = decode(request.getNews());
        const { values: before } = decode(request.getOlds());
        const response = new CheckResponse();
        try {
            const checked = handler.check({
                logicalName: name,
                inputs: given.values,
                // Previews show generated names too, as every provider does.
                preview: false,
                settings: this.options.store.settings(location),
                ...(Object.keys(before).length > 0 && { before }),
            });
            return response.setInputs(checkedStruct({ request, given, checked }));
        } catch (error) {
            return response.setInputs(request.getNews()).setFailuresList(failures(error));
        }
    }

    private async diff(request: DiffRequest, say: Context["say"]): Promise<DiffResponse> {
        const { store } = this.options;
        const { handler, type } = this.find(request.getUrn());
        const id = request.getId();
        this.refuseForeign(id);
        const exists = !livesHere(type) || (await store.find(id)) !== undefined;
        const reason = store.moved(id);
        if (reason !== undefined) {
            say(`Since the local Azure started again: ${reason}.`);
        }
        if (!exists) {
            return replacementOfLost(handler);
        }
        const response = new DiffResponse().setHasdetaileddiff(true).setChanges(DiffResponse.DiffChanges.DIFF_SOME);
        const { values: after } = decode(request.getNews());
        const { values: before } = decode(request.getOldInputs());
        const settings = store.settings();
        const ids = { before: id, after: handler.id({ inputs: after, settings }) };
        const { changes, deleteFirst } = compare({ handler, before, after, ids });
        const replaces = new Set<string>();
        for (const [path, change] of changes) {
            const property = new PropertyDiff().setKind(kinds[change.kind][change.replaces ? 1 : 0]).setInputdiff(true);
            response.getDetaileddiffMap().set(path, property);
            if (change.replaces) {
                replaces.add(topLevel(path));
            }
        }
        if (changes.size === 0 && reason === undefined) {
            response.setChanges(DiffResponse.DiffChanges.DIFF_NONE);
        }
        return response
            .setReplacesList([...replaces])
            .setDiffsList([...new Set([...changes.keys()].map(topLevel))])
            .setDeletebeforereplace(deleteFirst);
    }

    private async create(request: CreateRequest): Promise<CreateResponse> {
        const { store } = this.options;
        const { handler, type, name } = this.find(request.getUrn());
        const given = decode(request.getProperties());
        const inputs = given.values;
        const response = new CreateResponse();
        if (request.getPreview()) {
            return response.setProperties(outputsOf({ handler, given, outputs: handler.planned(inputs) }));
        }
        const world = await store.world();
        if (!livesHere(type)) {
            const made = await handler.create({ world, inputs });
            return response.setId(made.id).setProperties(outputsOf({ handler, given, outputs: made.outputs }));
        }
        const before = await this.refuseExisting({ handler, inputs, world });
        const made = before ? await handler.update({ world, inputs, before }) : await handler.create({ world, inputs });
        store.put({ type, name, given, made });
        return response.setId(made.id).setProperties(outputsOf({ handler, given, outputs: made.outputs }));
    }

    private async update(request: UpdateRequest): Promise<UpdateResponse> {
        const { store } = this.options;
        const { handler, type, name } = this.find(request.getUrn());
        this.refuseForeign(request.getId());
        const given = decode(request.getNews());
        const inputs = given.values;
        const before = await store.find(request.getId());
        if (!before) {
            throw new Error(`${request.getId()} does not exist in the local Azure any more. Run pulumi refresh first.`);
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
        store.put({ type, name, given, made });
        return response.setProperties(outputsOf({ handler, given, outputs: made.outputs }));
    }

    private async read(request: ReadRequest): Promise<ReadResponse> {
        const { handler, type } = this.find(request.getUrn());
        const id = request.getId();
        this.refuseForeign(id);
        const response = new ReadResponse();
        if (!livesHere(type)) {
            return response.setId(id).setProperties(request.getProperties()).setInputs(request.getInputs());
        }
        const found = await this.options.store.find(id);
        if (!found) {
            return response;
        }
        // An import comes without inputs: the recorded ones are what the program must say.
        const inputs = request.getInputs();
        const known = inputs !== undefined && inputs.getFieldsMap().getLength() > 0;
        const shown = handler.shownInputs?.(found.inputs) ?? found.inputs;
        const given = known ? decode(inputs) : { values: shown, secrets: found.secrets };
        return response
            .setId(found.id)
            .setProperties(outputsOf({ handler, given, outputs: found.outputs }))
            .setInputs(known ? inputs : encode(given));
    }

    /**
     * Refuses to create what exists, as azure-native does: it asks Azure for the resource first. Returns a resource that comes
     * into being with its parent, which a create only sets.
     */
    private async refuseExisting({
        handler,
        inputs,
        world,
    }: {
        handler: Handler;
        inputs: Properties;
        world: World;
    }): Promise<ResourceState | undefined> {
        const id = handler.id({ inputs, settings: world });
        const found = await this.options.store.find(id);
        if (handler.singleton === true) {
            return found;
        }
        if (found !== undefined || handler.exists?.({ world, inputs }) === true) {
            throw existsError(id);
        }
        return undefined;
    }

    private async invoke(request: InvokeRequest, location?: string): Promise<InvokeResponse> {
        const { functions, store } = this.options;
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

    private async delete(request: DeleteRequest): Promise<Empty> {
        this.refuseForeign(request.getId());
        if (livesHere(this.find(request.getUrn()).type)) {
            await this.options.store.remove(request.getId());
        }
        return new Empty();
    }

    private find(urn: string): Subject {
        const { type, name } = parseUrn(urn);
        const handler = this.options.handlers.get(type);
        if (handler) {
            return { type, name, handler };
        }
        throw new Error(this.options.handlers.refusal(type));
    }

    /** Refuses a stack that was deployed to Azure: treating it as a local one would destroy its state. */
    private refuseForeign(id: string): void {
        const subscription = /^\/subscriptions\/([^/]+)/i.exec(id)?.[1];
        if (subscription === undefined || subscription === this.options.store.settings().subscriptionId) {
            return;
        }
        throw new Error(
            `${id} is a resource of Azure subscription ${subscription}, and this is the local Azure. ` +
                "Run the CLI in the project that the stack was deployed from.",
        );
    }
}

/** The calls of a Pulumi provider, each of which requires the server's secret. */
export function providerCalls(options: ProviderOptions): grpc.UntypedServiceImplementation {
    return new Provider(options).calls();
}

/** The difference of a resource whose data were deleted or did not reopen: the CLI must create it again. */
function replacementOfLost(handler: Handler): DiffResponse {
    const key = handler.replaceOn[0] ?? "id";
    const response = new DiffResponse().setHasdetaileddiff(true).setChanges(DiffResponse.DiffChanges.DIFF_SOME);
    response.getDetaileddiffMap().set(key, new PropertyDiff().setKind(Kind.UPDATE_REPLACE));
    return response.setReplacesList([key]).setDiffsList([key]).setDeletebeforereplace(true);
}

function outputsOf({ handler, given, outputs }: { handler: Handler; given: Decoded; outputs: Properties }): Struct {
    return encode({ values: outputs, secrets: [...given.secrets, ...(handler.secretOutputs ?? [])] });
}
