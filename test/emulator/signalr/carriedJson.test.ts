import assert from "node:assert/strict";
import { once } from "node:events";
import { decode } from "@msgpack/msgpack";
import { WebSocket } from "ws";
import { awkwardJson } from "../../support/awkwardJson";
import {
    called,
    LongPolling,
    ServerSentEvents,
    startSignalR,
    type TestSignalR,
    WebSockets,
} from "../../support/signalRService";

// Sources: PayloadMessage.cs of Azure/azure-signalr, whose arguments are values of any type; JsonHubProtocol.cs of dotnet/aspnetcore,
// which writes a JsonElement with its digits; JsonObjectConverter.cs of Azure/azure-signalr, which makes a whole number a 64-bit one.

describe("SignalR service: JSON that is carried through", () => {
    let test: TestSignalR;
    const sockets: WebSocket[] = [];
    beforeEach(async () => {
        test = await startSignalR();
    });
    afterEach(() => {
        for (const socket of sockets.splice(0)) {
            socket.terminate();
        }
        return test.close();
    });

    /** A client that shows the bytes of its messages. */
    async function open(protocol: "json" | "messagepack"): Promise<() => Promise<Buffer>> {
        const address = `${test.service.endpoint.replace(/^http/, "ws")}/client/?hub=chat`;
        const socket = new WebSocket(address, { headers: { Authorization: `Bearer ${test.token()}` } });
        sockets.push(socket);
        const next = async (): Promise<Buffer> => ((await once(socket, "message")) as [Buffer])[0];
        await once(socket, "open");
        socket.send(`{"protocol":"${protocol}","version":1}\x1e`);
        assert.equal((await next()).toString(), "{}\x1e");
        return next;
    }

    async function send(body: string): Promise<void> {
        const answer = await test.rest("POST", "/api/hubs/chat/:send?api-version=2022-06-01", { body });
        assert.equal(answer.status, 202);
    }

    it("reaches clients of the JSON protocol as it was written", async () => {
        const next = await open("json");
        for (const text of awkwardJson) {
            const received = next();
            await send(`{ "Target" : "news" , "Arguments" : [${text}, "x"] }`);
            assert.equal((await received).toString(), `{"type":1,"target":"news","arguments":[${text}, "x"]}\x1e`);
        }
        for (const body of ['{"Target":"news"}', '{"target":"news","arguments":[1],"ARGUMENTS":[]}']) {
            const received = next();
            await send(body);
            assert.equal((await received).toString(), '{"type":1,"target":"news","arguments":[]}\x1e');
        }
    });

    for (const [name, transport] of Object.entries({ WebSockets, ServerSentEvents, LongPolling })) {
        it(`may have line breaks between its values over ${name}`, async () => {
            const client = await test.connect({ transport });
            for (const lineBreak of ["\n", "\r\n", "\r", "\n\n"]) {
                const heard = called(client, "news");
                await send('{"Target":"news","Arguments":[ {"a":"é"},2 ]}'.replaceAll(" ", lineBreak));
                assert.deepEqual(await heard, [{ a: "é" }, 2]);
            }
        });
    }

    it("reaches clients of MessagePack with all 64 bits of a whole number", async () => {
        const next = await open("messagepack");
        const received = next();
        await send(
            '{"Target":"news","Arguments":[9007199254740993,-9223372036854775808,{"a":[18446744073709551615]},5000000000,' +
                '-5000000000,7,1.5,18446744073709551616,1e400,"9007199254740993",null,true]}',
        );
        const framed = await received;
        const [, , , target, list] = decode(framed.subarray(framed[0]! > 0x7f ? 2 : 1), {
            useBigInt64: true,
        }) as unknown[];
        assert.equal(target, "news");
        assert.deepEqual(list, [
            9007199254740993n,
            -9223372036854775808n,
            { a: [18446744073709551615n] },
            5000000000n,
            -5000000000n,
            7,
            1.5,
            2 ** 64,
            Number.POSITIVE_INFINITY,
            "9007199254740993",
            null,
            true,
        ]);
    });
});
