import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { FunctionApp, type ServiceConnection } from "../../../components";
import { hubBackends, runSignalR, settingsOf, settingsType } from "../../support/backend";
import { failureOf, known, plain, runProgram } from "../../support/pulumi";

interface Case {
    component: string;
    setting: string;
    /** The settings of the app, and its local settings, of a backend with these hubs. */
    run(hubs?: string[], appSettings?: Record<string, string>): Promise<Record<string, string>[]>;
}

const cases: Case[] = [
    ...hubBackends.map(
        ({ component, hubSetting, run }): Case => ({
            component,
            setting: hubSetting,
            run: async (hubs, appSettings) => {
                const made = await run({ hubs: hubs?.map((name) => ({ name })), appSettings });
                return [settingsOf(made), JSON.parse(await known(made.result.localSettings)).Values];
            },
        }),
    ),
    {
        component: "SignalRBackend",
        setting: "AzureSignalRHub",
        run: async (hubNames, appSettings) => {
            const made = await runSignalR({ hubNames, appSettings });
            return [settingsOf(made), JSON.parse(await known(made.result.localSettings)).Values];
        },
    },
];

const hubsIn = (settings: Record<string, string>, setting: string) =>
    Object.fromEntries(Object.entries(settings).filter(([name]) => name.startsWith(setting)));

for (const { component, setting, run } of cases) {
    describe(`the hubs of a ${component}`, () => {
        it("are in the app's settings, on Azure and on the developer's machine", async () => {
            for (const [hubs, expected] of [
                [undefined, { [setting]: "hub" }],
                [["chat"], { [setting]: "chat" }],
                [
                    ["Lobby", "games_2"],
                    { [setting]: "Lobby", [`${setting}_Lobby`]: "Lobby", [`${setting}_games_2`]: "games_2" },
                ],
            ] as const) {
                const all = await run(hubs && [...hubs]);
                assert.deepEqual(
                    all.map((settings) => hubsIn(settings, setting)),
                    [expected, expected],
                );
            }
        });

        it("cannot be named by a setting of the caller's", async () => {
            for (const name of [setting, setting.toLowerCase(), `${setting}_other`]) {
                const { message } = await failureOf(() => run(undefined, { [name]: "mine" }));
                assert.match(
                    message,
                    new RegExp(`appSettings: ${name} belongs to the hubs, whose names it holds\\. Remove or`),
                );
            }
            assert.equal((await run(undefined, { [`${setting}s`]: "mine" }))[0]?.[`${setting}s`], "mine");
        });
    });
}

describe("the hubs of a SignalRBackend", () => {
    it("are an output", async () => {
        const { result } = await runSignalR({ hubNames: ["lobby", "games"] });
        assert.deepEqual(await known(result.hubNames), ["lobby", "games"]);
    });

    for (const [hubNames, words] of [
        [[], /hubNames: it must list a name or more/],
        [["1st"], /hubNames\[0\]: "1st" is not a valid name\. Allowed: /],
        [["chat", "Chat"], /hubNames\[1\]: "Chat" differs from "chat" in letter case at most/],
        ["chat", /hubNames: it is text\. Allowed: a list/],
    ] as const) {
        it(`cannot be ${JSON.stringify(hubNames)}`, async () => {
            const { message } = await failureOf(() => runSignalR({ hubNames: hubNames as unknown as string[] }));
            assert.match(message, words);
        });
    }
});

describe("the hubs of a FunctionApp's connection", () => {
    const make = (connection: Partial<ServiceConnection>, appSettings?: Record<string, string>) =>
        new FunctionApp("app", {
            resourceGroupName: "group",
            appSettings,
            connections: [
                {
                    service: "webpubsub",
                    serviceId:
                        "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/g/providers/Microsoft.SignalRService/webPubSub/s",
                    endpoint: "https://s.webpubsub.azure.com",
                    ...connection,
                },
            ],
        });

    it("may be the output of a WebPubSubHub", async () => {
        const made = await runProgram(() => make({ hubNames: [pulumi.output("chat")] }));
        assert.equal((plain(made.find(settingsType), "properties") as Record<string, string>).WebPubSubHub, "chat");
    });

    it("are checked", async () => {
        const { message } = await failureOf(() => runProgram(() => make({ hubNames: ["a b"] })));
        assert.match(message, /connections\[0\]\.hubNames: "a b" is not a valid name/);
    });

    it("leave the setting to the caller where they are not given", async () => {
        const made = await runProgram(() => make({}, { WebPubSubHub: "mine" }));
        assert.equal((plain(made.find(settingsType), "properties") as Record<string, string>).WebPubSubHub, "mine");
        const { message } = await failureOf(() =>
            runProgram(() => make({ hubNames: ["chat"] }, { WebPubSubHub: "mine" })),
        );
        assert.match(message, /WebPubSubHub belongs to the hubs/);
    });
});
