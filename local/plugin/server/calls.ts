import * as grpc from "@grpc/grpc-js";
import { isSameSecret } from "../../../emulator/core/secrets";
import { type Answer, answer } from "../../engine/answer";

interface Call<Request> {
    request: Request;
    metadata: grpc.Metadata;
}

function headerOf(metadata: grpc.Metadata, name: string): string {
    return String(metadata.get(name)[0] ?? "");
}

/** Whether a call carries the secret, which only this user can read. */
export function isAllowed(metadata: grpc.Metadata, secret: string): boolean {
    return isSameSecret(headerOf(metadata, "authorization"), secret);
}

export const refusal = {
    code: grpc.status.UNAUTHENTICATED,
    details: "the call does not carry the secret of this local Azure",
};

/** A call with one request and one answer. The caller receives the message of an error that `work` throws. */
export function unary<Request, Response>({
    secret,
    work,
}: {
    secret: string;
    work(request: Request, location: string | undefined): Promise<Response> | Response;
}) {
    return (call: Call<Request>, callback: Answer<Response>): void => {
        if (!isAllowed(call.metadata, secret)) {
            callback(refusal);
            return;
        }
        const location = headerOf(call.metadata, "location");
        answer(() => work(call.request, location === "" ? undefined : location), {
            callback,
            codeOf: () => grpc.status.UNKNOWN,
        });
    };
}
