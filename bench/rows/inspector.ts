import type { Row } from "../runner/types";
import { type Contest, withContest } from "./contest";
import { playRoundTrips } from "./roundTrips";

const products: (Omit<Contest, "reference" | "inspect"> & { what: string })[] = [
    { what: "Web PubSub: send to ack, 100 clients", dialect: "webpubsub", ours: "webPubSubEmulator" },
    { what: "Socket.IO: event to ack, 100 clients", dialect: "socketio", ours: "socketIoEmulator" },
];

export const inspector: Row = {
    name: "inspector",
    title: "Inspector: a service while its page is open",
    reference: "the same service without an open page",
    async run(context) {
        const results = [];
        for (const { what, dialect, ours } of products) {
            const contest = { dialect, ours, reference: ours, inspect: true };
            results.push(
                await withContest(contest, (play) =>
                    playRoundTrips({ context, play, clients: 100, what, aim: { atLeast: 0.8 } }),
                ),
            );
        }
        return { results };
    },
};
