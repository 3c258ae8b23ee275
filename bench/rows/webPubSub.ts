import type { Row } from "../runner/types";
import { withContest } from "./contest";
import { playFanOut } from "./fanOut";
import { playRoundTrips } from "./roundTrips";

export const webPubSub: Row = {
    name: "webpubsub",
    title: "Web PubSub: JSON subprotocol",
    reference: "plain ws server, same broadcast",
    async run(context) {
        return withContest(
            {
                dialect: "webpubsub",
                ours: "webPubSubEmulator",
                reference: "webPubSubPlain",
            },
            async (play) => {
                const common = { context, play, aim: { atLeast: 0.8 } };
                return {
                    results: [
                        await playFanOut({ ...common, clients: 100, what: "group message to 100 members" }),
                        await playRoundTrips({ ...common, clients: 1, what: "send to ack, 1 client" }),
                        await playRoundTrips({ ...common, clients: 100, what: "send to ack, 100 clients" }),
                    ],
                };
            },
        );
    },
};
