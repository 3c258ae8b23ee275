interface Watch {
    onClose(): void;
    /** Called for the first message of each socket, which proves that the service has accepted the socket. */
    onFirstMessage(): void;
}

/**
 * Watches the client's WebSockets, because the client recovers a lost connection without an event. The result closes the last one for
 * good: the client itself closes without a code, after which the service waits 30 s for it.
 */
export function watchSockets({ onClose, onFirstMessage }: Watch): () => void {
    let last: WebSocket | undefined;
    window.WebSocket = class extends WebSocket {
        constructor(url: string | URL, protocols?: string | string[]) {
            super(url, protocols);
            last = this;
            this.addEventListener("close", onClose);
            this.addEventListener("message", onFirstMessage, { once: true });
        }
    };
    return () => last?.close(1000);
}
