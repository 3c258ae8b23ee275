/** The recipients of a message: everyone, one room, all joined rooms, or one person. */
export type Place =
    | { kind: "everyone" }
    | { kind: "room"; room: string }
    | { kind: "rooms" }
    | { kind: "person"; id: string };

export interface Entry {
    /** A note reports an event of the chat, such as a person joining; a message was written by a person. */
    kind: "note" | "message";
    text: string;
    at: Date;
    from?: string;
    own?: boolean;
    /** Why the message was not delivered. */
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

/** State of the page. It starts empty, because the service keeps no history. */
export interface Chat {
    conversations: Map<string, Conversation>;
    /** By connection id, because two people may have the same name. */
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

/** Adds an entry and returns it, so that the caller can mark it as failed. */
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
    // "All my rooms" appears only while more than one room is joined.
    if (joinedRooms(chat).length < 2) {
        chat.conversations.delete("rooms");
    }
    if (!chat.conversations.has(chat.current)) {
        openConversation(chat, everyone);
    }
}
