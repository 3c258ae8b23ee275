import type { Row } from "../runner/types";
import { withContest } from "./contest";
import { playFanOut } from "./fanOut";
import { playRoundTrips } from "./roundTrips";

export const signalR: Row = {
    name: "signalr",
    title: "SignalR: JSON hub protocol",
    reference: "plain ws server doing the same",
    async run(context) {
        return withContest({ dialect: "signalr", ours: "signalREmulator", reference: "signalRPlain" }, async (play) => {
            const common = { context, play, aim: { atLeast: 0.7 } };
            return {
                results: [
                    await playRoundTrips({ ...common, clients: 1, what: "invocation round trip, 1 client" }),
                    await playRoundTrips({ ...common, clients: 100, what: "invocation round trip, 100 clients" }),
                    await playFanOut({ ...common, clients: 100, what: "broadcast to 100 clients" }),
                ],
            };
        });
    },
};
