import type { Socket } from "socket.io-client";
import { type Page, startPage } from "../../shared/page/chat";
import { everyone, type Place } from "../../shared/page/conversations";
import { openSession } from "./session";

interface Someone {
    socketId: string;
    userId?: string;
}

interface Written {
    from: string;
    socketId: string;
    text: string;
}

const ackTimeout = 10_000;

startPage((name, page) => {
    let socket: Socket | undefined;
    let admin: Socket | undefined;
    openSession({
        name,
        onSocket: (main, forAdmins) => {
            socket = main;
            admin = forAdmins;
            listen({ page, socket: main, admin: forAdmins });
        },
        onState: page.setState,
    });
    return {
        deliver: ({ place, rooms, text }) => {
            switch (place.kind) {
                case "everyone":
                    return ask(socket, "message", text);
                case "room":
                    return ask(socket, "to room", place.room, text);
                case "rooms":
                    return ask(socket, "to rooms", rooms, text);
                case "person":
                    return ask(socket, "whisper", place.id, text);
            }
        },
        join: (room) => ask(socket, "join room", room),
        leave: (room) => ask(socket, "leave room", room),
        announce: (text) => ask(admin, "announce", text),
        personActions: [
            { label: "Remove", act: (id) => ask(socket, "kick", id) },
            { label: "Disconnect", act: (id) => ask(socket, "kick hard", id) },
        ],
    };
});

/** Sends an event and waits for its acknowledgement. Throws when none arrives, or when it contains an error. */
async function ask(target: Socket | undefined, event: string, ...parameters: unknown[]): Promise<unknown> {
    if (!target?.connected) {
        throw new Error("the chat is not connected");
    }
    const answer: unknown = await target
        .timeout(ackTimeout)
        .emitWithAck(event, ...parameters)
        .catch(() => ({ error: "the chat did not answer in time" }));
    if (typeof answer === "object" && answer !== null && "error" in answer) {
        throw new Error(String(answer.error));
    }
    return answer;
}

function listen({ page, socket, admin }: { page: Page; socket: Socket; admin: Socket | undefined }): void {
    const person = ({ socketId, userId = "Somebody" }: Someone) => ({ id: socketId, name: userId });
    const receive = (place: Place, { from, socketId, text }: Written) =>
        page.received({ place, from: { id: socketId, name: from }, text });

    socket.on("connect", () => page.connected(socket.id));
    admin?.on("connect", page.offerAnnouncing);
    socket.on("welcome", ({ userId }: Someone) => page.note(`Welcome, ${userId}`));
    socket.on("joined", (someone: Someone) => {
        page.arrived(person(someone));
        page.note(`${someone.userId} joined`);
    });
    socket.on("left", (someone: Someone) => page.left(person(someone)));
    socket.on("message", (written: Written) => receive(everyone, written));
    socket.on("whisper", (written: Written) => receive({ kind: "person", id: written.socketId }, written));
    socket.on("room message", (written: Written & { room: string }) =>
        receive({ kind: "room", room: written.room }, written),
    );
    socket.on("rooms message", (written: Written & { rooms: string[] }) => {
        const room = written.rooms.find((candidate) => page.joinedRooms().includes(candidate));
        receive(room === undefined ? everyone : { kind: "room", room }, written);
    });
    socket.on("room joined", ({ room, ...someone }: Someone & { room: string }) => {
        page.arrived(person(someone));
        page.note(`${someone.userId} joined this room`, { kind: "room", room });
    });
    socket.on("room left", ({ room, userId }: Someone & { room: string }) =>
        page.note(`${userId} left this room`, { kind: "room", room }),
    );
    socket.on("announcement", page.announced);
    socket.on("tick", ({ at }: { at: string }) => page.setAside(`Service time ${new Date(at).toLocaleTimeString()}`));
}
