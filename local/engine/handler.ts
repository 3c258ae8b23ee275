import type { World } from "../azure/world";
import type { ProviderSettings } from "./settings";
import type { Properties } from "./values";

/** A resource that exists. */
export interface Made {
    /** ARM id, or another provider's own id. */
    id: string;
    outputs: Properties;
    /** Values for the next run that no program sees, such as ports and keys. */
    keep?: Properties;
}

export interface CheckRequest {
    /** Name in the program. A missing resource name is generated from it. */
    logicalName: string;
    inputs: Properties;
    /** Checked inputs of the last run, whose generated names are used again. */
    before?: Properties;
    /** Whether this is a preview, in which values may be unknown and a name to be generated stays unknown. */
    preview: boolean;
    settings: ProviderSettings;
}

export interface MakeRequest {
    world: World;
    inputs: Properties;
    /** The resource of the last run; undefined for a new one. */
    before?: Required<Made>;
}

/** What a provider says of a resource that the program has changed. */
export interface Comparison {
    /** Whether the resource changes. Undefined where the inputs decide. */
    changes?: boolean;
    /** Whether the resource is replaced. */
    replaces: boolean;
    /** Whether a replaced resource is deleted before the new one is created. */
    deleteFirst: boolean;
}

/** A provider in another process. In a preview, all outputs of a resource that it would create or update are unknown. */
export interface Provider {
    check(request: CheckRequest): Promise<Properties>;
    compare(request: { inputs: Properties; before: Required<Made> & { inputs: Properties } }): Promise<Comparison>;
}

/** Implements one resource type in the local Azure, in the steps of a Pulumi provider. */
export interface Handler {
    token: string;
    /** Type in Azure Resource Manager. Undefined for what is no resource there. */
    armType?: string;
    /** Inputs whose change replaces the resource instead of updating it. */
    replaceOn: string[];
    /** Outputs that an update may change. In the preview of an update they are unknown. */
    volatile?: string[];
    secretOutputs?: string[];
    /** Checks and compares in the place of `check` and `replaceOn`. */
    provider?: Provider;
    /** Whether the local Azure records the resource without what it does on Azure. */
    recorded?: boolean;
    /** Whether the resource always exists with its parent, so that creating one sets its content. */
    singleton?: boolean;
    /** Names of the inputs, for the schema with which the CLI writes the code of an imported resource. */
    inputNames?(): string[];
    /** Names of the outputs, without which a program in YAML cannot refer to one. */
    outputNames?(): string[];
    /** Whether Azure has the resource although no program registered it. */
    exists?(resource: { world: World; inputs: Properties }): boolean;
    /** The inputs without what Azure never tells of a resource that it has, such as the value of a secret. Defaults to all. */
    /** The request that creates the resource, as a template of Azure Resource Manager has it. */
    request?(resource: { inputs: Properties; logicalName: string }): Properties;
    shownInputs?(inputs: Properties): Properties;
    /** The inputs that an id tells: the names in it. */
    inputsOf?(id: string): Properties;
    /** Fills in names and defaults. Throws a `CheckError` that lists every fault. */
    check(request: CheckRequest): Properties;
    id(resource: { inputs: Properties; settings: ProviderSettings }): string;
    /** Outputs that are known before the resource is created. */
    planned(inputs: Properties): Properties;
    create(request: MakeRequest): Promise<Made>;
    update(request: MakeRequest & { before: Required<Made> }): Promise<Made>;
    /** Reopens an unchanged resource in a new process. */
    resume(request: MakeRequest & { before: Required<Made> }): Promise<Made>;
    remove(resource: { world: World; made: Required<Made>; inputs: Properties }): Promise<void>;
}

export interface FunctionRequest {
    world: World;
    args: Properties;
}

/** A provider function, such as `listWebPubSubKeys`. */
export interface ProviderFunction {
    token: string;
    /** Answers without a running emulator, so also in a preview. */
    known?(settings: ProviderSettings): Properties;
    run(request: FunctionRequest): Promise<Properties>;
}

/** Azure Resource Manager would refuse these inputs. The message has one line per fault. */
export class CheckError extends Error {
    constructor(readonly faults: string[]) {
        super(faults.join("\n"));
        this.name = "CheckError";
    }
}
