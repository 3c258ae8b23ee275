import type { Row } from "../runner/types";
import { withContest } from "./contest";
import { playFanOut } from "./fanOut";

export const socketIoFanOut: Row = {
    name: "socketio-fan-out",
    title: "Socket.IO: one REST send to everyone",
    reference: "plain socket.io, io.emit of a plain POST's body",
    async run(context) {
        return withContest(
            {
                dialect: "socketio",
                ours: "socketIoEmulator",
                reference: "socketIoPlain",
            },
            async (play) => {
                const results = [];
                for (const clients of context.quick ? [10, 100] : [10, 100, 1000]) {
                    const what = `${clients} sockets`;
                    results.push(await playFanOut({ context, play, clients, what, aim: { atLeast: 0.8 } }));
                }
                return { results };
            },
        );
    },
};
