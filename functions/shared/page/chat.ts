import {
    addEntry,
    closeConversation,
    conversationAt,
    everyone,
    joinedRooms,
    openConversation,
    type Place,
    startChat,
} from "./conversations";
import { onSubmit } from "./form";
import { byId, draw, redrawLog } from "./view";

export type SessionState = "connecting" | "online" | "offline";

export interface Someone {
    /** Id of the connection; undefined when the message does not carry it. */
    id?: string;
    name: string;
}

/** The actions of a session. A failed action rejects with a message for the user. */
export interface Service {
    /** `rooms` are the joined rooms, for a message that goes to all of them. */
    deliver(message: { place: Place; rooms: string[]; text: string }): Promise<unknown>;
    join(room: string): Promise<unknown>;
    leave(room: string): Promise<unknown>;
    announce(text: string): Promise<unknown>;
    /** The actions on one person, with the label of each button. */
    personActions: { label: string; act(id: string): Promise<unknown> }[];
}

/** The calls with which a session updates the page. */
export interface Page {
    /** `offline` ends the session and shows the name form again, with `text` as the reason. */
    setState(state: SessionState, text: string): void;
    /** Called for each new connection. The page then joins the rooms of the previous connection. */
    connected(ownId: string | undefined): void;
    /** Shows the announcement form until the session ends. */
    offerAnnouncing(): void;
    joinedRooms(): string[];
    arrived(someone: Someone): void;
    left(someone: Someone): void;
    /** Shows a message. The page ignores its own messages, because it has already shown them. */
    received(message: { place: Place; from: Someone; text: string }): void;
    note(text: string, place?: Place): void;
    announced(announcement: { from: string; text: string }): void;
    /** Shows a text at the top of the page. */
    setAside(text: string): void;
}

/** Runs the page: asks for a name, opens a session under that name, and shows messages and people. */
export function startPage(openSession: (name: string, page: Page) => Service): void {
    const chat = startChat();
    let service: Service | undefined;
    let ownId: string | undefined;
    /** People seen since the connection was lost. Others may have left unnoticed while this page was offline. */
    const metSinceLoss = new Set<string>();

    const redraw = () => draw(chat, { open, leave, personActions: personActions() });
    const personActions = () =>
        (service?.personActions ?? []).map(({ label, act }) => ({
            label,
            act: (id: string) =>
                attempt(act(id), (why) => note(`${label} did not work: ${why}`, { kind: "person", id })),
        }));

    function note(text: string, place: Place = everyone): void {
        addEntry(chat, { place, kind: "note", text, at: new Date() });
        redraw();
    }

    function open(place: Place): void {
        openConversation(chat, place);
        byId("side").classList.remove("open");
        byId("menu").setAttribute("aria-expanded", "false");
        byId("text").focus();
        redraw();
    }

    async function join(room: string): Promise<void> {
        await service?.join(room);
        conversationAt(chat, { kind: "room", room });
        if (joinedRooms(chat).length > 1) {
            conversationAt(chat, { kind: "rooms" });
        }
        open({ kind: "room", room });
    }

    async function leaveRoom(room: string): Promise<void> {
        await service?.leave(room);
        closeConversation(chat, { kind: "room", room });
        redraw();
    }

    function leave(room: string): void {
        attempt(leaveRoom(room), (why) => note(`You are still in this room: ${why}`, { kind: "room", room }));
    }

    function send(text: string): void {
        const place = chat.conversations.get(chat.current)?.place ?? everyone;
        const entry = addEntry(chat, { place, kind: "message", text, at: new Date(), own: true });
        redraw();
        attempt(service?.deliver({ place, rooms: joinedRooms(chat), text }), (why) => {
            entry.failed = why;
            redrawLog();
            redraw();
        });
    }

    function meet({ id, name }: Someone): void {
        if (id !== undefined && id !== ownId) {
            chat.people.set(id, { name, here: true });
            metSinceLoss.add(id);
        }
    }

    const page: Page = {
        setState(state, text) {
            if (state === "connecting" && byId("state").dataset.state === "online") {
                metSinceLoss.clear();
            }
            byId("state").dataset.state = state;
            byId("state-text").textContent = text;
            if (state === "offline") {
                byId("announce").hidden = true;
                byId("door").hidden = false;
                byId("chat").hidden = true;
                byId("door-error").textContent = text;
                byId("name").focus();
            }
        },
        connected(id) {
            ownId = id;
            for (const [personId, person] of chat.people) {
                person.here &&= metSinceLoss.has(personId);
            }
            redraw();
            for (const room of joinedRooms(chat)) {
                attempt(service?.join(room), (why) =>
                    note(`You are no longer in this room: ${why}`, { kind: "room", room }),
                );
            }
        },
        offerAnnouncing() {
            byId("announce").hidden = false;
        },
        joinedRooms: () => joinedRooms(chat),
        arrived(someone) {
            meet(someone);
            redraw();
        },
        left({ id, name }) {
            const person = id === undefined ? undefined : chat.people.get(id);
            if (person !== undefined) {
                person.here = false;
            }
            note(`${name} left`);
        },
        received({ place, from, text }) {
            if (from.id !== undefined && from.id === ownId) {
                return;
            }
            meet(from);
            addEntry(chat, { place, kind: "message", text, from: from.name, at: new Date() });
            redraw();
        },
        note,
        announced({ from, text }) {
            byId("announcement").textContent = `${from}: ${text}`;
            byId("announcement").hidden = false;
        },
        setAside(text) {
            byId("tick").textContent = text;
        },
    };

    onSubmit("enter", {
        field: "name",
        act: (name) => {
            byId("me").textContent = name;
            byId("door").hidden = true;
            byId("chat").hidden = false;
            byId("text").focus();
            redraw();
            service = openSession(name, page);
        },
    });
    onSubmit("write", { field: "text", act: send });
    onSubmit("join", {
        field: "room",
        act: (room) => attempt(join(room), (why) => note(`You could not join ${room}: ${why}`)),
    });
    onSubmit("announce", {
        field: "announce-text",
        act: (text) => attempt(service?.announce(text), (why) => note(`Not announced: ${why}`)),
    });
    byId("menu").addEventListener("click", () => {
        const isOpen = byId("side").classList.toggle("open");
        byId("menu").setAttribute("aria-expanded", String(isOpen));
    });
    byId("name").focus();
}

function attempt(asked: Promise<unknown> | undefined, onFailure: (why: string) => void): void {
    asked?.catch((error: unknown) => onFailure(error instanceof Error ? error.message : String(error)));
}
