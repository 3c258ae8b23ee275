/** Who a message is for: everyone, one room, all rooms joined, or one person. */
export type Place =
    | { kind: "everyone" }
    | { kind: "room"; room: string }
    | { kind: "rooms" }
    | { kind: "person"; id: string };

export interface Entry {
    /** A note is about the chat, as who came and who left; a message is what somebody wrote. */
    kind: "note" | "message";
    text: string;
    at: Date;
    from?: string;
    own?: boolean;
    /** Set when the message did not arrive, with the reason. */
    failed?: string;
}

export interface Conversation {
    place: Place;
    entries: Entry[];
    unread: number;
}

export interface Person {
    name: string;
    here: boolean;
}

const longestLog = 500;

/** All this page knows: the service keeps no history, so it starts empty. */
export interface Chat {
    conversations: Map<string, Conversation>;
    /** By the id of their connection, so that one name may be there twice. */
    people: Map<string, Person>;
    current: string;
}

export const everyone: Place = { kind: "everyone" };

export function startChat(): Chat {
    const chat: Chat = { conversations: new Map(), people: new Map(), current: keyOf(everyone) };
    conversationAt(chat, everyone);
    return chat;
}

export function keyOf(place: Place): string {
    if (place.kind === "room") {
        return `room ${place.room}`;
    }
    return place.kind === "person" ? `person ${place.id}` : place.kind;
}

export function titleOf(chat: Chat, place: Place): string {
    switch (place.kind) {
        case "everyone":
            return "Everyone";
        case "rooms":
            return "All my rooms";
        case "room":
            return `# ${place.room}`;
        case "person":
            return nameOf(chat, place.id);
    }
}

export function nameOf(chat: Chat, id: string): string {
    return chat.people.get(id)?.name ?? "Somebody";
}

export function joinedRooms(chat: Chat): string[] {
    return [...chat.conversations.values()].flatMap(({ place }) => (place.kind === "room" ? [place.room] : []));
}

export function conversationAt(chat: Chat, place: Place): Conversation {
    const key = keyOf(place);
    const conversation = chat.conversations.get(key) ?? { place, entries: [], unread: 0 };
    chat.conversations.set(key, conversation);
    return conversation;
}

/** Adds an entry and returns it, so that the sender can mark it when it fails. */
export function addEntry(chat: Chat, { place, ...entry }: Entry & { place: Place }): Entry {
    const conversation = conversationAt(chat, place);
    conversation.entries.push(entry);
    conversation.entries.splice(0, conversation.entries.length - longestLog);
    if (entry.kind === "message" && keyOf(place) !== chat.current) {
        conversation.unread += 1;
    }
    return entry;
}

export function openConversation(chat: Chat, place: Place): void {
    conversationAt(chat, place).unread = 0;
    chat.current = keyOf(place);
}

export function closeConversation(chat: Chat, place: Place): void {
    chat.conversations.delete(keyOf(place));
    // "All my rooms" is there only while there is more than one.
    if (joinedRooms(chat).length < 2) {
        chat.conversations.delete("rooms");
    }
    if (!chat.conversations.has(chat.current)) {
        openConversation(chat, everyone);
    }
}
