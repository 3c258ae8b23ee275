import { randomUUID } from "node:crypto";
import { fromTypedData, type TypedData } from "../rpc";
import type { CoreInvocationContext } from "../worker/types";
import { LegacyRequest } from "./request";
import { LegacyResponse } from "./response";

type LogLevel = "trace" | "information" | "warning" | "error";
type Done = (error?: unknown, result?: unknown) => void;

/** What a function of the `function.json` model is given first. */
export interface LegacyContext {
    invocationId: string;
    executionContext: Record<string, unknown>;
    bindings: Record<string, unknown>;
    bindingData: Record<string, unknown>;
    traceContext: Record<string, unknown>;
    bindingDefinitions: { name: string; type: string; direction: string }[];
    log: unknown;
    req?: LegacyRequest;
    res?: unknown;
    done: Done;
}

export function createLegacyContext(options: {
    core: CoreInvocationContext;
    log: (level: LogLevel, args: unknown[]) => void;
    done: Done;
}): { context: LegacyContext; inputs: unknown[] } {
    const { core, log, done } = options;
    const { request, metadata } = core;
    const write =
        (level: LogLevel) =>
        (...args: unknown[]) =>
            log(level, args);
    const context: LegacyContext = {
        invocationId: core.invocationId,
        executionContext: {
            invocationId: core.invocationId,
            functionName: metadata.name,
            functionDirectory: metadata.directory,
            retryContext: request.retryContext ?? null,
        },
        bindings: {},
        bindingData: { invocationId: core.invocationId, ...camelCaseKeys(request.triggerMetadata) },
        traceContext: {
            traceparent: request.traceContext.traceParent,
            tracestate: request.traceContext.traceState,
            attributes: request.traceContext.attributes ?? {},
        },
        bindingDefinitions: Object.entries(metadata.bindings).map(([name, { type, direction }]) => ({
            name,
            type,
            direction,
        })),
        log: Object.assign(write("information"), {
            error: write("error"),
            warn: write("warning"),
            info: write("information"),
            verbose: write("trace"),
        }),
        done,
    };
    const inputs: unknown[] = [];
    for (const { name, data } of request.inputData) {
        if (data === undefined) {
            continue;
        }
        const isTimer = metadata.bindings[name]?.type.toLowerCase() === "timertrigger";
        const input = data.http
            ? new LegacyRequest(data.http)
            : isTimer
              ? camelCase(fromTypedData(data))
              : fromTypedData(data);
        context.bindings[name] = input;
        inputs.push(input);
        if (input instanceof LegacyRequest) {
            addHttp({ context, request: input, done, functionName: metadata.name });
        }
    }
    return { context, inputs };
}

function addHttp(options: { context: LegacyContext; request: LegacyRequest; done: Done; functionName: string }): void {
    const { context, request } = options;
    context.req = request;
    context.res = new LegacyResponse(() => options.done());
    context.bindingData.sys = {
        methodName: options.functionName,
        utcNow: new Date().toISOString(),
        randGuid: randomUUID(),
    };
    context.bindingData.query ??= { ...request.query };
    context.bindingData.headers ??= { ...request.headers };
}

function camelCaseKeys(metadata: Record<string, TypedData>): Record<string, unknown> {
    return Object.fromEntries(
        Object.entries(metadata).map(([name, data]) => [lowerFirst(name), camelCase(fromTypedData(data))]),
    );
}

/** Keys with a small first letter, all the way down; arrays stay as they are. */
function camelCase(value: unknown): unknown {
    if (typeof value !== "object" || value === null || Array.isArray(value) || Buffer.isBuffer(value)) {
        return value;
    }
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [lowerFirst(key), camelCase(inner)]));
}

function lowerFirst(text: string): string {
    return text.charAt(0).toLowerCase() + text.slice(1);
}
