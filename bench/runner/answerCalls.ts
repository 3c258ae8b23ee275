/** One call to a worker. */
export interface Question {
    id: number;
    name: string;
    argument: unknown;
}

export interface Answer {
    id: number;
    value?: unknown;
    error?: string;
}

/** Runs in a worker and answers each call with the function of that name. */
export function answerCalls(calls: Record<string, (argument: never) => unknown>): void {
    process.on("message", async ({ id, name, argument }: Question) => {
        const send = (answer: Answer): void => void process.send?.(answer);
        try {
            const call = calls[name];
            if (call === undefined) {
                throw new Error(`unknown call '${name}'`);
            }
            send({ id, value: await call(argument as never) });
        } catch (error) {
            send({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
        }
    });
    // The parent process is gone.
    process.on("disconnect", () => process.exit());
}
