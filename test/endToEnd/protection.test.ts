import assert from "node:assert/strict";
import { createLocalProgram } from "../support/localProgram";

const programOf = (args: string) => `
import { WebPubSubBackend } from COMPONENTS;
const chat = new WebPubSubBackend("chat", { codePath: "app", roleDelaySeconds: 0, ${args} });
export const { negotiateUrl } = chat;
`;

describe("a backend with lockData", function () {
    this.timeout(240_000);
    const program = createLocalProgram(
        "webpubsub",
        programOf(`lockData: true, hubs: [{ name: "hub" }, { name: "second" }]`),
    );
    after(() => program.close());

    it("keeps a hub of the locked service, and gives it up in the update that takes the locks away", async () => {
        const azure = await program.start();
        const names = () => azure.resources.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`);
        assert.equal(names().filter((name) => name.startsWith("ManagementLockByScope")).length, 4);
        program.write(programOf(`lockData: true, hubs: [{ name: "hub" }]`));
        await assert.rejects(azure.update(), /WebPubSubHub chat-second could not be deleted: .*ScopeLocked/);
        program.write(programOf(`hubs: [{ name: "hub" }]`));
        await azure.update();
        assert.ok(!names().some((name) => /^ManagementLockByScope|chat-second$/.test(name)));
        assert.equal((await fetch(String(azure.outputs.negotiateUrl))).status, 200);
    });
});
