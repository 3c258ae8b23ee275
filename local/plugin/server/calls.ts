import * as grpc from "@grpc/grpc-js";
import { isSameSecret } from "../../../emulator/core/secrets";
import { answer } from "../../engine/answer";
import { noticeKey } from "../contact";

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

/** What a call knows besides its request. */
export interface Context {
    location: string | undefined;
    /** Tells the CLI's user something beside the answer. */
    say(text: string): void;
}

/** A call with one request and one answer. The caller receives the message of an error that `work` throws. */
export function unary<Request, Response>({
    secret,
    work,
}: {
    secret: string;
    work(request: Request, context: Context): Promise<Response> | Response;
}) {
    return (call: Call<Request>, callback: grpc.sendUnaryData<Response>): void => {
        if (!isAllowed(call.metadata, secret)) {
            callback(refusal);
            return;
        }
        const location = headerOf(call.metadata, "location");
        const notices = new grpc.Metadata();
        const context: Context = {
            location: location === "" ? undefined : location,
            say: (text) => notices.add(noticeKey, Buffer.from(text)),
        };
        answer(() => work(call.request, context), {
            callback: (error, value) => callback(error, value, notices),
            codeOf: () => grpc.status.UNKNOWN,
        });
    };
}
