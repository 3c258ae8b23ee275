import assert from "node:assert/strict";
import { HostKeys } from "../../../components";
import { earlyCode } from "../../../components/backend/upstream";
import { holdsSecret, Probe, plain, runProgram } from "../../support/pulumi";

describe("HostKeys handed to the host", () => {
    it("return an early code for resources that cannot wait for the host, secret like the other code", async () => {
        const run = await runProgram(() => {
            const keys = new HostKeys("keys", {
                resourceGroupName: "group",
                extension: "signalr",
                source: "HostKey",
                functionAppName: "my-app",
            });
            new Probe("Early", { code: earlyCode(keys, "HostKey") });
            new Probe("Late", { code: keys.code });
        });
        const deployment = run.find("azure-native:resources:Deployment");
        const [early, late] = [run.find("test:index:Early"), run.find("test:index:Late")];
        assert.equal(plain(early, "code"), plain(late, "code"));
        assert.equal(holdsSecret(early.inputs), true);
        assert.equal(run.comesAfter(early, deployment), false);
        assert.ok(run.comesAfter(late, deployment));
    });
});
