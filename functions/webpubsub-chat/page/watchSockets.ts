interface Watch {
    onClose(): void;
    /** Called for the first message of each socket: only then is it known that the service took it. */
    onFirstMessage(): void;
}

/** The client recovers a lost connection without a word, so what happens to it is seen on its WebSockets. */
export function watchSockets({ onClose, onFirstMessage }: Watch): void {
    window.WebSocket = class extends WebSocket {
        constructor(url: string | URL, protocols?: string | string[]) {
            super(url, protocols);
            this.addEventListener("close", onClose);
            this.addEventListener("message", onFirstMessage, { once: true });
        }
    };
}
