interface Watch {
    onClose(): void;
    /** Called for the first message of each socket, which proves that the service has accepted the socket. */
    onFirstMessage(): void;
}

/** Watches the client's WebSockets, because the client recovers a lost connection without an event. */
export function watchSockets({ onClose, onFirstMessage }: Watch): void {
    window.WebSocket = class extends WebSocket {
        constructor(url: string | URL, protocols?: string | string[]) {
            super(url, protocols);
            this.addEventListener("close", onClose);
            this.addEventListener("message", onFirstMessage, { once: true });
        }
    };
}
