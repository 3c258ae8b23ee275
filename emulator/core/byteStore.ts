const nothing = Buffer.alloc(0);

/**
 * Bytes that come in pieces. Keeps a single piece as it is. With more it grows by doubling, so that a byte is copied a bounded number of times
 * however small the pieces are, and so that a thousand pieces of one byte do not keep a thousand buffers.
 */
export class ByteStore {
    #bytes: Buffer = nothing;
    #length = 0;

    get length(): number {
        return this.#length;
    }

    append(piece: Buffer): void {
        if (this.#length === 0) {
            this.#bytes = piece;
            this.#length = piece.length;
            return;
        }
        const needed = this.#length + piece.length;
        if (needed > this.#bytes.length) {
            const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#length * 2));
            larger.set(this.view());
            this.#bytes = larger;
        }
        this.#bytes.set(piece, this.#length);
        this.#length = needed;
    }

    /** The bytes so far. Later pieces may move them. */
    view(): Buffer {
        return this.#bytes.subarray(0, this.#length);
    }

    /** Returns all bytes and starts empty. */
    take(): Buffer {
        const taken = this.view();
        this.#bytes = nothing;
        this.#length = 0;
        return taken;
    }
}
