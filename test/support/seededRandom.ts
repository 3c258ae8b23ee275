/** Random numbers that a seed determines, so that a failure can be repeated. */
export function seededRandom(seed: number): {
    /** A whole number from 0 to below `limit`. */ whole(limit: number): number;
} {
    let state = seed >>> 0;
    return {
        whole(limit) {
            // The mulberry32 generator.
            state = (state + 0x6d2b79f5) >>> 0;
            let mixed = Math.imul(state ^ (state >>> 15), state | 1);
            mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
            return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
        },
    };
}
