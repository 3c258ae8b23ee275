import { CheckError } from "../check";

/** Fails with words when nothing came in time. */
export async function within<T>(options: { work: Promise<T>; what: string; milliseconds: number }): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(
            () => reject(new CheckError(`${options.what} within ${options.milliseconds / 1000} s.`)),
            options.milliseconds,
        );
    });
    try {
        return await Promise.race([options.work, late]);
    } finally {
        clearTimeout(timer);
    }
}
