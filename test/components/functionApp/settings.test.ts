import assert from "node:assert/strict";
import { HostingPlan } from "../../../components";
import { connectionNameRule } from "../../../components/functionApp/connectionName";
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
                '"bad name" is not a valid setting name (letters, digits, _ and .; write __ for : and _ for -). Remove or rename what you gave.',
        );
    });

    // Source: learn, app-service/configure-common: on Linux a name may hold letters, digits, periods and underscores.
    it("have the names that the plan's system takes", () => {
        const names = { "Chat:Room": "", "a-b": "" };
        for (const plan of ["FlexConsumption", "ElasticPremium", "Dedicated"] as const) {
            assert.match(appSettingsRule(plan, [])(names) ?? "", /^"Chat:Room" .*write __ for : and _ for -.*"a-b"/);
            assert.equal(appSettingsRule(plan, [])({ "AzureWebJobs.chat.Disabled": "true" }), undefined);
            assert.match(appSettingsRule(plan, [])({ "FUNCTIONS.TARGET.GROUP": "" }) ?? "", / belongs to /);
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

    // Source: Azure/azure-cli#13673: Azure answers 409 to two names that differ by case alone.
    for (const names of [
        ["Greeting", "GREETING"],
        ["A", "B", "a"],
        ["a.b", "A_B"],
    ]) {
        const [first = "", last = ""] = [names[0], names.at(-1)];
        it(`cannot be ${names.join(" and ")} together`, () =>
            assert.equal(
                rule(Object.fromEntries(names.map((name) => [name, "s3cret"]))),
                `${last} is the same setting as ${first}. Remove or rename what you gave.`,
            ));
    }

    it("never show their values", () => {
        assert.doesNotMatch(rule({ Chat: "s3cret" }) ?? "", /s3cret/);
    });
});

describe("the name of a connection", () => {
    for (const [name, owner] of [
        ["AzureWebJobsStorage", "the host's storage"],
        ["azurewebjobsstorage", "the host's storage"],
        ["FUNCTIONS_WORKER_RUNTIME", "the Flex Consumption plan"],
        ["APPLICATIONINSIGHTS_CONNECTION_STRING", "Application Insights"],
        ["AzureWebJobsSecretStorageType", "the key store"],
    ] as const) {
        it(`is not ${name}, whose settings are another part's`, () =>
            assert.match(
                connectionNameRule("FlexConsumption")(name) ?? "",
                new RegExp(`^the setting ${name} belongs to ${owner}.*Give another name`),
            ));
    }

    for (const name of ["ChatConnection", "AzureWebJobsStorageChat", "Azure__SignalR", "WebPubSubConnectionString"]) {
        it(`can be ${name}`, () => assert.equal(connectionNameRule("Consumption")(name), undefined));
    }

    it("is a name first", () =>
        assert.match(connectionNameRule("Consumption")("a-b") ?? "", /"a-b" is not a valid name/));
});
