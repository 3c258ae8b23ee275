import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import * as settings from "@pulumi/pulumi/runtime/settings";
import type {} from "@pulumi/pulumi/runtime/state";
import { azureOutputs, azureResult } from "../../local/engine/azureAnswers";

export type Properties = Record<string, unknown>;

export interface Registered {
    type: string;
    name: string;
    urn: string;
    custom: boolean;
    /** Secrets stay in their envelope; see `plain` and `holdsSecret`. */
    inputs: Properties;
    /** Name of the parent, with the type when the parent is a component of this library. */
    parent: string;
    /** `type name` of every resource that is created before this one. */
    dependencies: string[];
    aliases: number;
    /** A change of this value replaces the resource. */
    replacementTrigger: unknown;
    deleteBeforeReplace: boolean;
    protect: boolean;
    /** Id of the existing resource that it takes over. */
    importId: string;
    /** `type name` of the resource whose deletion deletes this one too. */
    deletedWith: string;
}

export interface ProgramRun<T> {
    result: T;
    resources: Registered[];
    invokes: { token: string; inputs: Properties }[];
    /** Warnings that the program logged. */
    warnings: string[];
    /** The one resource of a type and, where several have the type, of a name. */
    find(type: string, name?: string): Registered;
    names(type: string): string[];
    types(): string[];
    /** Whether `later` depends on `earlier`, directly or through others. */
    comesAfter(later: Registered, earlier: Registered): boolean;
}

interface Request {
    getType(): string;
    getName(): string;
    getCustom(): boolean;
    getParent(): string;
    getDependenciesList(): string[];
    getAliasesList(): unknown[];
    getReplacementTrigger(): { toJavaScript(): unknown } | undefined;
    getDeletebeforereplace(): boolean;
    getProtect(): boolean;
    getImportid(): string;
    getDeletedwith(): string;
    getObject(): { toJavaScript(): Properties };
}

type Callback = (error: unknown, response?: { getUrn(): string }) => void;

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const secretKey = "4dabf18193072939515e22adb298388d";

export interface RunOptions {
    preview?: boolean;
    /** Answers a lookup otherwise than usual. */
    invoke?: (token: string, inputs: Properties) => Properties | undefined;
    /** Outputs of a resource besides the usual ones. */
    answer?: (type: string, name: string) => Properties | undefined;
}

/** Runs a piece of a program against recorded answers of Azure, as an update or as the first preview. */
export async function runProgram<T>(program: () => T, options: RunOptions = {}): Promise<ProgramRun<T>> {
    const { preview = false } = options;
    const resources: Registered[] = [];
    const invokes: ProgramRun<T>["invokes"] = [];
    const mocks: pulumi.runtime.Mocks = {
        newResource: ({ type, name, inputs }) => {
            const added = options.answer?.(type, name);
            if (preview) {
                return { id: undefined, state: { ...inputs, ...added } };
            }
            const { id, state } = azureOutputs({ type, name, inputs: unwrap(inputs) as Properties });
            return { id, state: { ...state, ...added } };
        },
        call: ({ token, inputs }) => {
            invokes.push({ token, inputs });
            return options.invoke?.(token, inputs) ?? azureResult({ token, inputs });
        },
    };
    class Recorder extends MockMonitor {
        override async registerResource(request: Request, callback: Callback): Promise<void> {
            const entry: Registered = {
                type: request.getType(),
                name: request.getName(),
                urn: "",
                custom: request.getCustom(),
                inputs: request.getObject().toJavaScript(),
                parent: shortUrn(request.getParent()),
                dependencies: request.getDependenciesList().map(shortUrn),
                aliases: request.getAliasesList().length,
                replacementTrigger: request.getReplacementTrigger()?.toJavaScript(),
                deleteBeforeReplace: request.getDeletebeforereplace(),
                protect: request.getProtect(),
                importId: request.getImportid(),
                deletedWith: shortUrn(request.getDeletedwith()),
            };
            resources.push(entry);
            await super.registerResource(
                request as never,
                ((error: unknown, response?: { getUrn(): string }) => {
                    entry.urn = response?.getUrn() ?? "";
                    callback(error, response);
                }) as Callback,
            );
        }
    }
    const warnings: string[] = [];
    const { warn } = pulumi.log;
    const { stackTraceLimit } = Error;
    // The SDK captures a stack for every output it makes, which is most of the time a test takes.
    Error.stackTraceLimit = 0;
    Object.assign(pulumi.log, { warn: (message: string) => Promise.resolve(void warnings.push(message)) });
    try {
        await pulumi.runtime.setMocks(mocks, "test", "test", preview);
        settings.setMockOptions(new Recorder(mocks), "test", "test", preview);
        // Setting the monitor resets its features. Without these features the SDK sends secrets unmarked.
        Object.assign(globalThis.globalStore, {
            supportsSecrets: true,
            supportsResourceReferences: true,
            supportsAliasSpecs: true,
            supportsDeletedWith: true,
        });
        const result = program();
        await pulumi.runtime.disconnect();
        return { result, resources, invokes, warnings, ...questions(resources) };
    } finally {
        Object.assign(pulumi.log, { warn });
        Error.stackTraceLimit = stackTraceLimit;
    }
}

function questions(resources: Registered[]): Pick<ProgramRun<unknown>, "find" | "names" | "types" | "comesAfter"> {
    const label = (one: Registered) => `${one.type} ${one.name}`;
    const byLabel = new Map<string, Registered>();
    const follows = (later: Registered, earlier: Registered): boolean => {
        for (const one of resources) {
            byLabel.set(label(one), one);
        }
        // A set, because the ways through a large program are many more than its resources.
        const seen = new Set(later.dependencies);
        for (const name of seen) {
            for (const before of byLabel.get(name)?.dependencies ?? []) {
                seen.add(before);
            }
        }
        return seen.has(label(earlier));
    };
    return {
        find(type, name) {
            const found = resources.filter((one) => one.type === type && (name === undefined || one.name === name));
            if (found.length !== 1 || found[0] === undefined) {
                throw new Error(
                    `${found.length} resources are ${type} ${name ?? ""}; there are ${resources.map(label).join(", ")}`,
                );
            }
            return found[0];
        },
        names: (type) =>
            resources
                .filter((one) => one.type === type)
                .map((one) => one.name)
                .sort(),
        types: () => [...new Set(resources.map((one) => one.type))].sort(),
        comesAfter: follows,
    };
}

function shortUrn(urn: string): string {
    const [, , types = "", name = ""] = urn.split("::");
    return types === "" ? "" : `${types.split("$").pop()} ${name}`;
}

/** Removes the envelopes from the secrets in a value. */
export function unwrap(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.map(unwrap);
    }
    if (typeof value !== "object" || value === null || pulumi.asset.FileAsset.isInstance(value)) {
        return value;
    }
    if (secretKey in value) {
        return unwrap((value as Properties).value);
    }
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, unwrap(part)]));
}

/** The input at a path, without envelopes. */
export function plain(resource: Registered, path: string): unknown {
    return path
        .split(".")
        .reduce<unknown>((value, key) => (value as Properties | undefined)?.[key], unwrap(resource.inputs));
}

/** Whether a value is or contains a secret. */
export function holdsSecret(value: unknown): boolean {
    return (
        typeof value === "object" && value !== null && (secretKey in value || Object.values(value).some(holdsSecret))
    );
}

export function holdsUnknown(value: unknown): boolean {
    return (
        value === unknown || (typeof value === "object" && value !== null && Object.values(value).some(holdsUnknown))
    );
}

/** The value of an output, for a test that runs inside the program. */
export function known<T>(output: pulumi.Output<T>): Promise<T> {
    return new Promise((resolve) => {
        output.apply(resolve);
    });
}

/** A resource that only takes outputs as inputs. Its dependencies show which resources the outputs wait for. */
export class Probe extends pulumi.CustomResource {
    constructor(name: string, inputs: pulumi.Inputs = {}) {
        super(`test:index:${name}`, name, inputs);
    }
}

/** The error with which a program fails. Includes unhandled rejections, as the engine's report does. */
export async function failureOf(program: () => unknown): Promise<Error> {
    const [first] = await failuresOf(program);
    return first as Error;
}

/** Every error with which a program fails, each once, as the SDK reports them. */
export async function failuresOf(program: () => unknown): Promise<Error[]> {
    const listeners = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    const errors = new Set<Error>();
    try {
        const failed = new Promise<void>((resolve) => {
            process.on("unhandledRejection", (reason) => {
                errors.add(reason as Error);
                resolve();
            });
        });
        // A failed program never ends, because its other resources wait for the one that was not created.
        void program();
        await failed;
        // One failed output rejects several promises, all before the next turn of the event loop.
        await new Promise((resolve) => setImmediate(resolve));
        // The SDK would count pending promises as leaks and fail the test run at its end.
        globalThis.globalStore?.leakCandidates.clear();
        return [...errors];
    } finally {
        process.removeAllListeners("unhandledRejection");
        for (const listener of listeners) {
            process.on("unhandledRejection", listener);
        }
    }
}
