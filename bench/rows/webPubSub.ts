import type { Row } from "../runner/types";
import { openContest } from "./contest";
import { playFanOut } from "./fanOut";
import { playRoundTrips } from "./roundTrips";

export const webPubSub: Row = {
    name: "webpubsub",
    title: "Web PubSub: JSON subprotocol",
    reference: "plain ws server, same broadcast",
    async run(context) {
        const contest = await openContest({
            dialect: "webpubsub",
            ours: "webPubSubEmulator",
            reference: "webPubSubPlain",
        });
        const common = { context, play: contest.play, aim: { atLeast: 0.8 } };
        try {
            return {
                results: [
                    await playFanOut({ ...common, clients: 100, what: "group message to 100 members" }),
                    await playRoundTrips({ ...common, clients: 1, what: "send to ack, 1 client" }),
                    await playRoundTrips({ ...common, clients: 100, what: "send to ack, 100 clients" }),
                ],
            };
        } finally {
            await contest.close();
        }
    },
};
