import { openClients } from "../load/clients";
import { type Dialect, type DialectName, dialects } from "../load/dialects";
import { measureFanOut, type SendCall } from "../load/fanOut";
import type { RawSocket } from "../load/rawSocket";
import { measureRoundTrips } from "../load/roundTrips";
import { answerCalls } from "../runner/answerCalls";

let clients: RawSocket[] = [];
let dialect: Dialect = dialects.socketio;

answerCalls({
    async connect(o: { urls: string[]; dialect: DialectName; atOnce: number }) {
        dialect = dialects[o.dialect];
        const began = performance.now();
        clients = await openClients({ ...o, dialect });
        return { perSecond: o.urls.length / ((performance.now() - began) / 1000) };
    },
    roundTrips: ({ milliseconds }: { milliseconds: number }) => measureRoundTrips({ clients, dialect, milliseconds }),
    fanOut: (o: { milliseconds: number; call?: SendCall }) => measureFanOut({ clients, dialect, ...o }),
    disconnect() {
        for (const client of clients) {
            client.close();
        }
        clients = [];
    },
});
