import assert from "node:assert/strict";
import { backends, codePaths, kinds } from "../../support/backend";
import { plain, runProgram } from "../../support/pulumi";

const lockType = "azure-native:authorization:ManagementLockByScope";

for (const { Backend, extension } of backends) {
    const isSignalR = extension === "signalr";
    const make = (args: object) => new Backend("chat", { codePath: codePaths[extension], ...args } as never);
    const run = (args: object, options = {}) => runProgram(() => make(args), options);
    const added = async (args: object) => {
        const [given, usual] = [kinds(await run(args)), kinds(await run({}))];
        return {
            more: given.filter((one) => !usual.includes(one)).sort(),
            less: usual.filter((one) => !given.includes(one)),
        };
    };

    describe(`${Backend.name} with protection`, () => {
        const data = [
            isSignalR ? "SignalR chat-service" : "WebPubSub chat-service",
            "StorageAccount chat-app",
            "StorageAccount chat-code",
            "Vault chat-keys",
        ].sort();

        it("locks what holds data, last of all, and nothing without lockData", async () => {
            assert.deepEqual(await added({ lockData: true }), {
                more: ["packages", "service", "storage", "vault"].map(
                    (part) => `ManagementLockByScope chat-${part}-lock`,
                ),
                less: [],
            });
            const made = await run({ lockData: true });
            const locks = made.resources.filter(({ type }) => type === lockType);
            const inside = made.resources.filter(({ custom, type }) => custom && type !== lockType);
            for (const lock of locks) {
                assert.equal(plain(lock, "level"), "CanNotDelete");
                const early = inside
                    .filter((one) => !made.comesAfter(lock, one))
                    .map(({ type, name }) => `${type} ${name}`);
                assert.deepEqual(early, [], lock.name);
            }
        });

        it("lets Pulumi protect the same resources and no others", async () => {
            const of = async (args: object) =>
                (await run(args)).resources
                    .filter(({ protect }) => protect)
                    .map(({ type, name }) => `${type.split(":").at(-1)} ${name}`);
            assert.deepEqual((await of({ protectData: true })).sort(), data);
            assert.deepEqual(await of({}), []);
        });
    });
}
