import { UnknownValueError } from "@pulumi/policy";

/** What `read` returns, or nothing when it meets a value that is unknown in a preview. The policy SDK throws at such a value. */
export function ifKnown<T>(read: () => T): T | undefined {
    try {
        return read();
    } catch (error) {
        if (error instanceof UnknownValueError) {
            return undefined;
        }
        throw error;
    }
}
