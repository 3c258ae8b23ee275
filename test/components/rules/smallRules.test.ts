import assert from "node:assert/strict";
import {
    alwaysReadyNameRule,
    defaultRuntimeVersion,
    FunctionRuntime,
    instanceMemoryRule,
    linuxFxVersion,
    maximumInstancesRule,
    runtimeVersionRule,
} from "../../../components/functionApp/hosting";
import { keySecretNames, secretNamePart } from "../../../components/hostKeys/keyStore";
import { connectionNames, connectionSecretName } from "../../../components/rules/connection";
import { existingSignalR, existingSocketIO, existingWebPubSub } from "../../../components/rules/existingService";
import { repeatedHubs, userEventPatternRule } from "../../../components/rules/hub";
import { localSettingsJson } from "../../../components/rules/localSettings";
import { servicePrincipalId } from "../../../components/rules/serviceIdentity";
import { armIdRule, parseArmId, roleDefinitionIdAt } from "../../../components/shared/armId";
import { extensionKeyName, serviceKinds } from "../../../components/shared/serviceKinds";
import { tagsRule } from "../../../components/shared/tags";

const identityId = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i";

describe("Azure ids", () => {
    it("are taken apart", () => {
        assert.deepEqual(parseArmId(identityId), {
            subscriptionId: "s",
            resourceGroupName: "g",
            type: "Microsoft.ManagedIdentity/userAssignedIdentities",
            name: "i",
        });
    });

    it("of another type, or no ids at all, are refused with the form that is meant", () => {
        const rule = armIdRule("Microsoft.Web/serverfarms");
        assert.match(
            rule(identityId) ?? "",
            /is not the id of a Microsoft.Web\/serverfarms\. Allowed: \/subscriptions\//,
        );
        assert.match(rule("my-plan") ?? "", /^"my-plan" is not the id/);
        assert.equal(armIdRule("microsoft.managedidentity/USERASSIGNEDIDENTITIES")(identityId), undefined);
    });

    it("of a role lie in the subscription of its scope", () => {
        assert.equal(
            roleDefinitionIdAt({ scope: identityId, role: "guid" }),
            "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/guid",
        );
    });
});

describe("the key store", () => {
    it("spells key names as the Functions host does", () => {
        assert.equal(secretNamePart("socketio_extension"), "socketio-095extension");
        assert.equal(secretNamePart("a b.c"), "a-032b-046c");
        assert.equal(keySecretNames.system(extensionKeyName("socketio")), "host--systemKey--socketio-095extension");
        assert.equal(keySecretNames.defaultFunction, "host--functionKey--default");
    });
});

describe("connections", () => {
    it("are there under the default name as well, which the extension looks for at start", () => {
        const kind = serviceKinds.socketio;
        assert.deepEqual(connectionNames({ kind }), ["WebPubSubForSocketIOConnectionString"]);
        assert.deepEqual(connectionNames({ kind, connectionName: "Chat" }), [
            "Chat",
            "WebPubSubForSocketIOConnectionString",
        ]);
    });

    it("have a secret name without underscores", () => assert.equal(connectionSecretName("My_Chat"), "My-Chat"));
});

describe("hosting", () => {
    for (const runtime of Object.values(FunctionRuntime)) {
        it(`has a default version of ${runtime} that it allows`, () => {
            assert.equal(runtimeVersionRule(runtime)(defaultRuntimeVersion(runtime)), undefined);
        });
    }

    it("names the versions of a runtime", () => {
        assert.equal(runtimeVersionRule("node")("18"), '"18" is not a version of node. Allowed: 20, 22.');
    });

    it("spells a runtime as an Elastic Premium app wants it", () => {
        assert.equal(linuxFxVersion({ runtime: "dotnet-isolated", version: "9.0" }), "DOTNET-ISOLATED|9.0");
    });

    it("has three sizes of instances", () => {
        assert.deepEqual([512, 2048, 4096].map(instanceMemoryRule), [undefined, undefined, undefined]);
        assert.equal(instanceMemoryRule(1024), "1024 is not an instance size. Allowed: 512, 2048, 4096 MB.");
    });

    it("scales within the limits of its plan", () => {
        assert.equal(maximumInstancesRule.FlexConsumption(40), undefined);
        assert.match(maximumInstancesRule.FlexConsumption(39) ?? "", /from 40 to 1000/);
        assert.match(maximumInstancesRule.ElasticPremium(101) ?? "", /from 1 to 100/);
    });

    for (const [name, fine] of Object.entries({ http: true, "function:tick": true, "function:": false, all: false })) {
        it(`${fine ? "takes" : "refuses"} always ready ${name}`, () =>
            assert.equal(alwaysReadyNameRule(name) === undefined, fine));
    }
});

describe("hubs", () => {
    it("of one name are found whatever the letter case", () => {
        assert.deepEqual(repeatedHubs(["chat", "games", "Chat", "GAMES"]), [
            { index: 2, name: "Chat", first: "chat" },
            { index: 3, name: "GAMES", first: "games" },
        ]);
    });

    it("select user events by name or all of them", () => {
        assert.deepEqual(["*", "a", "new message,b"].map(userEventPatternRule), [undefined, undefined, undefined]);
        assert.match(userEventPatternRule("a,,b") ?? "", /is not a pattern/);
        assert.match(userEventPatternRule("") ?? "", /is not a pattern/);
    });
});

describe("services that exist already", () => {
    it("are usable as Socket.IO in serverless mode of that kind only", () => {
        const service = { name: "chat", kind: "SocketIO", socketIO: { serviceMode: "Serverless" } };
        assert.equal(existingSocketIO(service), undefined);
        assert.match(existingSocketIO({ name: "chat", kind: "SocketIO" }) ?? "", /in mode Default/);
        assert.match(existingSocketIO({ name: "chat" }) ?? "", /of kind WebPubSub/);
    });

    it("are usable as Web PubSub of that kind only, which Azure need not name", () => {
        assert.equal(existingWebPubSub({ name: "chat" }), undefined);
        assert.equal(existingWebPubSub({ name: "chat", kind: "WebPubSub" }), undefined);
        assert.equal(
            existingWebPubSub({ name: "chat", kind: "SocketIO" }),
            'existingServiceName: "chat" is of kind SocketIO. Allowed: kind WebPubSub.',
        );
    });

    it("are usable as SignalR in serverless mode only", () => {
        const mode = (value: string) => existingSignalR({ name: "chat", features: [{ flag: "ServiceMode", value }] });
        assert.equal(mode("Serverless"), undefined);
        assert.match(mode("Classic") ?? "", /"chat" is in mode Classic\. Allowed: mode Serverless/);
        assert.match(existingSignalR({ name: "chat" }) ?? "", /in mode Default/);
    });

    it("act as their user-assigned identity, else as their own", () => {
        assert.equal(servicePrincipalId({ principalId: "own" }), "own");
        assert.equal(servicePrincipalId({ userAssignedIdentities: { id: { principalId: "given" } } }), "given");
        assert.equal(servicePrincipalId(undefined), undefined);
    });
});

describe("tags", () => {
    it("keep Azure's limits", () => {
        assert.equal(tagsRule({ team: "chat" }), undefined);
        assert.match(tagsRule({ "a/b": "x" }) ?? "", /"a\/b" is not a valid tag name/);
        assert.match(tagsRule({ team: "x".repeat(257) }) ?? "", /the value of tag "team" is too long/);
        const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`tag${index}`, ""]));
        assert.match(tagsRule(many) ?? "", /51 tags are too many/);
    });
});

describe("local.settings.json", () => {
    it("runs the code on this machine against the service, with this machine's storage", () => {
        const text = localSettingsJson({
            runtime: "node",
            connection: { Chat__endpoint: "https://chat" },
            appSettings: { Greeting: "hi" },
        });
        assert.deepEqual(JSON.parse(text), {
            IsEncrypted: false,
            Values: {
                FUNCTIONS_WORKER_RUNTIME: "node",
                AzureWebJobsStorage: "UseDevelopmentStorage=true",
                Chat__endpoint: "https://chat",
                Greeting: "hi",
            },
        });
    });
});
