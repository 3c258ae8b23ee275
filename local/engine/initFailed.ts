import type { ServiceError } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import type { Made } from "./handler";
import { toState, type Work } from "./plan";
import type { ResourceState, StackState } from "./state";
import { decode } from "./values";

/** A resource that exists, and whose initialisation failed after its creation or its update. The next update tries again. */
export class InitFailedError extends Error {
    constructor(
        message: string,
        readonly made: Made,
    ) {
        super(message);
        this.name = "InitFailedError";
    }
}

/** The failed initialisation that a provider tells as a detail of its error; undefined for every other error. */
export function readInitFailure({ metadata, details }: ServiceError): InitFailedError | undefined {
    const [status] = metadata?.get("grpc-status-details-bin") ?? [];
    if (!(status instanceof Uint8Array)) {
        return undefined;
    }
    const found = Status.deserializeBinary(status)
        .getDetailsList()
        .find((detail) => detail.getTypeName() === "pulumirpc.ErrorResourceInitFailed");
    if (found === undefined) {
        return undefined;
    }
    const failure = ErrorResourceInitFailed.deserializeBinary(found.getValue_asU8());
    const reasons = [details, ...failure.getReasonsList()].filter((reason) => reason !== "");
    return new InitFailedError(
        `it exists as ${failure.getId()}, and its initialisation failed: ${reasons.join("; ")}. The next update tries again.`,
        { id: failure.getId(), outputs: decode(failure.getProperties()).values },
    );
}

/** Waits for one resource, and keeps one that exists although its initialisation failed, as Pulumi's engine does. */
export async function keepInitFailed({
    work,
    urn,
    state,
    remember,
    made,
}: {
    work: Work;
    urn: string;
    state: StackState;
    remember(resource: ResourceState): void;
    made: Promise<Made>;
}): Promise<Made> {
    try {
        return await made;
    } catch (error) {
        if (error instanceof InitFailedError) {
            const { before, operation } = work;
            // The old one is still there when the new one comes first.
            if (operation === "replaced" && before && state.resources.get(before.urn) === before) {
                state.condemned.push(before);
            }
            remember({ ...toState({ ...work, urn, made: error.made }), initFailed: true });
        }
        throw error;
    }
}
