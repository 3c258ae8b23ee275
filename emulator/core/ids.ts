import { randomFillSync } from "node:crypto";

/**
 * Makes unguessable ids of so many bytes, because a handler takes an id as proof of who it is talking about. The bytes are
 * drawn for many ids at a time: one by one they would be a twentieth of what a connection costs.
 */
export function createIds(bytes: number): () => string {
    const drawn = Buffer.alloc(bytes * 128);
    let used = drawn.length;
    return () => {
        if (used === drawn.length) {
            randomFillSync(drawn);
            used = 0;
        }
        used += bytes;
        return drawn.toString("base64url", used - bytes, used);
    };
}
