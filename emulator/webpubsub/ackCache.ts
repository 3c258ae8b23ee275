import type { LongNumber } from "./message";

/** The latest ack ids of a connection, so that a repeated message is not executed twice. */
export interface AckCache {
    has(ackId: LongNumber): boolean;
    add(ackId: LongNumber): void;
}

const capacity = 1000;

export function createAckCache(): AckCache {
    // A set keeps the order of insertion, so its first entry is the oldest. An LRUCache would allocate 24 kB per connection.
    const used = new Set<LongNumber>();
    return {
        has: (ackId) => used.has(ackId),
        add(ackId) {
            used.add(ackId);
            if (used.size > capacity) {
                used.delete(used.values().next().value as LongNumber);
            }
        },
    };
}
