import { timingSafeEqual } from "node:crypto";
import * as grpc from "@grpc/grpc-js";

export type Answer<T> = (error: Partial<grpc.StatusObject> | null, value?: T) => void;

interface Call<Request> {
    request: Request;
    metadata: grpc.Metadata;
}

function headerOf(metadata: grpc.Metadata, name: string): string {
    return String(metadata.get(name)[0] ?? "");
}

/** Whether a call comes from somebody who could read this user's files. */
export function isAllowed(metadata: grpc.Metadata, secret: string): boolean {
    const [given, wanted] = [Buffer.from(headerOf(metadata, "authorization")), Buffer.from(secret)];
    return given.length === wanted.length && timingSafeEqual(given, wanted);
}

export const refusal = {
    code: grpc.status.UNAUTHENTICATED,
    details: "the call does not carry the secret of this local Azure",
};

/** A call with one request and one answer; what `work` throws is told to the caller in its own words. */
export function unary<Request, Response>(options: {
    secret: string;
    work(request: Request, location: string | undefined): Promise<Response> | Response;
}) {
    return (call: Call<Request>, callback: Answer<Response>): void => {
        if (!isAllowed(call.metadata, options.secret)) {
            callback(refusal);
            return;
        }
        const location = headerOf(call.metadata, "location");
        Promise.resolve()
            .then(() => options.work(call.request, location === "" ? undefined : location))
            .then(
                (value) => callback(null, value),
                (error: unknown) =>
                    callback({
                        code: grpc.status.UNKNOWN,
                        details: error instanceof Error ? error.message : String(error),
                    }),
            );
    };
}
