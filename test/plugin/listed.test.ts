import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endRunning, listRunning, registryFolder } from "../../local/running";
import { createPluginBench, gone, type PluginBench } from "../support/pluginProcess";
import { repositoryRoot } from "../support/registeredFunctions";

describe("the local Azure that the CLI uses", function () {
    this.timeout(60_000);
    let home: string;
    let bench: PluginBench;
    beforeEach(async () => {
        home = mkdtempSync(join(tmpdir(), "plugin-home-"));
        bench = await createPluginBench("listed");
    });
    afterEach(async () => {
        await bench.close();
        rmSync(home, { recursive: true, force: true });
    });

    it("is among the stacks that run, and ends with them", async () => {
        const env = { AZURE_REALTIME_HOME: home };
        const provider = await bench.start("azure-native", env);
        await provider.configure(bench.urn("pulumi:providers:azure-native", "default"));
        await provider.end();
        const pid = bench.serverPid()!;
        const { project, stack, folder } = bench;
        const registry = registryFolder(env);
        const entry = { pid, project, stack, projectDir: repositoryRoot, folder };
        assert.deepEqual(listRunning(registry), [entry]);
        await endRunning(entry);
        await gone(pid);
        assert.deepEqual(listRunning(registry), []);
    });
});
