import { EventEmitter } from "node:events";
import { format } from "node:util";
import { type TypedData, toTypedData } from "../rpc";
import type {
    CoreInvocationContext,
    FunctionCallback,
    InvocationModel,
    InvocationResponse,
    ProgrammingModel,
} from "../worker/types";
import { createLegacyContext, type LegacyContext } from "./context";
import { toHttpData } from "./response";

const returnName = "$return";

/** The programming model of `function.json`: `context.bindings`, `context.res`, `context.done`. */
export const legacyModel: ProgrammingModel = {
    name: "@azure/functions",
    version: "3.5.1",
    getInvocationModel: createInvocation,
};

function createInvocation(core: CoreInvocationContext): InvocationModel {
    const done = new EventEmitter();
    let finished = false;
    let promised = false;

    const log = (level: "trace" | "information" | "warning" | "error", args: unknown[]) => {
        if (finished && core.state !== "postInvocationHooks") {
            core.log(
                "warning",
                "system",
                `Unexpected call to 'log' on the context object after function execution has completed. Check for asynchronous calls that are not awaited or calls to 'done' made before function execution completes. Function name: ${core.metadata.name}. Invocation Id: ${core.invocationId}.`,
            );
        }
        core.log(level, "user", format(...args));
    };

    function finish(): void {
        if (finished) {
            core.log(
                "error",
                "system",
                promised
                    ? "Error: Choose either to return a promise or call 'done'. Do not use both in your script."
                    : "Error: 'done' has already been called. Check your script for extraneous calls to 'done'.",
            );
        }
        finished = true;
    }

    return {
        async getArguments() {
            return createLegacyContext({ core, log, done: (error, result) => done.emit("done", error, result) });
        },
        async invokeFunction(context, inputs, callback: FunctionCallback) {
            const called = new Promise<unknown>((resolve, reject) => {
                done.on("done", (error: unknown, result: unknown) => {
                    finish();
                    if (error !== undefined && error !== null) {
                        reject(error instanceof Error ? error : new Error(format(error)));
                    } else {
                        resolve(result);
                    }
                });
            });
            try {
                const result = callback(context, ...inputs);
                promised = isPromise(result);
                if (!promised) {
                    return await called;
                }
                const returned = Promise.resolve(result).then((value) => {
                    finish();
                    return value;
                });
                return await Promise.race([returned, called]);
            } finally {
                finished = true;
            }
        },
        async getResponse(context, result) {
            return toResponse({ core, context: context as LegacyContext, result });
        },
    };
}

function toResponse(options: {
    core: CoreInvocationContext;
    context: LegacyContext;
    result: unknown;
}): InvocationResponse {
    const { core, context, result } = options;
    const outputs = Object.entries(core.metadata.bindings).filter(([, binding]) => binding.direction !== "in");
    const httpName = outputs.find(([, binding]) => binding.type.toLowerCase() === "http")?.[0];
    if (httpName !== undefined && context.res !== undefined && context.bindings[httpName] === undefined) {
        context.bindings[httpName] = context.res;
    }
    const response: InvocationResponse = { outputData: [] };
    const convert = (name: string, value: unknown): TypedData | undefined =>
        name === httpName ? toHttpData(value) : toTypedData(value);
    const fromResult = new Set<string>();
    if (result !== undefined && result !== null && result !== false && result !== "" && result !== 0) {
        if (outputs.some(([name]) => name === returnName)) {
            response.returnValue = convert(returnName, result);
        } else if (typeof result === "object") {
            for (const [name] of outputs) {
                const value = (result as Record<string, unknown>)[name];
                if (value !== undefined) {
                    fromResult.add(name);
                    response.outputData!.push({ name, data: convert(name, value) });
                }
            }
        }
        const isHttp = Object.values(core.metadata.bindings).some((b) => b.type.toLowerCase() === "httptrigger");
        if (response.returnValue === undefined && fromResult.size === 0 && !isHttp) {
            response.returnValue = toTypedData(result);
        }
    }
    for (const [name] of outputs) {
        const value = context.bindings[name];
        if (value !== undefined && !fromResult.has(name)) {
            response.outputData!.push({ name, data: convert(name, value) });
        }
    }
    return response;
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
    return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}
