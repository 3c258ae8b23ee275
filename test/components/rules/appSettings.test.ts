import assert from "node:assert/strict";
import { alwaysReserved, appSettingsRule, settingClashes } from "../../../components/rules/appSettings";

const reserved = [...alwaysReserved, { owner: "the connection", names: ["Chat", "Chat__*"] }];

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
        it(`of a caller cannot be ${name}`, () => assert.equal(settingClashes([name], reserved).length, 1));
    }

    for (const name of [
        "Greeting",
        "AzureWebJobsFeatureFlags",
        "AzureWebJobsStorageOther",
        "Chatter",
        "Chat_endpoint",
    ]) {
        it(`of a caller can be ${name}`, () => assert.deepEqual(settingClashes([name], reserved), []));
    }

    it("that cannot be used are all named, each with its owner", () => {
        assert.equal(
            appSettingsRule(reserved)({ Chat__endpoint: "x", AzureWebJobsStorage: "y", "bad name": "z", fine: "" }),
            '"bad name" is not a valid setting name (letters, digits and _ . : -); Chat__endpoint belongs to the connection; ' +
                "AzureWebJobsStorage belongs to the host's storage, reached by identity. Remove or rename what you gave.",
        );
    });

    it("never show their values", () => {
        assert.doesNotMatch(appSettingsRule(reserved)({ Chat: "s3cret" }) ?? "", /s3cret/);
    });
});
