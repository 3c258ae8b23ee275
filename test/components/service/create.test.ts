import assert from "node:assert/strict";
import { existingSocketIO, existingWebPubSub, servicePrincipalId } from "../../../components/service/create";
import { existingSignalR } from "../../../components/service/signalRService";

const found = { id: "i", name: "chat", hostName: "h" };

describe("services that exist already", () => {
    it("are usable as Socket.IO in serverless mode of that kind only", () => {
        const service = { ...found, kind: "SocketIO", socketIO: { serviceMode: "Serverless" } };
        assert.equal(existingSocketIO(service), undefined);
        assert.match(existingSocketIO({ ...found, kind: "SocketIO" }) ?? "", /in mode Default/);
        assert.match(existingSocketIO({ ...found }) ?? "", /of kind WebPubSub/);
    });

    it("are usable as Web PubSub of that kind only, which may be missing in Azure's answer", () => {
        assert.equal(existingWebPubSub({ ...found }), undefined);
        assert.equal(existingWebPubSub({ ...found, kind: "WebPubSub" }), undefined);
        assert.equal(
            existingWebPubSub({ ...found, kind: "SocketIO" }),
            'serviceId: "chat" is of kind SocketIO. Allowed: kind WebPubSub.',
        );
    });

    it("are usable as SignalR in serverless mode only", () => {
        const mode = (value: string) => existingSignalR({ name: "chat", features: [{ flag: "ServiceMode", value }] });
        assert.equal(mode("Serverless"), undefined);
        assert.match(mode("Classic") ?? "", /"chat" is in mode Classic\. Allowed: mode Serverless/);
        assert.match(existingSignalR({ name: "chat" }) ?? "", /in mode Default/);
    });

    it("act as their user-assigned identity, or else as their own", () => {
        assert.equal(servicePrincipalId({ principalId: "own" }), "own");
        assert.equal(servicePrincipalId({ userAssignedIdentities: { id: { principalId: "given" } } }), "given");
        assert.equal(servicePrincipalId(undefined), undefined);
    });
});
