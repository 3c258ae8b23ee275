import assert from "node:assert/strict";
import { functionsHostVariable, readContact, wantedFunctionsHost } from "../../local/plugin/contact";
import { createPluginBench, type PluginBench } from "../support/pluginProcess";

describe("the host of function apps that a command asks for", function () {
    this.timeout(60_000);
    let bench: PluginBench;
    before(async () => {
        bench = await createPluginBench("functions-host");
    });
    after(() => bench.close());

    /** Connects a provider to the local Azure of the stack, as `azure-realtime with` makes the CLI do. */
    async function connect(functionsHost?: string): Promise<string | undefined> {
        const provider = await bench.start("azure-native", { [functionsHostVariable]: functionsHost });
        try {
            await provider.configure(bench.urn("pulumi:providers:azure-native", "default"));
            return readContact(bench.folder)?.functionsHost;
        } finally {
            await provider.end();
        }
    }

    it("is that of the local Azure that the command starts, and of every command that asks for none", async () => {
        assert.equal(await connect("func"), "func");
        const pid = bench.serverPid();
        assert.equal(await connect(), "func");
        assert.equal(await connect("func"), "func");
        assert.equal(bench.serverPid(), pid);
    });

    it("is refused in one line where the local Azure runs with another one", () =>
        assert.rejects(connect("auto"), (error: { details: string }) => {
            const pid = bench.serverPid();
            assert.equal(
                error.details,
                `--functions-host is auto, and the local Azure of stack "functions-host" runs in process ${pid} with func. ` +
                    `End it with kill ${pid}, and run the command again.`,
            );
            return true;
        }));

    it("is one of two in the environment", () => {
        assert.equal(wantedFunctionsHost({}), undefined);
        assert.equal(wantedFunctionsHost({ [functionsHostVariable]: "auto" }), "auto");
        assert.throws(
            () => wantedFunctionsHost({ [functionsHostVariable]: "node" }),
            /^Error: AZURE_REALTIME_FUNCTIONS_HOST is "node": it must be auto or func\.$/,
        );
    });
});
