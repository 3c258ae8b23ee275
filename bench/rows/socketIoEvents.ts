import type { Row } from "../runner/types";
import { withContest } from "./contest";
import { playRoundTrips } from "./roundTrips";

export const socketIoEvents: Row = {
    name: "socketio-events",
    title: "Socket.IO: event to ack through the handler",
    reference: "plain socket.io, one HTTP call per event",
    async run(context) {
        return withContest(
            {
                dialect: "socketio",
                ours: "socketIoEmulator",
                reference: "socketIoPlain",
            },
            async (play) => {
                const results = [];
                for (const clients of [1, 100]) {
                    const what = clients === 1 ? "1 client" : `${clients} clients`;
                    results.push(await playRoundTrips({ context, play, clients, what, aim: { atLeast: 0.8 } }));
                }
                return { results };
            },
        );
    },
};
