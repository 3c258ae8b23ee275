import assert from "node:assert/strict";
import { parseConnectionString } from "../../../emulator/functions/host/extensions/service/connectionString";
import { signToken } from "../../../emulator/functions/host/extensions/service/dataPlane";
import { isSignatureValid } from "../../../emulator/functions/host/extensions/service/validation";
import { parseAction } from "../../../emulator/functions/host/extensions/socketio/actions";
import { toCall } from "../../../emulator/functions/host/extensions/socketio/calls";
import { resolveConnection } from "../../../emulator/functions/host/extensions/socketio/connection";
import { roomFilter } from "../../../emulator/functions/host/extensions/socketio/groups";
import { decodeEvent } from "../../../emulator/functions/host/extensions/socketio/packet";
import { createSettings } from "../../../emulator/functions/host/settings";

const accessKey = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEFGH";

describe("functions: Socket.IO signatures", () => {
    const cases: [key: string, connectionId: string, signature: string][] = [
        [
            "7aab239577fd4f24bc919802fb629f5f",
            "0f9c97a2f0bf4706afe87a14e0797b11",
            "7767effcb3946f3e1de039df4b986ef02c110b1469d02c0a06f41b3b727ab561",
        ],
        [
            "a5f2815d0d0c4b00bd27e832432f91ab",
            "0f9c97a2f0bf4706afe87a14e0797b11",
            "d4aefb65547a00a9881fa8ac8bd03d0faf77af9da5205d45c6e57cbda4377760",
        ],
        [accessKey, "conn-1", "261f7f58ff9fb9bb8be7e4951a807fe6091e5c074885bf63b865eccd28728881"],
        [
            accessKey,
            "0f9c97a2f0bf4706afe87a14e0797b11",
            "8805d739a12d46f22bcb15382a8c1c2bf38ae8f04566017bd613d5ef47cafe2c",
        ],
    ];
    for (const [key, connectionId, hex] of cases) {
        it(`hold for ${connectionId} under ${key.slice(0, 6)}…`, () => {
            const check = { origins: ["Host"], connectionId, caller: { host: "host", accessKey: key } };
            assert.equal(isSignatureValid({ ...check, signature: `sha256=${hex}` }), true);
            assert.equal(isSignatureValid({ ...check, signature: `sha256=${hex.slice(1)}0` }), false);
        });
    }

    it("are not asked for with a managed identity, as long as the origin is right", () => {
        const check = { signature: undefined, connectionId: "c", caller: { host: "host" } };
        assert.equal(isSignatureValid({ ...check, origins: ["host"] }), true);
        assert.equal(isSignatureValid({ ...check, origins: ["other"] }), false);
    });
});

describe("functions: Socket.IO packets", () => {
    const cases: [payload: string, packet: unknown][] = [
        ['42["chat","hi"]', { eventName: "chat", arguments: ["hi"] }],
        ['422["chat"]', { eventName: "chat", arguments: [], ackId: 2 }],
        ['42/ns,7["e",1]', { eventName: "e", arguments: [1], ackId: 7 }],
        ['42/a/b,["e",null]', { eventName: "e", arguments: [null] }],
        ['x2["e"]', { eventName: "e", arguments: [] }],
    ];
    for (const [payload, packet] of cases) {
        it(`reads ${payload}`, () => assert.deepEqual(decodeEvent(payload), packet));
    }
    for (const [payload, message] of [
        ["bAAA", /Binary data is not support/],
        ["43[1]", /Invalid Socket\.IO message type: Ack/],
        ["40", /Invalid Socket\.IO message type: Connect/],
        ["451-[1]", /Invalid Socket\.IO message type: BinaryEvent/],
        ["42[]", /must be an array/],
        ["", /Invalid Socket\.IO message/],
    ] as const) {
        it(`refuses '${payload}'`, () => assert.throws(() => decodeEvent(payload), message));
    }
});

describe("functions: Socket.IO actions as calls", () => {
    const namespace = "/ns";
    const message = { namespace, eventName: "event" };
    const groups = "/api/hubs/hub/groups";
    const all = "/api/hubs/hub/:send";
    const rooms = "'0~L25z~cm0' in groups or '0~L25z~cm0y' in groups";
    const sockets = "'0~L25z~c29ja2V0MQ' in groups or '0~L25z~c29ja2V0Mg' in groups";
    const params = { parameters: [1, "abc", { a: 1, b: true }] };
    const cases: [action: object, path: string, body: string, filter?: string][] = [
        [
            { ...message, actionName: "sendToRooms", rooms: ["rm"], parameters: ["abc"] },
            `${groups}/0~L25z~cm0/:send`,
            '42/ns,["event","abc"]',
        ],
        [{ ...message, actionName: "sendToRooms", rooms: ["rm"] }, `${groups}/0~L25z~cm0/:send`, '42/ns,["event"]'],
        [
            { ...message, actionName: "sendToRooms", rooms: ["rm"], exceptRooms: ["sid"] },
            `${groups}/0~L25z~cm0/:send`,
            '42/ns,["event"]',
            "not ('0~L25z~c2lk' in groups)",
        ],
        [
            { ...message, ...params, actionName: "sendToRooms", rooms: ["rm"] },
            `${groups}/0~L25z~cm0/:send`,
            '42/ns,["event",1,"abc",{"a":1,"b":true}]',
        ],
        [{ ...message, actionName: "sendToRooms", rooms: ["rm", "rm2"] }, all, '42/ns,["event"]', rooms],
        [
            { ...message, actionName: "sendToRooms", rooms: ["rm", "rm2"], exceptRooms: ["ex1"] },
            all,
            '42/ns,["event"]',
            `${rooms} and not ('0~L25z~ZXgx' in groups)`,
        ],
        [
            { ...message, actionName: "sendToSocket", socketId: "socket1" },
            `${groups}/0~L25z~c29ja2V0MQ/:send`,
            '42/ns,["event"]',
        ],
        [{ ...message, actionName: "sendToNamespace" }, `${groups}/0~L25z~/:send`, '42/ns,["event"]'],
        [{ actionName: "sendToNamespace", eventName: "event" }, `${groups}/0~Lw~/:send`, '42["event"]'],
        [{ namespace, actionName: "disconnectSockets", rooms: ["socket1", "socket2"] }, all, "41/ns,", sockets],
        [{ namespace, actionName: "disconnectSockets" }, all, "41/ns,", "'0~L25z~' in groups"],
        [
            { namespace, actionName: "disconnectSockets", closeUnderlyingConnection: true },
            all,
            '41/ns,{"close":true}',
            "'0~L25z~' in groups",
        ],
        [{ actionName: "disconnectSockets" }, all, "41", "'0~Lw~' in groups"],
        // ReadAsBoolean of JsonReader.cs of JamesNK/Newtonsoft.Json.
        [
            { actionName: "disconnectSockets", closeUnderlyingConnection: " True " },
            all,
            '41{"close":true}',
            "'0~Lw~' in groups",
        ],
        [
            { actionName: "disconnectSockets", closeUnderlyingConnection: 1 },
            all,
            '41{"close":true}',
            "'0~Lw~' in groups",
        ],
        [{ actionName: "disconnectSockets", closeUnderlyingConnection: "false" }, all, "41", "'0~Lw~' in groups"],
    ];
    for (const [action, path, body, filter] of cases) {
        it(JSON.stringify(action), () => {
            const call = toCall({ action: parseAction(action), hub: "hub" });
            assert.deepEqual([call.path, call.body, call.query?.filter], [path, body, filter]);
        });
    }

    for (const operation of ["add", "remove"]) {
        it(`${operation} a socket by a filter on its own room`, () => {
            const actionName = operation === "add" ? "addSocketToRoom" : "removeSocketFromRoom";
            const action = parseAction({ actionName, namespace, socketId: "socket1", room: "房间" });
            const call = toCall({ action, hub: "hub" });
            assert.equal(call.path, `/api/hubs/hub/:${operation === "add" ? "addToGroups" : "removeFromGroups"}`);
            assert.equal(call.body, `{"groups":["0~L25z~5oi_6Ze0"],"filter":"'0~L25z~c29ja2V0MQ' in groups"}`);
        });
    }
});

describe("functions: Socket.IO action values", () => {
    const refused: [value: unknown, message: RegExp][] = [
        [
            { actionName: "sendToNamespace", eventName: "event", parameters: 2 },
            /^Error: Failed to convert to SendToNamespaceAction\. 'parameters' must be an array, not 2\.$/,
        ],
        [{ actionName: "sendToRooms", eventName: "event", rooms: "abc" }, /Failed to convert to SendToRoomsAction/],
        [{ actionName: "sendToRooms", eventName: "event" }, /^Error: Rooms cannot be null or empty\.$/],
        [{ actionName: "sendToSocket", eventName: "event" }, /^Error: SocketId cannot be null or empty\.$/],
        [{ actionName: "addSocketToRoom", socketId: "s", room: "" }, /^Error: Room cannot be null or empty\.$/],
        [
            { actionName: "sendToNamespace", eventName: "e", namespace: null },
            /^Error: Namespace cannot be null or empty\.$/,
        ],
        [{ actionName: "disconnectSockets", closeUnderlyingConnection: "yes" }, /must be true or false, not "yes"/],
        [{ actionName: "SocketIOAction" }, /Not supported SocketIOAction: SocketIOAction\./],
        [{ actionName: "unknown" }, /Not supported SocketIOAction: unknown\./],
        [{ type: "sendToNamespace" }, /Not supported SocketIOAction: \./],
        [["a"], /must be an object/],
    ];
    for (const [value, message] of refused) {
        it(`refuse ${JSON.stringify(value)}`, () => assert.throws(() => parseAction(value), message));
    }

    it("ignore the case of names and of the action", () => {
        const action = parseAction({ ActionName: "DISCONNECTSOCKETS", NameSpace: "/x", Rooms: ["a"] });
        assert.deepEqual(action, {
            actionName: "disconnectSockets",
            namespace: "/x",
            rooms: ["a"],
            closeUnderlyingConnection: false,
        });
    });
});

describe("functions: Socket.IO room filters", () => {
    const namespace = "ns/";
    const g = (n: 1 | 2 | 3 | 4) => `'0~bnMv~${["", "ZzE", "ZzI", "ZzM", "ZzQ"][n]}' in groups`;
    const cases: [rooms: string[], except: string[], withNamespace: boolean, filter: string][] = [
        [[], [], false, ""],
        [[], [], true, "'0~bnMv~' in groups"],
        [["g1"], [], false, g(1)],
        [["g1"], [], true, g(1)],
        [[], ["g1"], false, `not (${g(1)})`],
        [[], ["g1"], true, `'0~bnMv~' in groups and not (${g(1)})`],
        [["g1", "g2"], [], true, `${g(1)} or ${g(2)}`],
        [[], ["g1", "g2"], false, `not (${g(1)}) and not (${g(2)})`],
        [["g1", "g2"], ["g3", "g4"], true, `${g(1)} or ${g(2)} and not (${g(3)}) and not (${g(4)})`],
    ];
    for (const [rooms, exceptRooms, withNamespace, filter] of cases) {
        it(filter === "" ? "(none)" : filter, () => {
            assert.equal(roomFilter({ namespace, rooms, exceptRooms, withNamespace }), filter);
        });
    }
});

describe("functions: Socket.IO tokens", () => {
    const now = () => 1_700_000_000_000;

    it("for clients are the vendor's, byte for byte", async () => {
        const audience = "http://localhost:8080/clients/socketio/hubs/testHub";
        assert.equal(
            await signToken({ accessKey, audience, seconds: 3600, subject: "user1", now }),
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJuYmYiOjE3MDAwMDAwMDAsImV4cCI6MTcwMDAwMzYwMCwiaWF0IjoxNzAwMDAwMDAwLCJhdWQiOiJodHRwOi8vbG9jYWxob3N0OjgwODAvY2xpZW50cy9zb2NrZXRpby9odWJzL3Rlc3RIdWIiLCJzdWIiOiJ1c2VyMSJ9.4H6pMkk1nFHjUJcen8b5MZ54B_TEN4-uyVR65un1Dg0",
        );
    });

    it("for calls are the vendor's, byte for byte", async () => {
        const audience = "http://localhost:8080/api/hubs/hub/groups/0~Lw~/:send?api-version=2024-01-01";
        assert.equal(
            await signToken({ accessKey, audience, seconds: 300, now }),
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJuYmYiOjE3MDAwMDAwMDAsImV4cCI6MTcwMDAwMDMwMCwiaWF0IjoxNzAwMDAwMDAwLCJhdWQiOiJodHRwOi8vbG9jYWxob3N0OjgwODAvYXBpL2h1YnMvaHViL2dyb3Vwcy8wfkx3fi86c2VuZD9hcGktdmVyc2lvbj0yMDI0LTAxLTAxIn0.1g6ujaxxuXWddUQh-CWrsYaUMCeH_Mg0-oQGu8ddi4c",
        );
    });
});

describe("functions: Socket.IO connections", () => {
    const token = async () => "token";
    const name = "WebPubSubForSocketIOConnectionString";
    const resolve = (environment: Record<string, string>) =>
        resolveConnection({ name, host: { settings: createSettings(environment), token } });

    it("by key have the endpoint without path, and the whole key", () => {
        const text = "endpoint=https://abc.com/;ACCESSKEY=abc==A;Version=1.0;";
        assert.deepEqual(parseConnectionString(text), { endpoint: "https://abc.com", accessKey: "abc==A" });
        const { caller } = resolve({
            [name]: `Endpoint=http://localhost;Port=8080;AccessKey=${accessKey};Version=1.0;`,
        });
        assert.deepEqual(caller, { host: "localhost", accessKey });
    });

    it("by identity have the host and no key", () => {
        const { endpoint, caller } = resolve({
            [`${name}__endpoint`]: "http://localhost:5000",
            [`${name}__credential`]: "managedidentity",
        });
        assert.deepEqual([endpoint, caller], ["http://localhost:5000", { host: "localhost" }]);
    });

    const refused: [environment: Record<string, string>, message: RegExp][] = [
        [
            {},
            /^Error: SocketIO connection string 'WebPubSubForSocketIOConnectionString' does not exist\. Please set either/,
        ],
        [
            { [`${name}__credential`]: "managedidentity" },
            /SocketIO connection should have an 'WebPubSubForSocketIOConnectionString:endpoint' propert when/,
        ],
        [{ [name]: "@Microsoft.KeyVault(SecretUri=https://v/secrets/s)" }, /Key Vault reference that was not resolved/],
        // Source: SocketIOConnectionInfo.cs of Azure/azure-sdk-for-net, where AzureKeyCredential takes neither null nor an empty key.
        [{ [name]: "Endpoint=http://localhost" }, /is not a connection string/],
        [{ [name]: "Endpoint=http://localhost;AccessKey=;" }, /is not a connection string/],
        [{ [name]: "Endpoint=http://localhost;Port=x;AccessKey=k" }, /is not a connection string/],
        [{ [name]: "Endpoint=http://localhost;AccessKey=SECRET;AccessKey=SECRET" }, /is not a connection string/],
    ];
    for (const [environment, message] of refused) {
        it(`refuse ${JSON.stringify(environment).slice(0, 90)}`, () => {
            assert.throws(
                () => resolve(environment),
                (error: Error) =>
                    message.test(String(error)) && !`${error.message}${String(error.cause)}`.includes("SECRET"),
            );
        });
    }
});
