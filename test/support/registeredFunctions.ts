import { execFileSync } from "node:child_process";
import Module from "node:module";
import { join, resolve } from "node:path";
import { type FunctionOutput, InvocationContext } from "@azure/functions";

export const repositoryRoot = resolve(__dirname, "..", "..");

type Binding = Record<string, unknown> & { name: string; type: string; direction: string };

export interface RegisteredFunction {
    bindings: Binding[];
    /** Runs the handler as a worker does. Resolves with the handler's return value and outputs. */
    invoke(call: Invocation): Promise<{ returned: unknown; outputs: unknown }>;
}

interface Invocation {
    request: unknown;
    triggerMetadata?: Record<string, unknown>;
    /** Value of the function's extra input. A function has at most one. */
    input?: unknown;
}

export function buildApp(app: string): string {
    execFileSync(process.execPath, [join(repositoryRoot, "functions", "build.mjs"), app], { stdio: "pipe" });
    return join(repositoryRoot, "functions", app);
}

/** Loads a built app with a host that only records the functions that the app registers. */
export function loadApp(entry: string): Map<string, RegisteredFunction> {
    const functions = new Map<string, RegisteredFunction>();
    const core = {
        setProgrammingModel: () => undefined,
        registerFunction: (
            metadata: { name: string; bindings: Record<string, Omit<Binding, "name">> },
            handler: (request: unknown, context: InvocationContext) => unknown,
        ) => {
            const bindings = Object.entries(metadata.bindings).map(
                ([name, binding]) => ({ ...binding, name }) as Binding,
            );
            functions.set(metadata.name, { bindings, invoke: (call) => invoke({ bindings, handler, call }) });
        },
    };
    withModule({ name: "@azure/functions-core", exports: core }, () => {
        delete require.cache[require.resolve(entry)];
        require(entry);
    });
    return functions;
}

interface Handled {
    bindings: Binding[];
    handler: (request: unknown, context: InvocationContext) => unknown;
    call: Invocation;
}

async function invoke({ bindings, handler, call }: Handled): Promise<{ returned: unknown; outputs: unknown }> {
    const context = new InvocationContext({ triggerMetadata: call.triggerMetadata });
    const [, ...others] = bindings;
    const input = others.find(({ direction }) => direction === "in");
    if (input !== undefined) {
        context.extraInputs.set(input.name, call.input);
    }
    const returned = await handler(call.request, context);
    const output = others.find(({ direction }) => direction === "out");
    const outputs = output === undefined ? undefined : context.extraOutputs.get(output as unknown as FunctionOutput);
    return { returned, outputs };
}

/** Replaces the exports of one module while `run` runs. */
function withModule(module: { name: string; exports: unknown }, run: () => void): void {
    const loader = Module as unknown as { _load(request: string, ...rest: unknown[]): unknown };
    const load = loader._load;
    loader._load = (request, ...rest) =>
        request === module.name ? module.exports : load.call(Module, request, ...rest);
    try {
        run();
    } finally {
        loader._load = load;
    }
}
