import { type HubConnection, HubConnectionState } from "@microsoft/signalr";
import { type Page, startPage } from "../../shared/page/chat";
import { everyone, type Place } from "../../shared/page/conversations";
import { openSession } from "./session";

interface Someone {
    connectionId: string;
    userId: string;
}

interface Written {
    from: string;
    connectionId: string;
    text: string;
}

startPage((name, page) => {
    const connection = openSession({
        name,
        onConnected: (connectionId) => {
            page.connected(connectionId);
            if (name.startsWith("admin")) {
                page.offerAnnouncing();
            }
        },
        onState: page.setState,
    });
    listen({ page, connection });

    const ask = async (method: string, ...parameters: unknown[]) => {
        if (connection.state !== HubConnectionState.Connected) {
            throw new Error("the chat is not connected");
        }
        const result: unknown = await connection.invoke(method, ...parameters);
        if (typeof result === "object" && result !== null && "error" in result) {
            throw new Error(String(result.error));
        }
    };
    return {
        deliver: ({ place, rooms, text }) => {
            switch (place.kind) {
                case "everyone":
                    return ask("broadcast", text);
                case "room":
                    return ask("sendToGroup", place.room, text);
                case "rooms":
                    return Promise.all(rooms.map((group) => ask("sendToGroup", group, text)));
                case "person":
                    return ask("sendToConnection", place.id, text);
            }
        },
        join: (group) => ask("joinGroup", group),
        leave: (group) => ask("leaveGroup", group),
        announce: (text) => ask("announce", text),
        personActions: [],
    };
});

function listen({ page, connection }: { page: Page; connection: HubConnection }): void {
    const isOwn = (connectionId: string) => connectionId === connection.connectionId;
    const receive = (place: Place, { from, connectionId, text }: Written) =>
        page.received({ place, from: { id: connectionId, name: from }, text });

    connection.on("welcome", ({ userId }: Someone) => page.note(`Welcome, ${userId}`));
    connection.on("joined", ({ connectionId, userId }: Someone) => {
        if (!isOwn(connectionId)) {
            page.arrived({ id: connectionId, name: userId });
            page.note(`${userId} joined`);
        }
    });
    connection.on("left", ({ connectionId, userId }: Someone) => page.left({ id: connectionId, name: userId }));
    connection.on("message", (written: Written) => receive(everyone, written));
    connection.on("whisper", (written: Written) => receive({ kind: "person", id: written.connectionId }, written));
    connection.on("groupMessage", ({ group, ...written }: Written & { group: string }) =>
        receive({ kind: "room", room: group }, written),
    );
    connection.on("groupJoined", ({ group, connectionId, userId }: Someone & { group: string }) => {
        if (!isOwn(connectionId)) {
            page.arrived({ id: connectionId, name: userId });
            page.note(`${userId} joined this room`, { kind: "room", room: group });
        }
    });
    connection.on("groupLeft", ({ group, userId }: Someone & { group: string }) =>
        page.note(`${userId} left this room`, { kind: "room", room: group }),
    );
    connection.on("invited", ({ group, from }: { group: string; from: string }) =>
        page.note(`${from} added you to this room`, { kind: "room", room: group }),
    );
    connection.on("dismissed", ({ group, from }: { group: string; from: string }) =>
        page.note(`${from} removed you from ${group}`),
    );
    connection.on("announcement", page.announced);
}
