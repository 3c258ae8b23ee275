import { CheckError } from "../check";

/** Fails with words when nothing came in time. */
export async function within<T>(o: { work: Promise<T>; what: string; milliseconds: number }): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(
            () => reject(new CheckError(`${o.what} within ${o.milliseconds / 1000} s.`)),
            o.milliseconds,
        );
    });
    try {
        return await Promise.race([o.work, late]);
    } finally {
        clearTimeout(timer);
    }
}
