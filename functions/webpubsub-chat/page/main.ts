import { SendMessageError, type WebPubSubClient } from "@azure/web-pubsub-client";
import { type Page, startPage } from "../../shared/page/chat";
import { everyone } from "../../shared/page/conversations";
import { showMessage } from "./messages";
import { openSession } from "./session";

const lobby = "lobby";

startPage((name, page) => {
    /** Reasons by event. The app sends a refusal before the service acknowledges the event. */
    const refusals = new Map<string, string>();
    const client = openSession({
        name,
        onConnected: ({ connectionId, userId }) => {
            page.connected(connectionId);
            if (userId.startsWith("admin")) {
                page.offerAnnouncing();
            }
        },
        onState: page.setState,
    });
    client.on("server-message", ({ message }) =>
        showMessage({ page, data: message.data, onRefused: ({ event, error }) => refusals.set(event, error) }),
    );
    client.on("group-message", ({ message }) =>
        receiveFromGroup({ page, group: message.group, from: message.fromUserId, data: message.data }),
    );

    const ask = async (event: string, data: Record<string, unknown> | string = "") => {
        refusals.delete(event);
        await explained(client.sendEvent(event, data, typeof data === "string" ? "text" : "json"));
        const refusal = refusals.get(event);
        if (refusal !== undefined) {
            throw new Error(refusal);
        }
    };
    return {
        deliver: ({ place, rooms, text }) => {
            switch (place.kind) {
                case "everyone":
                    return ask("message", text);
                case "room":
                    return publish({ client, groups: [place.room], text });
                case "rooms":
                    return publish({ client, groups: rooms, text });
                case "person":
                    return ask("whisper", { connectionId: place.id, text });
            }
        },
        join: (group) => ask("join", { group }),
        leave: (group) => ask("leave", { group }),
        announce: (text) => ask("announce", text),
        personActions: [{ label: "Remove", act: (connectionId) => ask("kick", { connectionId }) }],
    };
});

/** Sends to groups without the app: a client gets the right to do so when it joins a group. */
function publish({ client, groups, text }: { client: WebPubSubClient; groups: string[]; text: string }) {
    return explained(Promise.all(groups.map((group) => client.sendToGroup(group, { text }, "json", { noEcho: true }))));
}

interface FromGroup {
    page: Page;
    group: string;
    /** User id, set by the service. Empty when the app itself wrote to the group. */
    from: string | undefined;
    data: unknown;
}

function receiveFromGroup({ page, group, from, data }: FromGroup): void {
    const { text, type } = data as { text?: unknown; type?: unknown };
    if (typeof text === "string" && type === undefined) {
        page.received({
            place: group === lobby ? everyone : { kind: "room", room: group },
            from: { name: from || "Somebody" },
            text,
        });
    } else if (!from) {
        showMessage({ page, data });
    }
}

/** Turns a failure into an error with a message for the user. */
async function explained<Result>(sent: Promise<Result>): Promise<Result> {
    return sent.catch((error: unknown) => {
        throw new Error(
            error instanceof SendMessageError && error.errorDetail !== undefined
                ? `${error.errorDetail.name}: ${error.errorDetail.message}`
                : "the chat is not connected",
        );
    });
}
