/** Says, once for each system event that happened, that no handler lists it: a function for it would silently never run. */
export function createUnlistedNotice(report: (message: string) => void): (event: string) => void {
    const reported = new Set<string>();
    return (event) => {
        if (reported.has(event)) {
            return;
        }
        reported.add(event);
        const effect = event === "connect" ? ", and every client is let in" : "";
        report(`event '${event}' is in no handler's systemEvents, so no function hears of it${effect}.`);
    };
}
