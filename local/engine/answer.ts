import type * as grpc from "@grpc/grpc-js";
import { messageOf } from "../../emulator/core/errors";

export type Answer<T> = (error: Partial<grpc.StatusObject> | null, value?: T) => void;

/** Answers a gRPC call with the result of `work`, or with the message of its error. `codeOf` decides the status code. */
export function answer<T>(
    work: () => Promise<T> | T,
    { callback, codeOf }: { callback: Answer<T>; codeOf(error: unknown): grpc.status },
): void {
    Promise.resolve()
        .then(work)
        .then(
            (value) => callback(null, value),
            (error: unknown) => callback({ code: codeOf(error), details: messageOf(error) }),
        );
}

/**
 * The same service, whose answers may be of any class with the right fields. The SDK's own definition takes one class for each call,
 * and a newer SDK may name another: 3.276 answers the monitor's `Invoke` with `ResourceInvokeResponse`.
 */
export function withAnyAnswers(service: object): grpc.ServiceDefinition {
    const calls = Object.entries(service as grpc.ServiceDefinition).map(([name, definition]) => [
        name,
        {
            ...definition,
            responseSerialize: (message: { serializeBinary(): Uint8Array }) => Buffer.from(message.serializeBinary()),
        },
    ]);
    return Object.fromEntries(calls);
}
