import assert from "node:assert/strict";
import { repeatedHubs } from "../../../components/backend/check";

describe("hubs", () => {
    it("with the same name in different letter case are found", () => {
        assert.deepEqual(repeatedHubs(["chat", "games", "Chat", "GAMES"]), [
            { index: 2, name: "Chat", first: "chat" },
            { index: 3, name: "GAMES", first: "games" },
        ]);
    });
});
