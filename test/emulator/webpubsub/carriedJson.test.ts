import assert from "node:assert/strict";
import { once } from "node:events";
import { awkwardJson } from "../../support/awkwardJson";
import { json, reliable, startWebPubSub, type TestClient, type WebPubSubTest } from "../../support/webPubSubService";

// Source: WebPubSubJsonV1Protocol.cs of Microsoft's emulator: it keeps GetRawText() of `data` and writes it with WriteRawValue.

async function nextText({ socket }: TestClient): Promise<string> {
    const [data] = (await once(socket, "message")) as [Buffer];
    return data.toString("utf8");
}

describe("Web PubSub: JSON that is carried through", () => {
    let test: WebPubSubTest;
    beforeEach(async () => {
        test = await startWebPubSub();
    });
    afterEach(() => test.close());

    for (const protocol of [json, reliable]) {
        it(`reaches the handler of a client of ${protocol} as it was written`, async () => {
            const client = await test.client({ protocols: [protocol] });
            for (const [index, text] of awkwardJson.entries()) {
                client.socket.send(`{ "type":"event", "event":"e${index}" , "data" : ${text} , "ackId":${index} }`);
                assert.equal((await test.event(`e${index}`)).body, text);
            }
        });

        it(`reaches members of a group with ${protocol} as it was written`, async () => {
            const member = await test.client({ protocols: [protocol], groups: ["g"] });
            const sender = await test.client({ protocols: [json], roles: ["webpubsub.sendToGroup"] });
            for (const text of awkwardJson) {
                const received = nextText(member);
                sender.socket.send(`{"data":${text},"type":"sendToGroup","group":"g","dataType":"json"}`);
                assert.ok((await received).includes(`,"dataType":"json","data":${text}`), text);
            }
        });
    }

    it("reaches clients from the REST API and from a handler's answer as it was written", async () => {
        let answer = "{}";
        const client = await test.client({ protocols: [json] });
        test.handler.respond = () => ({ headers: { "content-type": "application/json" }, body: answer });
        for (const text of awkwardJson) {
            const expected = `{"type":"message","from":"server","dataType":"json","data":${text}}`;
            const sent = nextText(client);
            await test.rest("POST", "/api/hubs/chat/:send", { body: text, contentType: "application/json" });
            assert.equal(await sent, expected);
            answer = text;
            const answered = nextText(client);
            client.send({ type: "event", event: "ask", data: 1 });
            assert.equal(await answered, expected);
        }
    });

    it("is the last of several members that are called data, in whatever spelling", async () => {
        const client = await test.client({ protocols: [json] });
        client.socket.send('{"data":1,"x":{"data":2},"type":"event","event":"e","d\\u0061ta":3.0,"Data":4}');
        assert.equal((await test.event("e")).body, "3.0");
    });

    // Source: GetOptionalUInt64 of WebPubSubJsonV1Protocol.cs, and AckCache.cs, whose ids are ulong.
    it("has ack ids of 64 bits", async () => {
        const client = await test.client({ protocols: [reliable], roles: ["webpubsub.joinLeaveGroup.g"] });
        for (const id of ["9007199254740991", "9007199254740992", "9007199254740993", "18446744073709551615"]) {
            const join = `{"type":"joinGroup","group":"g","ackId":${id}}`;
            const acknowledged = nextText(client);
            client.socket.send(join);
            assert.equal(await acknowledged, `{"type":"ack","ackId":${id},"success":true}`);
            const repeated = nextText(client);
            client.socket.send(join);
            const error = `{"name":"Duplicate","message":"Message with ack-id: ${id} has been processed"}`;
            assert.equal(await repeated, `{"type":"ack","ackId":${id},"success":false,"error":${error}}`);
        }
        client.socket.send('{"type":"sequenceAck","sequenceId":18446744073709551615}');
        const pong = nextText(client);
        client.socket.send('{"type":"ping"}');
        assert.equal(await pong, '{"type":"pong"}');
    });

    for (const id of ["18446744073709551616", "1e19", "-1", "9007199254740993.5", '"1"', "1e400"]) {
        it(`closes a client whose ack id is ${id}`, async () => {
            const client = await test.client({ protocols: [json] });
            client.socket.send(`{"type":"joinGroup","group":"g","ackId":${id}}`);
            assert.equal((await client.closed).code, 1007);
            assert.match(test.warnings(), /'ackId' is not an integer from 0 to 18446744073709551615/);
        });
    }
});
