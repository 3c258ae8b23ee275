import type { World } from "../azure/world";
import type { Properties } from "./values";

export interface Made {
    /** ARM id, or whatever the provider calls the resource. */
    id: string;
    outputs: Properties;
    /** Kept for the next run and never shown to a program: ports, keys. */
    keep?: Properties;
}

export interface CheckRequest {
    /** Name in the program, from which a missing resource name is made. */
    logicalName: string;
    inputs: Properties;
    /** Checked inputs of the last run; a name made then is used again. */
    before?: Properties;
    /** In a preview values may be unknown and a name still to be made stays unknown. */
    preview: boolean;
    settings: ProviderSettings;
}

/** The subscription that the local Azure plays. */
export interface ProviderSettings {
    subscriptionId: string;
    tenantId: string;
    /** Config `azure-native:location`. */
    location?: string;
    /** Region of a resource group that the last run, or this one, has made. */
    groupLocation?(name: string): string | undefined;
}

export interface MakeRequest {
    world: World;
    inputs: Properties;
    /** The resource as it was. Absent when it is new. */
    before?: Required<Made>;
}

/** What one resource type means on this machine, in the steps of a Pulumi provider. */
export interface Handler {
    token: string;
    /** Inputs whose change makes a new resource instead of changing the old one. */
    replaceOn: string[];
    /** Outputs that an update may change: unknown in a preview of one. */
    volatile?: string[];
    secretOutputs?: string[];
    /** Fills in names and defaults. Throws `CheckError` with every fault found. */
    check(options: CheckRequest): Properties;
    id(options: { inputs: Properties; settings: ProviderSettings }): string;
    /** Outputs that are certain before the resource is made. */
    planned(inputs: Properties): Properties;
    create(options: MakeRequest): Promise<Made>;
    update(options: MakeRequest & { before: Required<Made> }): Promise<Made>;
    /** Makes an unchanged resource live again in a new process. */
    resume(options: MakeRequest & { before: Required<Made> }): Promise<Made>;
    remove(options: { world: World; made: Required<Made>; inputs: Properties }): Promise<void>;
}

export interface FunctionRequest {
    world: World;
    args: Properties;
}

/** A provider function, such as `listWebPubSubKeys`. */
export interface ProviderFunction {
    token: string;
    /** An answer that needs nothing to be running, for previews too. */
    known?(settings: ProviderSettings): Properties;
    run(options: FunctionRequest): Promise<Properties>;
}

/** Inputs that Azure Resource Manager would refuse: one line per fault. */
export class CheckError extends Error {
    constructor(readonly faults: string[]) {
        super(faults.join("\n"));
        this.name = "CheckError";
    }
}
