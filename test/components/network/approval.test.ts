import assert from "node:assert/strict";
import { type Connection, lookUntilFound, nameOfConnection } from "../../../components/network/approval";

const id = (name: string) =>
    `/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v/privateEndpointConnections/${name}`;
const connection = (name: string, description: string, status: string): Connection => ({
    id: id(name),
    privateLinkServiceConnectionState: { description, status },
});

describe("the connection of a shared private link", () => {
    const others = [connection("a", "Auto-Approved", "Approved"), connection("b", "somebody else's", "Pending")];

    for (const status of ["Pending", "Approved"]) {
        it(`is found by its message while it is ${status}, so that the next update finds the same`, () => {
            assert.equal(nameOfConnection([...others, connection("own", "mine", status)], "mine"), "own");
        });
    }

    it("is found in Azure Resource Manager's own form", () => {
        const raw = {
            id: id("own"),
            properties: { privateLinkServiceConnectionState: { description: "mine", status: "Pending" } },
        };
        assert.equal(nameOfConnection([raw], "mine"), "own");
    });

    it("is never one of somebody else, even when that one alone is pending", () => {
        assert.equal(nameOfConnection(others, "mine"), undefined);
    });

    it("is not the one of an earlier link that is gone", () => {
        const gone = [connection("a", "mine", "Disconnected"), connection("b", "mine", "Rejected")];
        assert.equal(nameOfConnection([...gone, connection("c", "mine", "Pending")], "mine"), "c");
    });
});

describe("waiting for Azure", () => {
    it("ends with the first answer, and pauses only between two looks", async () => {
        const pauses: number[] = [];
        const answers = [undefined, undefined, "there"];
        const found = await lookUntilFound({
            look: async () => answers.shift(),
            pause: async (milliseconds) => void pauses.push(milliseconds),
            tries: 5,
        });
        assert.equal(found, "there");
        assert.deepEqual(pauses, [15_000, 15_000]);
    });

    it("gives up after all looks", async () => {
        let looks = 0;
        const look = async () => void looks++;
        assert.equal(await lookUntilFound({ look, pause: async () => undefined, tries: 3 }), undefined);
        assert.equal(looks, 3);
    });
});
