import { CheckError } from "../check";

/** Waits for `work` at most that long. `what` says in the error what did not happen. */
export async function within<T>({
    work,
    what,
    milliseconds,
}: {
    work: Promise<T>;
    what: string;
    milliseconds: number;
}): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(new CheckError(`${what} within ${milliseconds / 1000} s.`)), milliseconds);
    });
    try {
        return await Promise.race([work, late]);
    } finally {
        clearTimeout(timer);
    }
}
