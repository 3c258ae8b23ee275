/** Runs changes of an app one after the other, so that no host starts with settings that another change has replaced. */
export function createTurns(): (work: () => Promise<void>) => Promise<void> {
    let last: Promise<void> = Promise.resolve();
    return (work) => {
        const turn = last.then(work);
        last = turn.catch(() => undefined);
        return turn;
    };
}
