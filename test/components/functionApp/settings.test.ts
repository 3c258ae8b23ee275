import assert from "node:assert/strict";
import { HostingPlan } from "../../../components";
import { appSettingsRule } from "../../../components/functionApp/settings";

const rule = appSettingsRule("FlexConsumption", [{ owner: "the connection", names: ["Chat", "Chat__*"] }]);

describe("app settings", () => {
    for (const name of [
        "AzureWebJobsStorage",
        "azurewebjobsstorage",
        "AzureWebJobsStorage__accountName",
        "AzureWebJobsStorage:accountName",
        "Chat",
        "Chat__endpoint",
        "CHAT:ENDPOINT",
        "APPLICATIONINSIGHTS_CONNECTION_STRING",
    ]) {
        it(`of a caller cannot be ${name}`, () => assert.match(rule({ [name]: "" }) ?? "", /^[^;]* belongs to [^;]*$/));
    }

    for (const name of [
        "Greeting",
        "AzureWebJobsFeatureFlags",
        "AzureWebJobsStorageOther",
        "Chatter",
        "Chat_endpoint",
    ]) {
        it(`of a caller can be ${name}`, () => assert.equal(rule({ [name]: "" }), undefined));
    }

    it("that cannot be used are all named, each with its owner", () => {
        assert.equal(
            rule({ Chat__endpoint: "x", AzureWebJobsStorage: "y", "bad name": "z", fine: "" }),
            "Chat__endpoint belongs to the connection; AzureWebJobsStorage belongs to the host's storage, reached by identity; " +
                '"bad name" is not a valid setting name (letters, digits and _; write __ for : and _ for . or -). Remove or rename what you gave.',
        );
    });

    it("have the names that the plan's system takes", () => {
        const names = { "Chat:Room": "", "a.b": "" };
        for (const plan of ["FlexConsumption", "ElasticPremium", "Dedicated"] as const) {
            assert.match(appSettingsRule(plan, [])(names) ?? "", /^"Chat:Room" .*write __ for : and _ for \..*"a\.b"/);
        }
        assert.equal(appSettingsRule("Consumption", [])(names), undefined);
    });

    it("of a plan cannot be what the plan sets or refuses", () => {
        const refused = (plan: HostingPlan, name: string) => appSettingsRule(plan, [])({ [name]: "" }) ?? "";
        for (const plan of Object.values(HostingPlan)) {
            for (const name of ["FUNCTIONS_TARGET_GROUP", "WEBSITE_RUN_FROM_PACKAGE", "FUNCTIONS_WORKER_RUNTIME"]) {
                assert.match(refused(plan, name), new RegExp(`^${name} belongs to `));
            }
        }
        for (const name of ["WEBSITE_TIME_ZONE", "TZ", "WEBSITE_DNS_SERVER", "WEBSITE_LOAD_CERTIFICATES"]) {
            assert.match(refused("FlexConsumption", name), /Flex Consumption plan, which refuses it/);
            assert.equal(refused("Dedicated", name), "");
        }
    });

    it("never show their values", () => {
        assert.doesNotMatch(rule({ Chat: "s3cret" }) ?? "", /s3cret/);
    });
});
