import { protocolOf, readError, readInvocation } from "../../emulator/functions/host/extensions/signalr/message";

/** Reads a body as both protocols of SignalR. The host answers 500 to any error, so only its kind matters. */
export function jsonProtocolBody(body: Buffer): void {
    for (const type of ["application/json", "application/x-msgpack"]) {
        const protocol = protocolOf(type);
        if (protocol !== undefined) {
            try {
                JSON.stringify(readInvocation({ protocol, body }), (_, value: unknown) =>
                    typeof value === "bigint" ? String(value) : value,
                );
            } catch (error) {
                if (error instanceof RangeError && /call stack|allocation|array length/.test(error.message)) {
                    throw error;
                }
            }
        }
    }
    try {
        readError(body);
    } catch {
        // Not JSON.
    }
}
