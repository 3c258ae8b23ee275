import assert from "node:assert/strict";
import { connectionNames, serviceKinds } from "../../../components/shared/serviceKinds";

describe("connections", () => {
    it("also exist under the default name, which the extension looks for at start", () => {
        const kind = serviceKinds.socketio;
        assert.deepEqual(connectionNames(kind, undefined), ["WebPubSubForSocketIOConnectionString"]);
        assert.deepEqual(connectionNames(kind, "Chat"), ["Chat", "WebPubSubForSocketIOConnectionString"]);
    });
});
