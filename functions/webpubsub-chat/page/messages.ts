import type { Page } from "../../shared/page/chat";
import { everyone } from "../../shared/page/conversations";

/** A message from the app. The README describes each type. */
type Message =
    | { type: "welcome" | "joined" | "left"; connectionId: string; userId: string }
    | { type: "message" | "whisper"; connectionId: string; from: string; text: string }
    | { type: "group joined" | "group left"; group: string; connectionId: string; userId: string }
    | { type: "invited" | "dismissed"; group: string; from: string }
    | { type: "announcement"; from: string; text: string }
    | { type: "delivered"; sent?: number }
    | { type: "refused"; event: string; error: string };

interface Shown {
    page: Page;
    data: unknown;
    onRefused?: (refusal: { event: string; error: string }) => void;
}

export function showMessage({ page, data, onRefused }: Shown): void {
    const message = data as Message;
    switch (message.type) {
        case "welcome":
            page.note(`Welcome, ${message.userId}`);
            break;
        case "joined":
            page.arrived({ id: message.connectionId, name: message.userId });
            page.note(`${message.userId} joined`);
            break;
        case "left":
            page.left({ id: message.connectionId, name: message.userId });
            break;
        case "message":
        case "whisper":
            page.received({
                place: message.type === "message" ? everyone : { kind: "person", id: message.connectionId },
                from: { id: message.connectionId, name: message.from },
                text: message.text,
            });
            break;
        case "group joined":
            page.arrived({ id: message.connectionId, name: message.userId });
            page.note(`${message.userId} joined this room`, { kind: "room", room: message.group });
            break;
        case "group left":
            page.note(`${message.userId} left this room`, { kind: "room", room: message.group });
            break;
        case "invited":
            page.note(`${message.from} added you to this room`, { kind: "room", room: message.group });
            break;
        case "dismissed":
            page.note(`${message.from} removed you from ${message.group}`);
            break;
        case "announcement":
            page.announced(message);
            break;
        case "delivered":
            if (message.sent !== undefined) {
                page.setAside(`Messages sent: ${message.sent}`);
            }
            break;
        case "refused":
            onRefused?.(message);
    }
}
