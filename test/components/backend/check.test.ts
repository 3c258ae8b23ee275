import assert from "node:assert/strict";
import { repeatedHubs } from "../../../components/backend/check";

describe("hubs", () => {
    it("of one name are found whatever the letter case", () => {
        assert.deepEqual(repeatedHubs(["chat", "games", "Chat", "GAMES"]), [
            { index: 2, name: "Chat", first: "chat" },
            { index: 3, name: "GAMES", first: "games" },
        ]);
    });
});
