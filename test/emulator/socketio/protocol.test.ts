import assert from "node:assert/strict";
import fc from "fast-check";
import {
    decodePacket,
    encodeConnect,
    encodeConnectError,
    namespaceGroup,
    type Outgoing,
    PacketError,
    parseOutgoing,
    roomGroup,
} from "../../../emulator/socketio/protocol";

describe("Socket.IO packets", () => {
    const groups: [namespace: string, room: string, group: string][] = [
        ["/", "rm", "0~Lw~cm0"],
        ["/ns", "rm", "0~L25z~cm0"],
        ["/ns", "socket1", "0~L25z~c29ja2V0MQ"],
        ["/ns", "房间", "0~L25z~5oi_6Ze0"],
    ];
    for (const [namespace, room, group] of groups) {
        it(`names room ${room} of ${namespace} ${group}`, () => {
            assert.equal(roomGroup(namespace, room), group);
        });
    }

    it("names a namespace's group without a room", () => {
        assert.equal(namespaceGroup("/ns"), "0~L25z~");
    });

    const outgoing: [text: string, expected: Outgoing][] = [
        ['42["event",1]', { namespace: "/", packet: '2["event",1]', disconnect: false, close: false }],
        [
            '42/ns,["event","abc"]',
            { namespace: "/ns", packet: '2/ns,["event","abc"]', disconnect: false, close: false },
        ],
        ['43/ns,13["bar"]', { namespace: "/ns", packet: '3/ns,13["bar"]', disconnect: false, close: false }],
        ["41", { namespace: "/", packet: "1", disconnect: true, close: false }],
        ["41/ns,", { namespace: "/ns", packet: "1/ns,", disconnect: true, close: false }],
        ["41/ns", { namespace: "/ns", packet: "1/ns,", disconnect: true, close: false }],
        ['41{"close":true}', { namespace: "/", packet: "1", disconnect: true, close: true }],
        ['41/ns,{"close":true}', { namespace: "/ns", packet: "1/ns,", disconnect: true, close: true }],
        ['41/ns,{"close":false}', { namespace: "/ns", packet: "1/ns,", disconnect: true, close: false }],
    ];
    for (const [text, expected] of outgoing) {
        it(`reads ${text} from an app`, () => assert.deepEqual(parseOutgoing(text), expected));
    }

    it("writes what it can read", () => {
        assert.deepEqual(decodePacket(encodeConnect("/ns", "id")), { type: 0, nsp: "/ns", data: { sid: "id" } });
        assert.deepEqual(decodePacket(encodeConnectError("/", 'no "entry"')), {
            type: 4,
            nsp: "/",
            data: { message: 'no "entry"' },
        });
    });

    it("refuses any other text with a PacketError, whatever it is", () => {
        const digit = fc.constantFrom(..."0123456");
        const text = fc.oneof(
            fc.string(),
            fc.tuple(digit, fc.string()).map(([type, rest]) => `4${type}${rest}`),
        );
        fc.assert(
            fc.property(text, (value) => {
                try {
                    parseOutgoing(value);
                } catch (error) {
                    assert.ok(error instanceof PacketError, `${JSON.stringify(value)}: ${error}`);
                }
            }),
            { numRuns: 500 },
        );
    });
});
