import assert from "node:assert/strict";
import { coverage } from "../../../emulator/webpubsub/coverage";
import { hubRoutes } from "../../../emulator/webpubsub/dataPlane/hubs";

describe("Web PubSub support table", () => {
    it("lists every route of the data plane, and no other", () => {
        const routes = hubRoutes({
            clientTypes: [],
            hub: () => undefined,
            issueToken: () => "",
            toMessage: (body) => body,
        });
        const listed = coverage.filter(({ area }) => area === "rest").map(({ operation }) => operation);
        assert.deepEqual(listed.sort(), routes.map(({ method, path }) => `${method} ${path}`).sort());
    });

    it("names each operation once, and says what is missing where support is not full", () => {
        const keys = coverage.map(({ area, operation }) => `${area} ${operation}`);
        assert.equal(new Set(keys).size, keys.length);
        for (const { operation, support, note } of coverage) {
            assert.ok(support === "supported" || note !== undefined, operation);
        }
    });
});
