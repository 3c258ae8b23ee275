import assert from "node:assert/strict";
import { appSettingsRule, reservedOn } from "../../../components/functionApp/settings";

const reserved = [...reservedOn("FlexConsumption"), { owner: "the connection", names: ["Chat", "Chat__*"] }];

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
        it(`of a caller cannot be ${name}`, () =>
            assert.match(appSettingsRule(reserved)({ [name]: "" }) ?? "", /^[^;]* belongs to [^;]*$/));
    }

    for (const name of [
        "Greeting",
        "AzureWebJobsFeatureFlags",
        "AzureWebJobsStorageOther",
        "Chatter",
        "Chat_endpoint",
    ]) {
        it(`of a caller can be ${name}`, () => assert.equal(appSettingsRule(reserved)({ [name]: "" }), undefined));
    }

    it("that cannot be used are all named, each with its owner", () => {
        assert.equal(
            appSettingsRule(reserved)({ Chat__endpoint: "x", AzureWebJobsStorage: "y", "bad name": "z", fine: "" }),
            "Chat__endpoint belongs to the connection; AzureWebJobsStorage belongs to the host's storage, reached by identity; " +
                '"bad name" is not a valid setting name (letters, digits and _ . : -). Remove or rename what you gave.',
        );
    });

    it("never show their values", () => {
        assert.doesNotMatch(appSettingsRule(reserved)({ Chat: "s3cret" }) ?? "", /s3cret/);
    });
});
