import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createProject, type Project } from "../faults/project";
import { buildPackage } from "../support/build";
import { requireNoSecrets, secretsOf } from "../support/secrets";

const root = resolve(__dirname, "../..");
const cli = join(root, "dist/cli/azure-realtime.js");

interface Called {
    code: number | null;
    output: string;
}

describe("the commands beside a running stack", function () {
    this.timeout(300_000);
    let project: Project;
    let state: string;
    let started: ReturnType<typeof spawn>;
    let printed = "";

    /** Keeps the list of running stacks apart from that of the user. */
    const ownEnv = () => ({ ...process.env, AZURE_REALTIME_HOME: join(project.projectDir, "home") });

    /** Runs a command to its end, with everything that it prints. */
    async function call(args: string[], env: Record<string, string> = {}): Promise<Called> {
        const child = spawn(process.execPath, [cli, ...args], {
            cwd: project.projectDir,
            env: { ...ownEnv(), ...env },
        });
        let output = "";
        for (const stream of [child.stdout, child.stderr]) {
            stream.on("data", (data) => {
                output += data;
            });
        }
        const [code] = (await once(child, "close")) as [number | null];
        return { code, output };
    }
    const secretKey = (name: string) =>
        JSON.parse(readFileSync(join(project.folder, "vaults", vaultFile()), "utf8")).secrets.find(
            (secret: { name: string }) => secret.name === name,
        ).versions[0].value as string;
    const vaultFile = () => project.kept("vaults").find((name) => name.endsWith(".json"))!;

    before(async () => {
        buildPackage();
        project = createProject();
        started = spawn(process.execPath, [cli, "start", "--no-watch", "--verbose", "-C", project.projectDir], {
            cwd: root,
            env: ownEnv(),
        });
        await new Promise<void>((serves, fails) => {
            for (const stream of [started.stdout, started.stderr]) {
                stream?.on("data", (data) => {
                    printed += data;
                    if (printed.includes("Serving until Ctrl-C.")) {
                        serves();
                    }
                });
            }
            started.once("exit", () => fails(new Error(printed)));
        });
        state = join(project.folder, "state.json");
    });
    after(async () => {
        if (started.exitCode === null) {
            started.kill("SIGINT");
            await once(started, "exit");
        }
        project.remove();
    });

    const silent: [what: string, args: () => string[], codes: number[], env?: () => Record<string, string>][] = [
        ["verify", () => ["verify", state, "--timeout", "10"], [0, 1]],
        [
            "verify with the keys of the run",
            () => ["verify", state, "--json", "--webhook-key-env", "WEBHOOK", "--master-key-env", "MASTER"],
            [0, 1],
            () => ({
                WEBHOOK: secretKey("host--systemKey--socketio-095extension"),
                MASTER: secretKey("host--masterKey--master"),
            }),
        ],
        [
            "verify at an address with the key of the run, where nobody answers",
            () => ["verify", state, "--negotiate-url-env", "URL", "--timeout", "1"],
            [1],
            () => ({ URL: `http://127.0.0.1:1/api/negotiate?code=${secretKey("host--masterKey--master")}` }),
        ],
        ["verify of another component", () => ["verify", state, "--component", "none"], [2]],
        ["verify of a cut state", () => ["verify", cutState()], [2]],
        ["list", () => ["list"], [0]],
        ["recover", () => ["recover", state], [0, 2]],
        ["local-settings", () => ["local-settings", state, "-o", join(project.projectDir, "settings.json")], [0]],
        ["local-settings over a file", () => ["local-settings", state, "-o", state], [2]],
        ["preview", () => ["preview", "-C", project.projectDir], [0]],
        ["a second start", () => ["start", "-C", project.projectDir], [1]],
        ["down of a running stack", () => ["down", "-C", project.projectDir], [1]],
        ["keys of a stack that does not run", () => ["keys", "-C", project.projectDir, "--stack", "other"], [1]],
    ];

    function cutState(): string {
        const path = join(project.projectDir, "cut.json");
        const text = readFileSync(state, "utf8");
        writeFileSync(path, text.slice(0, text.length / 2));
        return path;
    }

    for (const [what, args, codes, env] of silent) {
        it(`print no secret of the run: ${what}`, async () => {
            const { code, output } = await call(args(), env?.());
            assert.ok(codes.includes(code ?? -1), `exit code ${code}: ${output}`);
            assert.notEqual(output.trim(), "");
            requireNoSecrets({ folder: project.folder, output });
        });
    }

    it("print the keys where they are asked for, and only those of the host", async () => {
        const { code, output } = await call(["keys", "-C", project.projectDir]);
        assert.equal(code, 0, output);
        const master = secretKey("host--masterKey--master");
        assert.ok(output.includes(master));
        const hostKeys = /^ {2}(?:master|function \S+|system \S+) +(\S+) /gm;
        const rest = [...output.matchAll(hostKeys)].reduce((text, [, key]) => text.replaceAll(key!, ""), output);
        requireNoSecrets({ folder: project.folder, output: rest });
    });

    it("print no secret at the end either, nor does the start itself, and the state's files are this user's alone", async () => {
        started.kill("SIGINT");
        await once(started, "exit");
        requireNoSecrets({ folder: project.folder, output: printed });
        assert.ok(secretsOf(project.folder).length > 3);
        const { code, output } = await call(["keys", "-C", project.projectDir]);
        assert.equal(code, 1);
        requireNoSecrets({ folder: project.folder, output });
        rmSync(join(project.projectDir, "settings.json"));
        assert.equal(existsSync(join(project.folder, "keys.json")), false);
    });
});
