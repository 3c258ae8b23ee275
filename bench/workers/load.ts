import { openClients } from "../load/clients";
import { type Dialect, type DialectName, dialects } from "../load/dialects";
import { measureFanOut, type SendCall } from "../load/fanOut";
import type { RawSocket } from "../load/rawSocket";
import { measureRoundTrips } from "../load/roundTrips";
import { answerCalls } from "../runner/answerCalls";

let clients: RawSocket[] = [];
let dialect: Dialect = dialects.socketio;

answerCalls({
    async connect(options: { urls: string[]; dialect: DialectName; atOnce: number }) {
        dialect = dialects[options.dialect];
        const began = performance.now();
        clients = await openClients({ ...options, dialect });
        return { perSecond: options.urls.length / ((performance.now() - began) / 1000) };
    },
    roundTrips: ({ milliseconds }: { milliseconds: number }) => measureRoundTrips({ clients, dialect, milliseconds }),
    fanOut: (options: { milliseconds: number; call?: SendCall }) => measureFanOut({ clients, dialect, ...options }),
    disconnect() {
        for (const client of clients) {
            client.close();
        }
        clients = [];
    },
});
