import assert from "node:assert/strict";
import { connectionNames, serviceKinds } from "../../../components/shared/serviceKinds";

describe("connections", () => {
    it("are there under the default name as well, which the extension looks for at start", () => {
        const kind = serviceKinds.socketio;
        assert.deepEqual(connectionNames(kind, undefined), ["WebPubSubForSocketIOConnectionString"]);
        assert.deepEqual(connectionNames(kind, "Chat"), ["Chat", "WebPubSubForSocketIOConnectionString"]);
    });
});
