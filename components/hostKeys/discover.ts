export interface KeySearch {
    keyName: string;
    /** Reads the host's system keys; rejects while the host is down. */
    read: () => Promise<Record<string, string> | undefined>;
    /** Waits before the next try. */
    pause: (milliseconds: number) => Promise<void>;
    tries: number;
}

const pauseMilliseconds = 15_000;

/** Reads a key that an extension creates when the host first loads the code, which can take a few minutes. */
export async function discoverKey({ keyName, read, pause, tries }: KeySearch): Promise<string> {
    let found = "no keys were read";
    for (let left = tries; left > 0; left -= 1) {
        try {
            const keys = (await read()) ?? {};
            const key = Object.hasOwn(keys, keyName) ? keys[keyName] : undefined;
            if (key !== undefined) {
                return key;
            }
            found = `the host has ${Object.keys(keys).join(", ") || "no system keys"}`;
        } catch (error) {
            found = error instanceof Error ? error.message : String(error);
        }
        if (left > 1) {
            await pause(pauseMilliseconds);
        }
    }
    throw new Error(
        `The extension made no system key "${keyName}": ${found}. ` +
            "Check that the app starts, that its code has a function of this extension and that the connection settings are there.",
    );
}
