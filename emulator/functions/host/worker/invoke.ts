import { functionCategory } from "../log";
import { callDetached } from "../stack";
import { writeWorkerLog } from "./coreModule";
import { hookContext, runHooks } from "./hooks";
import type { WorkerState } from "./state";
import type {
    CoreInvocationContext,
    FunctionMetadata,
    InvocationRequest,
    InvocationResponse,
    RegisteredFunction,
} from "./types";

/** Runs a function once, between the app's `preInvocation` and `postInvocation` hooks. */
export async function invokeWorker(options: {
    state: WorkerState;
    fn: RegisteredFunction;
    request: InvocationRequest;
}): Promise<InvocationResponse> {
    const { state, fn, request } = options;
    const core = createContext(options);
    const model = state.model!.getInvocationModel(core);
    const { context, inputs } = await model.getArguments();
    const hookData: Record<string, unknown> = {};

    const before = hookContext({
        state,
        hookData,
        more: { invocationContext: context, functionCallback: fn.callback, inputs },
        readOnly: ["invocationContext"],
    });
    await inState(core, "preInvocationHooks", () => runHooks({ state, name: "preInvocation", context: before }));

    const after = hookContext({
        state,
        hookData,
        more: {
            invocationContext: context,
            inputs: before.inputs,
            result: null as unknown,
            error: null as unknown,
        },
        readOnly: ["invocationContext"],
    });
    await inState(core, "invocation", async () => {
        try {
            const { inputs, functionCallback } = before;
            after.result = await callDetached(model.invokeFunction.bind(model, context, inputs, functionCallback));
        } catch (error) {
            after.error = error;
            if (error === null || error === undefined) {
                const message = `Function '${fn.name}' threw ${String(error)}, which counts as success, on Azure too. Throw an Error.`;
                state.log("warning", message, functionCategory(fn.name));
            }
        }
    });
    await inState(core, "postInvocationHooks", () => runHooks({ state, name: "postInvocation", context: after }));
    if (after.error !== null && after.error !== undefined) {
        throw after.error;
    }
    const response = await model.getResponse(context, after.result);
    return { ...response, invocationId: request.invocationId };
}

function createContext(options: {
    state: WorkerState;
    fn: RegisteredFunction;
    request: InvocationRequest;
}): CoreInvocationContext {
    const { state, fn, request } = options;
    return {
        invocationId: request.invocationId,
        request,
        metadata: { ...fn.metadata, bindings: copyBindings(fn.metadata.bindings) },
        log: (level, category, message) => writeWorkerLog({ state, level, category, message, functionName: fn.name }),
    };
}

/** A copy for each call, because a model may add to it: 3.5 gives every output a converter. */
function copyBindings(bindings: FunctionMetadata["bindings"]): FunctionMetadata["bindings"] {
    return Object.fromEntries(Object.entries(bindings).map(([name, binding]) => [name, { ...binding }]));
}

async function inState(
    core: CoreInvocationContext,
    name: NonNullable<CoreInvocationContext["state"]>,
    work: () => Promise<void>,
): Promise<void> {
    core.state = name;
    try {
        await work();
    } finally {
        core.state = undefined;
    }
}
