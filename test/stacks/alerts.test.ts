import assert from "node:assert/strict";
import { plain } from "../support/pulumi";
import { runStack } from "../support/stackProgram";

const metricAlert = "azure-native:monitor:MetricAlert";
const setting = "azure-native:monitor:DiagnosticSetting";
const workbook = "azure-native:applicationinsights:Workbook";
const autoscale = "azure-native:monitor:AutoscaleSetting";

describe("what watches and scales the stacks", function () {
    this.timeout(60_000);

    it("takes thresholds and an address from the configuration", async () => {
        const made = await runStack("prod", {
            alertFailedRequests: "7",
            alertConnectionUtilization: "90",
            alertServerLoad: "70",
            alertEmail: "ops@example.test",
        });
        const thresholdOf = (name: string) =>
            plain(made.find(metricAlert, `chat-test-alerts-${name}`), "criteria.allOf.0.threshold");
        assert.deepEqual(["failed-requests", "connections", "server-load"].map(thresholdOf), [7, 90, 70]);
        const group = made.find("azure-native:monitor:ActionGroup");
        assert.deepEqual(plain(group, "emailReceivers.0.emailAddress"), "ops@example.test");
    });

    for (const backend of ["socketio", "webpubsub", "signalr"]) {
        it(`is all there in production with ${backend}`, async () => {
            const made = await runStack("prod", { backend });
            assert.equal(made.result, undefined);
            assert.equal(made.names(metricAlert).length, 5);
            assert.equal(made.names(setting).length, 5);
            assert.equal(made.names(workbook).length, 1);
            assert.deepEqual(plain(made.find(autoscale), "profiles.0.capacity"), {
                minimum: "2",
                maximum: "10",
                default: "2",
            });
        });
    }

    it("is not there in a stack that does not ask for it", async () => {
        const made = await runStack("dev");
        for (const type of [metricAlert, setting, workbook, autoscale]) {
            assert.deepEqual(made.names(type), [], type);
        }
    });

    it("has a replica in each region that the configuration names", async () => {
        const made = await runStack("prod", { replicas: '["northeurope","swedencentral"]' });
        const replicas = made.names("azure-native:webpubsub:WebPubSubReplica");
        assert.deepEqual(replicas, ["chat-test-service-northeurope", "chat-test-service-swedencentral"]);
        const [first = ""] = replicas;
        assert.equal(plain(made.find("azure-native:webpubsub:WebPubSubReplica", first), "location"), "northeurope");
    });

    it("is refused in the words of the component on a tier without it", async () => {
        const { result, resources } = await runStack("staging", { autoscaleMaximum: "10" });
        assert.match(String(result), /autoscale: it needs a Premium tier, and sku is Standard_S1/);
        assert.deepEqual(
            resources.filter(({ custom }) => custom),
            [],
        );
    });
});
