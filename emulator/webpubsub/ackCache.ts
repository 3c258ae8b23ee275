/** Ack ids that a connection used, so that a message sent again is not executed again. */
export interface AckCache {
    has(ackId: number): boolean;
    add(ackId: number): void;
}

const capacity = 1000;

export function createAckCache(): AckCache {
    // Sets keep the order of insertion, so the first one is the oldest.
    const used = new Set<number>();
    return {
        has: (ackId) => used.has(ackId),
        add(ackId) {
            used.add(ackId);
            if (used.size > capacity) {
                used.delete(used.values().next().value as number);
            }
        },
    };
}
