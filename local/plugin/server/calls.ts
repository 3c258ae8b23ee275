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

const refusal = {
    code: grpc.status.UNAUTHENTICATED,
    details: "the call does not carry the secret of this local Azure",
};

/**
 * Refuses calls without the secret, which only this user can read. It does so before anything of their messages is read:
 * messages have no limit, and every user of the machine can reach the port.
 */
export function requireSecret(secret: string): grpc.ServerInterceptor {
    return (_, call) =>
        new grpc.ServerInterceptingCall(call, {
            start: (next) =>
                next({
                    onReceiveMetadata(metadata, take) {
                        if (isSameSecret(headerOf(metadata, "authorization"), secret)) {
                            take(metadata);
                        } else {
                            call.sendStatus(refusal);
                        }
                    },
                }),
        });
}

/** What a call knows besides its request. */
export interface Context {
    location: string | undefined;
    /** Tells the CLI's user something beside the answer. */
    say(text: string): void;
}

/** A call with one request and one answer. The caller receives the message of an error that `work` throws. */
export function unary<Request, Response>(work: (request: Request, context: Context) => Promise<Response> | Response) {
    return (call: Call<Request>, callback: grpc.sendUnaryData<Response>): void => {
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
