import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import type { ServiceName } from "../../cli/services";
import { CheckError } from "../../cli/verify/check";
import type { Client } from "../../cli/verify/clients/client";
import { runSignalRClient } from "../../cli/verify/clients/signalR";
import { runSocketIOClient } from "../../cli/verify/clients/socketIO";
import { runWebPubSubClient } from "../../cli/verify/clients/webPubSub";

const clients: [ServiceName, Client][] = [
    ["socketio", runSocketIOClient],
    ["webpubsub", runWebPubSubClient],
    ["signalr", runSignalRClient],
];
const open = '0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}';
const filler = "a".repeat(200_000);
/** A message that the client reads and does not wait for. */
const unasked: Record<ServiceName, (text: string) => string> = {
    socketio: (text) => `42["x","${text}"]`,
    webpubsub: (text) => `{"type":"x","data":"${text}"}`,
    signalr: (text) => `"${text}"\u001e`,
};

/** Texts that no service sends first, and what each of them may make of a client. */
const openings: [what: string, texts: string[]][] = [
    ["null", ["null"]],
    ["an open packet of null", ["0null"]],
    ["an open packet of a list, then events", ["0[]", '42["x"]']],
    ["an open packet that is cut", ['0{"sid":']],
    ["a packet of no kind", ["xyz"]],
    ["nothing", [""]],
    ["a deep text", [`${"[".repeat(100_000)}`]],
    ["a deep event", [open, `42${"[".repeat(100_000)}${"]".repeat(100_000)}`]],
    ["a handshake with an error that is an object", ['{"error":{"error":{}}}\u001e']],
    ["a binary event whose parts never come", [open, '451000-["x",{"_placeholder":true,"num":0}]', "b"]],
];

describe("the clients of azure-realtime verify, at a service that is none", () => {
    let server: Server;
    let behave: (socket: WebSocket) => void;
    let url: string;
    before(async () => {
        server = createServer();
        const sockets = new WebSocketServer({ server, perMessageDeflate: true });
        sockets.on("connection", (socket) => {
            socket.on("error", () => undefined);
            behave(socket);
        });
        server.listen(0, "127.0.0.1");
        await once(server, "listening");
        url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/client`;
    });
    after(() => {
        server.closeAllConnections();
        server.close();
    });

    const run = (client: Client, service: ServiceName, milliseconds: number) =>
        client({ negotiated: { service, url, path: "/clients/socketio/hubs/hub", token: "a.b.c" }, milliseconds });

    for (const [service, client] of clients) {
        for (const [what, texts] of openings) {
            it(`end with a reason when ${service} begins with ${what}`, async () => {
                behave = (socket) => {
                    for (const text of texts) {
                        socket.send(text);
                    }
                    socket.close();
                };
                await assert.rejects(run(client, service, 5000), (error) => {
                    assert.ok(error instanceof CheckError || error instanceof SyntaxError, String(error));
                    assert.doesNotMatch(error.message, /within 5 s/);
                    return true;
                });
            });
        }

        it(`read no more than 1 MiB of ${service}, in one message or in many`, async () => {
            let sent = 0;
            behave = (socket) => {
                const fill = () => {
                    if (socket.readyState === socket.OPEN) {
                        sent += filler.length;
                        socket.send(unasked[service](filler), fill);
                    }
                };
                if (service === "socketio") {
                    socket.send(open);
                }
                fill();
            };
            await assert.rejects(run(client, service, 10_000), /more than 1 MiB/);
            assert.ok(sent < 20 * 1024 * 1024, String(sent));
            behave = (socket) => socket.send(unasked[service](filler.repeat(6)));
            await assert.rejects(run(client, service, 10_000), /Max payload size exceeded|websocket error/);
        });
    }
});
