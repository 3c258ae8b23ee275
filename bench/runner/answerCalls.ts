/** One call to a worker, and what became of it. */
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

/** A worker's side: each question is answered by the function of its name. */
export function answerCalls(calls: Record<string, (argument: never) => unknown>): void {
    process.on("message", async ({ id, name, argument }: Question) => {
        const send = (answer: Answer): void => void process.send?.(answer);
        try {
            const call = calls[name];
            if (call === undefined) {
                throw new Error(`there is no call '${name}'`);
            }
            send({ id, value: await call(argument as never) });
        } catch (error) {
            send({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
        }
    });
    // Who started it is gone.
    process.on("disconnect", () => process.exit());
}
