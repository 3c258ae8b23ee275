import assert from "node:assert/strict";
import { until } from "../../support/until";
import { json, reliable, startWebPubSub, type WebPubSubTest } from "../../support/webPubSubService";

const everything = ["webpubsub.joinLeaveGroup", "webpubsub.sendToGroup"];

/** Forms that the vendor's own emulator takes or refuses: Azure/azure-webpubsub, tools/emulator. */
describe("Web PubSub messages in unusual forms", () => {
    let test: WebPubSubTest;
    before(async () => {
        test = await startWebPubSub();
    });
    after(() => test.close());

    const ackIds = "WebPubSubJsonV1Protocol.cs, GetOptionalUInt64";
    for (const number of ["0", "7", "9007199254740993", "18446744073709551615"]) {
        it(`takes the ackId ${number}`, async () => {
            const client = await test.client({ protocols: [json], roles: everything });
            client.send(`{"type":"joinGroup","group":"g","ackId" : ${number} }`);
            await client.next();
            client.socket.once("message", (data) => client.received.push(String(data)));
            client.send(`{"type":"joinGroup","group":"g","ackId":${number}}`);
            const answer = await client.next();
            assert.deepEqual((answer as { error: unknown }).error, {
                name: "Duplicate",
                message: `Message with ack-id: ${number} has been processed`,
            });
        });
    }

    const wrongNumbers = ["1.0", "1e3", "1E0", "10e-1", "-0", "-1", "18446744073709551616", '"1"', "true", "[1]", "{}"];
    const numbered: [type: string, message: (number: string) => string][] = [
        ["joinGroup", (number) => `{"type":"joinGroup","group":"g","ackId":${number}}`],
        ["ping", (number) => `{"type":"ping","ackId":${number}}`],
        ["sequenceAck", (number) => `{"type":"sequenceAck","sequenceId":${number}}`],
        ["ttlSeconds", (number) => `{"type":"sendToGroup","group":"g","data":1,"ttlSeconds":${number}}`],
    ];
    for (const [type, message] of numbered) {
        it(`closes a client whose number in ${type} is none of 64 bits (${ackIds})`, async () => {
            for (const number of wrongNumbers) {
                const client = await test.client({ protocols: [reliable], roles: everything });
                client.send(message(number));
                assert.equal((await client.closed).code, 1007, number);
            }
        });
    }

    const wrongMembers: [what: string, message: string][] = [
        ["noEcho that is null", '{"type":"sendToGroup","group":"g","data":1,"noEcho":null}'],
        ["noEcho that is a number", '{"type":"sendToGroup","group":"g","data":1,"noEcho":1}'],
        ["a dataType that is null", '{"type":"event","event":"e","data":1,"dataType":null}'],
        ["the dataType protobuf", '{"type":"event","event":"e","data":"eHl6","dataType":"Protobuf"}'],
        ["data that is null", '{"type":"event","event":"e","data":null}'],
        ["no sequenceId", '{"type":"sequenceAck"}'],
        ["a sequenceId that is null", '{"type":"sequenceAck","sequenceId":null}'],
        ["a metadata key twice", '{"type":"event","event":"e","data":1,"metadata":{"a":"1","a":"2"}}'],
        [
            "a metadata key twice, once escaped",
            '{"type":"event","event":"e","data":1,"metadata":{"a":"1","\\u0061":"2"}}',
        ],
        ["a member in another case", '{"Type":"ping"}'],
        ["a byte order mark", '\ufeff{"type":"ping"}'],
        ["a comma too many", '{"type":"ping",}'],
    ];
    for (const [what, message] of wrongMembers) {
        it(`closes a client that sends ${what}`, async () => {
            const client = await test.client({ protocols: [json], roles: everything });
            client.send(message);
            assert.equal((await client.closed).code, 1007);
        });
    }

    it("takes the data types in any case, as the .NET client writes them, and a null where a number may be missing", async () => {
        const client = await test.client({ protocols: [json], roles: everything, groups: ["g"] });
        for (const [dataType, data] of [
            ["Text", '"xzy"'],
            ["Json", '{"Value":"xyz"}'],
            ["Binary", '"eHl6"'],
        ]) {
            client.send(
                `{"type":"SENDTOGROUP","group":"g","ackId":null,"ttlSeconds":null,"dataType":"${dataType}","data":${data}}`,
            );
            assert.equal((await client.next()).dataType, dataType?.toLowerCase());
        }
    });

    it("keeps metadata keys apart that differ in case only (MetadataKeysAreCaseSensitive)", async () => {
        const client = await test.client({ protocols: [json], roles: everything, groups: ["g"] });
        client.send('{"type":"sendToGroup","group":"g","data":1,"metadata":{"Trace":"one","trace":"two"}}');
        assert.deepEqual((await client.next()).metadata, { Trace: "one", trace: "two" });
    });

    it("takes the last of several values of a metadata header (GetMetadata)", async () => {
        const client = await test.client({ protocols: [json] });
        const headers = { "X-WebPubSub-Metadata-Trace": "first, middle ,  last ", "X-WebPubSub-Metadata-": "ignored" };
        await test.rest("POST", "/api/hubs/chat/:send", { body: "x", contentType: "text/plain", headers });
        assert.deepEqual((await client.next()).metadata, { trace: "last" });
    });

    const modes: [query: string, status: "open" | 400, protocol?: string][] = [
        ["webpubsub_mode=", "open"],
        ["webpubsub_mode=SENDEVENT&group=&noEcho=invalid", "open"],
        ["webpubsub_mode=invalid&webpubsub_mode=sendEvent", "open"],
        ["webpubsub_mode=sendToGroup&group=%20&group=g&noEcho=", "open"],
        ["webpubsub_mode=SendToGroup&group=g&noEcho=TRUE", "open"],
        ["webpubsub_mode=sendToGroup&group=g&noEcho=yes", 400],
        ["webpubsub_mode=sendToGroup&group=g&group=", 400],
        ["webpubsub_mode=sendEvent&webpubsub_mode=invalid", 400],
        ["webpubsub_mode=invalid", 400, json],
    ];
    for (const [query, expected, protocol] of modes) {
        it(`${expected === 400 ? "refuses" : "takes"} ?${query} of a client with ${protocol ?? "no subprotocol"}`, async () => {
            // A repeated parameter stays repeated only in a text.
            const parameters = [...new URLSearchParams(query)].map(([name, value]) => `${name}=${value}`);
            const [first = "", ...rest] = parameters;
            const [name = "", value = ""] = first.split("=");
            const options = { protocols: protocol === undefined ? [] : [protocol], query: { [name]: value } };
            const url = test.url;
            test.url = async (client) => `${await url(client)}&${rest.join("&")}`;
            try {
                const status = expected === 400 ? await test.refused(options) : (await test.client(options)) && "open";
                assert.equal(status, expected);
            } finally {
                test.url = url;
            }
        });
    }

    it("reports a client's own reason for a normal close", async () => {
        const client = await test.client({ protocols: [reliable], userId: "leaving" });
        client.socket.close(1000, "test-close");
        await client.closed;
        const reasons = () =>
            test.handler
                .events()
                .filter(({ headers }) => headers["ce-userid"] === "leaving")
                .map(({ body }) => body);
        await until(() => reasons().includes('{"reason":"test-close"}'), "the reason");
    });
});
